package org.patchreel.impl.generator;

import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;
import org.patchreel.spi.Watermarker.MarkingSink;

/** Marks the frames of one clip and takes the fingerprint of what is encoded. */
final class MarkedFrames {

    private final VideoFormat format;
    private final @Nullable Watermarker watermarker;
    private @Nullable MarkingSink mark;
    private @Nullable FingerprintingSink fingerprints;

    /**
     * Begins with a clip.
     *
     * @param format of the clip
     * @param watermarker empty if the frames shall stay as they are
     */
    MarkedFrames(VideoFormat format, Optional<Watermarker> watermarker) {
        this.format = format;
        this.watermarker = watermarker.orElse(null);
    }

    /**
     * Puts marking in front of a chain of sinks. Called once.
     *
     * @param next takes the marked frames; closed with the returned sink
     * @return takes the frames
     */
    FrameSink into(FrameSink next) {
        FingerprintingSink fingerprinted = new FingerprintingSink(format, next);
        fingerprints = fingerprinted;
        if (watermarker == null) {
            return fingerprinted;
        }
        MarkingSink marked = watermarker.mark(format, fingerprinted);
        mark = marked;
        return marked;
    }

    /** {@return the mark in the frames, as a manifest names it; empty if there is none} */
    Optional<SoftBinding> softBinding() {
        return watermarker == null || mark == null
                ? Optional.empty()
                : Optional.of(
                        new SoftBinding(watermarker.algorithm(), HexFormat.of().formatHex(mark.id())));
    }

    /**
     * The fingerprint of the frames that have come.
     *
     * @throws IllegalStateException if frames cannot have come yet
     */
    Fingerprint fingerprint() {
        if (fingerprints == null) {
            throw new IllegalStateException("no sink was opened");
        }
        return fingerprints.fingerprint();
    }
}
