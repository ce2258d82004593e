package org.patchreel.impl.export;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.c2pa.ManifestDescription.Transcoded;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.provenance.ClipSigner.Signed;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Signs mezzanines, and JPEG copies of stills, with the clip or the still as their parent, and lets the manifest repository know
 * them. Their watermark is the original's: it survives a transcoding of this quality, and the manifest names it.
 */
final class MezzanineSigner {

    private final ClipSigner signer;
    private final String watermarkAlgorithm;
    private final InstantSource clock;

    MezzanineSigner(ClipSigner signer, String watermarkAlgorithm, InstantSource clock) {
        this.signer = signer;
        this.watermarkAlgorithm = watermarkAlgorithm;
        this.clock = clock;
    }

    /** Finds out before the work whether there is a key that may be used. */
    void checkCredential() throws IOException {
        try {
            signer.checkCredential();
        } catch (GeneralSecurityException e) {
            throw new IOException("no mezzanine can be signed: " + e.getMessage(), e);
        }
    }

    /**
     * Signs a mezzanine.
     *
     * @param movie the mezzanine, which is replaced
     * @param clip what is known of the clip
     * @param file the clip
     * @param poster a JPEG file, if there is one
     * @throws IOException if it cannot be signed
     */
    Signed sign(Path movie, AssetMetadata clip, Path file, Optional<Path> poster) throws IOException {
        return sign(movie, clip, file, poster, fingerprint(clip, file));
    }

    /**
     * Signs a mezzanine of a clip without its label: other pictures than the clip's, of which the poster is one.
     *
     * @param movie the mezzanine, which is replaced
     * @param clip what is known of the clip
     * @param file the clip without its label
     * @throws IOException if it cannot be signed
     */
    Signed signMaster(Path movie, AssetMetadata clip, Path file) throws IOException {
        return sign(movie, clip, file, Optional.empty(), computed(clip, file));
    }

    private Signed sign(Path movie, AssetMetadata clip, Path file, Optional<Path> poster, Fingerprint fingerprint)
            throws IOException {
        Ingredient parent = new Ingredient(
                clip.title().orElse(name(clip)), clip.kind().file().mediaType(), file, Relationship.PARENT_OF);
        try {
            return signer.sign(new ClipSigner.Unsigned(
                    movie,
                    clip,
                    title(movie, clip),
                    clock.instant(),
                    clip.provenance().watermarkId().map(id -> new SoftBinding(watermarkAlgorithm, id)),
                    poster,
                    fingerprint,
                    List.of(parent),
                    new Transcoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("the mezzanine of asset " + clip.id() + " cannot be signed: " + e.getMessage(), e);
        }
    }

    private static String name(AssetMetadata clip) {
        return clip.id() + extension(clip.kind().file().fileName());
    }

    /** The asset's ID: a copy is written under another name than it gets. */
    private static String title(Path copy, AssetMetadata clip) {
        return clip.id() + extension(String.valueOf(copy.getFileName()));
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.'));
    }

    /** The pictures are the clip's. */
    private Fingerprint fingerprint(AssetMetadata clip, Path file) throws IOException {
        Optional<Fingerprint> known = signer.fingerprint(clip.id());
        return known.isPresent() ? known.get() : computed(clip, file);
    }

    private static Fingerprint computed(AssetMetadata clip, Path file) throws IOException {
        FingerprintingSink sink = new FingerprintingSink(clip.format(), FrameSink.discarding());
        try (sink;
                ClipReader reader = ClipReader.open(file)) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                sink.accept(frame.get());
            }
        }
        return sink.fingerprint();
    }

    /**
     * Records what was signed.
     *
     * @throws IOException if the manifest repository cannot be written
     */
    void record(Signed signed) throws IOException {
        signer.record(signed);
    }

    /**
     * Takes a record back.
     *
     * @throws IOException if the manifest repository cannot be written
     */
    void forget(Signed signed) throws IOException {
        signer.forget(signed);
    }
}
