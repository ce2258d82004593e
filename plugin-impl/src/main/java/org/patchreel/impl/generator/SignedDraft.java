package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.EmbeddedManifest;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.verify.ManifestStore;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;
import org.patchreel.spi.Watermarker.MarkingSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One clip on its way: its frames are marked and fingerprinted, its file is signed and recorded. */
final class SignedDraft implements ClipProvenance.Draft {

    private static final Logger log = LoggerFactory.getLogger(SignedDraft.class);

    private static final String GENERATOR = "Patchreel";

    /**
     * What signing takes.
     *
     * @param embedder writes the manifest
     * @param signer has the key
     * @param manifests keeps the record
     * @param version of Patchreel
     */
    record Signing(ManifestEmbedder embedder, ClaimSigner signer, ManifestStore manifests, String version) {}

    private final VideoFormat format;
    private final @Nullable Watermarker watermarker;
    private final @Nullable Signing signing;
    private @Nullable MarkingSink mark;
    private @Nullable FingerprintingSink fingerprints;
    private @Nullable String recorded;

    private SignedDraft(VideoFormat format, @Nullable Watermarker watermarker, @Nullable Signing signing) {
        this.format = format;
        this.watermarker = watermarker;
        this.signing = signing;
    }

    /**
     * Begins with a clip.
     *
     * @param watermarker null if marking is off
     * @param signing null if signing is off
     * @throws GenerationException if no credential may be used now
     */
    static SignedDraft begin(VideoFormat format, @Nullable Watermarker watermarker, @Nullable Signing signing)
            throws GenerationException {
        if (signing != null) {
            credential(signing);
        }
        return new SignedDraft(format, watermarker, signing);
    }

    @Override
    public FrameSink mark(FrameSink next) {
        FrameSink sink = next;
        if (signing != null) {
            fingerprints = new FingerprintingSink(format, sink);
            sink = fingerprints;
        }
        if (watermarker != null) {
            mark = watermarker.mark(format, sink);
            sink = mark;
        }
        return sink;
    }

    @Override
    public Provenance sign(Path directory, AssetMetadata made) throws GenerationException {
        Optional<byte[]> id = Optional.ofNullable(mark).map(MarkingSink::id);
        Optional<SignedManifest> manifest = Optional.empty();
        if (signing != null) {
            EmbeddedManifest embedded = embed(signing, directory, made, id);
            record(signing, made, embedded, id);
            manifest = Optional.of(new SignedManifest(
                    embedded.label(), embedded.signer(), embedded.timestamp() instanceof EmbeddedManifest.Timestamped));
        }
        return new Provenance(id.map(HexFormat.of()::formatHex), manifest);
    }

    private EmbeddedManifest embed(Signing with, Path directory, AssetMetadata made, Optional<byte[]> id)
            throws GenerationException {
        // The prompt is nobody's business but the editor's: it is not in the manifest, which everybody can read.
        ManifestDescription description = new ManifestDescription(
                made.title().orElse(made.id() + ".mp4"),
                made.created(),
                GENERATOR,
                with.version(),
                made.model().name(),
                id.map(bytes -> new ManifestDescription.SoftBinding(
                        Objects.requireNonNull(watermarker).algorithm(),
                        HexFormat.of().formatHex(bytes))),
                duration(),
                Optional.of(directory.resolve(AssetFile.POSTER.fileName())),
                List.of());
        try {
            return with.embedder().embed(directory.resolve(AssetFile.CLIP.fileName()), description, credential(with));
        } catch (IOException | GeneralSecurityException e) {
            throw new GenerationException(Reason.PROVENANCE, "the clip cannot be signed: " + e.getMessage(), e);
        }
    }

    private static ClaimSigner.Credential credential(Signing with) throws GenerationException {
        try {
            return with.signer().credential();
        } catch (GeneralSecurityException e) {
            throw new GenerationException(Reason.PROVENANCE, "no clip can be signed: " + e.getMessage(), e);
        }
    }

    private Duration duration() {
        return Duration.ofNanos(Math.round(format.seconds() * 1e9));
    }

    private void record(Signing with, AssetMetadata made, EmbeddedManifest embedded, Optional<byte[]> id)
            throws GenerationException {
        try {
            with.manifests()
                    .put(new StoredManifest(
                            made.id(),
                            id.orElseGet(() -> new byte[0]),
                            embedded.label(),
                            embedded.store(),
                            Objects.requireNonNull(fingerprints).fingerprint(),
                            made.created()));
            recorded = made.id();
        } catch (IOException e) {
            throw new GenerationException(
                    Reason.PROVENANCE, "the clip's manifest cannot be recorded: " + e.getMessage(), e);
        }
    }

    @Override
    public void keep() {
        recorded = null;
    }

    @Override
    public void close() {
        if (recorded == null || signing == null) {
            return;
        }
        try {
            signing.manifests().remove(recorded);
        } catch (IOException e) {
            // Harmless: the record leads to a clip that nobody has.
            log.warn("The record of the discarded clip {} stays: {}", recorded, e.getMessage());
        }
    }
}
