package org.patchreel.impl.generator;

import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.LabelledFrames;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;
import org.patchreel.spi.Watermarker.MarkingSink;

/**
 * Marks the frames of one clip, draws the label and takes the fingerprint of what is encoded. The label is drawn over the mark: the
 * other way round either is weaker (docs/decisions/0016).
 */
final class MarkedFrames {

    private final WorkOrder order;
    private final @Nullable Watermarker watermarker;
    private final UnaryOperator<FrameSink> joining;
    private @Nullable MarkingSink mark;
    private @Nullable FingerprintingSink fingerprints;
    private @Nullable FingerprintingSink masterFingerprints;

    /**
     * Begins with a clip.
     *
     * @param order what is made
     * @param watermarker empty if the frames shall stay as they are
     * @param joining put between the marked frames and the clip: adds frames that stay as they are
     */
    MarkedFrames(WorkOrder order, Optional<Watermarker> watermarker, UnaryOperator<FrameSink> joining) {
        this.order = order;
        this.watermarker = watermarker.orElse(null);
        this.joining = joining;
    }

    /**
     * Puts marking in front of a chain of sinks. Called once.
     *
     * @param clip takes the marked frames with the label; closed with the returned sink
     * @param master takes them without it, and is closed likewise; empty if they are not kept
     * @return takes the frames
     */
    FrameSink into(FrameSink clip, Optional<FrameSink> master) {
        VideoFormat format = order.format();
        FingerprintingSink fingerprinted = new FingerprintingSink(format, clip);
        fingerprints = fingerprinted;
        FrameSink delivered = labelled(fingerprinted);
        masterFingerprints =
                master.map(sink -> new FingerprintingSink(format, sink)).orElse(null);
        FrameSink joined =
                joining.apply(masterFingerprints == null ? delivered : new BothSinks(masterFingerprints, delivered));
        if (watermarker == null) {
            return joined;
        }
        VideoFormat made = new VideoFormat(format.width(), format.height(), order.made(), format.frameRate());
        MarkingSink marked = watermarker.mark(made, joined);
        mark = marked;
        return marked;
    }

    private FrameSink labelled(FrameSink next) {
        if (order.label().isEmpty()) {
            return next;
        }
        LabelImage image =
                LabelImage.of(order.label().get().look(), order.format().size());
        return new LabelledFrames(image, LabelledSpans.of(order)::get, next);
    }

    /** {@return the mark in the frames, as a manifest names it; empty if there is none} */
    Optional<SoftBinding> softBinding() {
        return watermarker == null || mark == null
                ? Optional.empty()
                : Optional.of(
                        new SoftBinding(watermarker.algorithm(), HexFormat.of().formatHex(mark.id()), markedSpan()));
    }

    /** When the marked frames are shown, from the first to the last of them; empty if all are marked. */
    private Optional<SoftBinding.Span> markedSpan() {
        int made = order.made();
        VideoFormat format = order.format();
        if (made == format.frameCount()) {
            return Optional.empty();
        }
        if (order.interpolated().isPresent()) {
            int steps = order.interpolated().get().steps();
            return Optional.of(new SoftBinding.Span(millis(format, 1), millis(format, steps - 1)));
        }
        int first = order.continued().stream()
                .filter(clip -> clip.side() == Side.AFTER && clip.shown())
                .mapToInt(WorkSource.Continued::length)
                .sum();
        return Optional.of(new SoftBinding.Span(millis(format, first), millis(format, first + made)));
    }

    private static long millis(VideoFormat format, int frames) {
        return Math.round(1000 * format.frameRate().seconds(frames));
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

    /** {@return the fingerprint of the frames without the label; empty if they are not kept} */
    Optional<Fingerprint> masterFingerprint() {
        return Optional.ofNullable(masterFingerprints).map(FingerprintingSink::fingerprint);
    }
}
