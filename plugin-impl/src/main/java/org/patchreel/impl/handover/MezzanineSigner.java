package org.patchreel.impl.handover;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.impl.c2pa.EmbeddedManifest;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.c2pa.ManifestDescription.Relationship;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.verify.ManifestStore;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Signs mezzanines, with the clip as their parent, and lets the manifest store know them. Their watermark is the clip's: it
 * survives a transcoding of this quality, and the manifest names it.
 */
final class MezzanineSigner {
    private static final String GENERATOR = "Patchreel";

    private final ManifestEmbedder embedder;
    private final ClaimSigner signer;
    private final ManifestStore manifests;
    private final String watermarkAlgorithm;
    private final String version;
    private final InstantSource clock;

    /**
     * What was signed, not yet recorded.
     *
     * @param manifest for the result
     * @param record for the store
     */
    record Signed(SignedManifest manifest, StoredManifest record) {}

    MezzanineSigner(
            ManifestEmbedder embedder,
            ClaimSigner signer,
            ManifestStore manifests,
            String watermarkAlgorithm,
            String version,
            InstantSource clock) {
        this.embedder = embedder;
        this.signer = signer;
        this.manifests = manifests;
        this.watermarkAlgorithm = watermarkAlgorithm;
        this.version = version;
        this.clock = clock;
    }

    /** Finds out before the work whether there is a key that may be used. */
    void checkCredential() throws IOException {
        credential();
    }

    private ClaimSigner.Credential credential() throws IOException {
        try {
            return signer.credential();
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
        Instant now = clock.instant();
        Optional<String> watermark = clip.provenance().watermarkId();
        ManifestDescription description = new ManifestDescription(
                clip.title().orElse(String.valueOf(movie.getFileName())),
                now,
                GENERATOR,
                version,
                clip.model().name(),
                watermark.map(id -> new ManifestDescription.SoftBinding(watermarkAlgorithm, id)),
                Duration.ofNanos(Math.round(clip.format().seconds() * 1e9)),
                poster,
                List.of(new Ingredient(
                        clip.title().orElse(clip.id() + ".mp4"), "video/mp4", file, Relationship.PARENT_OF)));
        EmbeddedManifest embedded;
        try {
            embedded = embedder.embed(movie, description, credential());
        } catch (GeneralSecurityException e) {
            throw new IOException("the mezzanine of asset " + clip.id() + " cannot be signed: " + e.getMessage(), e);
        }
        return new Signed(
                new SignedManifest(
                        embedded.label(),
                        embedded.signer(),
                        embedded.timestamp() instanceof EmbeddedManifest.Timestamped),
                new StoredManifest(
                        StoredManifest.furtherId(clip.id(), embedded.label()),
                        watermark.map(HexFormat.of()::parseHex).orElseGet(() -> new byte[0]),
                        embedded.label(),
                        embedded.store(),
                        fingerprint(clip, file),
                        now));
    }

    /** The pictures are the clip's. */
    private Fingerprint fingerprint(AssetMetadata clip, Path file) throws IOException {
        Optional<StoredManifest> known = manifests.find(clip.id());
        return known.isPresent() ? known.get().fingerprint() : computed(clip, file);
    }

    private static Fingerprint computed(AssetMetadata clip, Path file) throws IOException {
        FingerprintingSink sink = new FingerprintingSink(clip.format(), new Nowhere());
        try (sink;
                ClipReader reader = ClipReader.open(file)) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                sink.accept(frame.get());
            }
        }
        return sink.fingerprint();
    }

    /** The end of a chain that is run for what its sinks learn. */
    private static final class Nowhere implements FrameSink {
        @Override
        public void accept(VideoFrame frame) {
            // not needed
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /**
     * Records what was signed.
     *
     * @throws IOException if the manifest store cannot be written
     */
    void record(Signed signed) throws IOException {
        manifests.put(signed.record());
    }

    /**
     * Takes a record back.
     *
     * @throws IOException if the manifest store cannot be written
     */
    void forget(Signed signed) throws IOException {
        manifests.remove(signed.record().recordId());
    }
}
