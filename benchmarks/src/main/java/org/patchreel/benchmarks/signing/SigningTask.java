package org.patchreel.benchmarks.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.signing.KeyStoreClaimSigner;

/** Signs or validates one clip with the product's own code, and prints the peak of its resident memory in KiB. */
public final class SigningTask {

    private SigningTask() {}

    /**
     * Does one of both.
     *
     * @param args {@code sign} or {@code validate}; the clip; for signing, the folder of the development certificate
     * @throws IOException if the clip cannot be signed or read
     * @throws GeneralSecurityException if there is no certificate
     */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        Path clip = Path.of(args[1]);
        ManifestValidator validator = new ManifestValidator(new TrustList(List.of()), Clock.systemUTC());
        if (args[0].equals("sign")) {
            new ManifestEmbedder(validator)
                    .embed(clip, description(), new KeyStoreClaimSigner(Path.of(args[2])).credential());
        } else {
            Manifest manifest = validator.validate(clip);
            if (manifest.state() != ManifestState.VALID) {
                throw new IllegalStateException(clip + ": " + manifest);
            }
        }
        System.out.println(Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .map(line -> line.replaceAll("\\D", ""))
                .orElseThrow());
    }

    private static ManifestDescription description() {
        return new ManifestDescription(
                "a large clip",
                Instant.now(),
                "Patchreel benchmarks",
                "1",
                "none",
                Optional.of(new ManifestDescription.SoftBinding("org.patchreel.benchmarks", "0123456789abcdef")),
                Duration.ofMinutes(10),
                Optional.empty(),
                List.of());
    }
}
