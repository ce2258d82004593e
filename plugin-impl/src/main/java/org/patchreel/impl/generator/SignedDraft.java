package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
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
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;
import org.patchreel.spi.Watermarker.MarkingSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One clip on its way: its frames are marked and fingerprinted, its file is signed and recorded. */
final class SignedDraft implements ClipProvenance.Draft {

    private static final Logger log = LoggerFactory.getLogger(SignedDraft.class);

    /** Finds who signs at the time of the call: keys are rotated and services replaced while a clip is made. */
    interface Signers {

        /**
         * Finds the signer of now.
         *
         * @throws GenerationException naming the service that is not there
         */
        ClipSigner now() throws GenerationException;
    }

    /** What is taken back if the clip is not stored. */
    private record Recorded(ClipSigner signer, ClipSigner.Signed signed) {}

    private final VideoFormat format;
    private final @Nullable Watermarker watermarker;
    private final @Nullable Signers signers;
    private @Nullable MarkingSink mark;
    private @Nullable FingerprintingSink fingerprints;
    private @Nullable Recorded recorded;

    private SignedDraft(VideoFormat format, @Nullable Watermarker watermarker, @Nullable Signers signers) {
        this.format = format;
        this.watermarker = watermarker;
        this.signers = signers;
    }

    /**
     * Begins with a clip.
     *
     * @param watermarker null if marking is off
     * @param signers null if signing is off; asked now, to find out whether the clip could be signed, and when it is signed
     * @throws GenerationException if no credential may be used now
     */
    static SignedDraft begin(VideoFormat format, @Nullable Watermarker watermarker, @Nullable Signers signers)
            throws GenerationException {
        if (signers != null) {
            check(signers.now());
        }
        return new SignedDraft(format, watermarker, signers);
    }

    private static void check(ClipSigner signer) throws GenerationException {
        try {
            signer.checkCredential();
        } catch (GeneralSecurityException e) {
            throw new GenerationException(Reason.PROVENANCE, "no clip can be signed: " + e.getMessage(), e);
        }
    }

    @Override
    public FrameSink mark(FrameSink next) {
        FrameSink sink = next;
        if (signers != null) {
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
        Optional<String> id = Optional.ofNullable(mark).map(MarkingSink::id).map(HexFormat.of()::formatHex);
        Optional<SignedManifest> manifest = Optional.empty();
        if (signers != null) {
            ClipSigner signer = signers.now();
            ClipSigner.Signed signed = sign(signer, directory, made, id);
            record(signer, signed);
            manifest = Optional.of(signed.manifest());
        }
        return new Provenance(id, manifest);
    }

    private ClipSigner.Signed sign(ClipSigner with, Path directory, AssetMetadata made, Optional<String> id)
            throws GenerationException {
        try {
            return with.sign(new ClipSigner.Unsigned(
                    directory.resolve(AssetFile.CLIP.fileName()),
                    made,
                    made.id() + ".mp4",
                    made.created(),
                    id.map(mark ->
                            new SoftBinding(Objects.requireNonNull(watermarker).algorithm(), mark)),
                    Optional.of(directory.resolve(AssetFile.POSTER.fileName())),
                    Objects.requireNonNull(fingerprints).fingerprint(),
                    Optional.empty()));
        } catch (IOException | GeneralSecurityException e) {
            throw new GenerationException(Reason.PROVENANCE, "the clip cannot be signed: " + e.getMessage(), e);
        }
    }

    private void record(ClipSigner with, ClipSigner.Signed signed) throws GenerationException {
        try {
            with.record(signed);
            recorded = new Recorded(with, signed);
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
        if (recorded == null) {
            return;
        }
        try {
            recorded.signer().forget(recorded.signed());
        } catch (IOException e) {
            // Harmless: the record leads to a clip that does not exist.
            log.warn(
                    "The record of the discarded clip {} stays: {}",
                    recorded.signed().record().recordId(),
                    e.getMessage());
        }
    }
}
