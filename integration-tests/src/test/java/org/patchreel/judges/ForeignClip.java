package org.patchreel.judges;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/** A clip that somebody else has signed. */
public final class ForeignClip {

    private ForeignClip() {}

    /**
     * Writes a clip that was made of {@code above.mp4}, which was made of {@code below.mp4}; all three are signed.
     *
     * @param file to write; the other two are written beside it
     */
    public static void write(Path file) throws Exception {
        CertificateAuthority authority = new CertificateAuthority("Foreign");
        Path below = signed(authority, file.resolveSibling("below.mp4"), List.of());
        Path above = signed(authority, file.resolveSibling("above.mp4"), List.of(below));
        signed(authority, file, List.of(above));
    }

    private static Path signed(CertificateAuthority authority, Path file, List<Path> ingredients) throws Exception {
        ManifestJudgesTest.clip(file);
        new ManifestEmbedder(new ManifestValidator(TrustList.read(List.of(), Set.of()), Clock.systemUTC()))
                .embed(
                        file,
                        ManifestJudgesTest.description(ingredients.stream()
                                .map(each -> new Ingredient(String.valueOf(each.getFileName()), "video/mp4", each))
                                .toList()),
                        authority.credential(SignatureAlgorithm.ES256));
        return file;
    }
}
