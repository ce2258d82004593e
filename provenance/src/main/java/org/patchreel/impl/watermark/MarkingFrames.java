package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.Watermarker.MarkingSink;

/**
 * Marks the frames that pass. It keeps a window of up to a second, and of no more than {@value #WINDOW_BYTES} bytes, to
 * choose the strength from; memory does not grow with the clip.
 */
public final class MarkingFrames extends ForwardingFrameSink implements MarkingSink {
    private static final long WINDOW_BYTES = 96L << 20;

    private final MarkId id;
    private final VideoFormat format;
    private final FrameMarker marker;
    private final StrengthControl strength;
    private final int windowFrames;

    /**
     * Frames of a window. The buffers are used again by the next one: what lives for a second is old to a garbage collector, and
     * would be collected seldom.
     */
    private final List<byte[]> window = new ArrayList<>();

    private final List<FrameMarker.Prepared> prepared = new ArrayList<>();
    private int filled;
    private double strengths;
    private int frames;
    private boolean failed;
    private boolean closed;

    MarkingFrames(MarkId id, WatermarkKey key, VideoFormat format, FrameSink next) {
        super(next);
        this.id = id;
        this.format = format;
        marker = new FrameMarker(format.size(), key.tile(id));
        strength = new StrengthControl(new StrengthProbe(key, id, marker.grid));
        long fitting = WINDOW_BYTES / (3L * format.width() * format.height());
        int most = (int) Math.max(1, Math.min(format.frameRate().nominal(), fitting));
        int windows = (format.frameCount() + most - 1) / most;
        windowFrames = (format.frameCount() + windows - 1) / windows; // of equal length: no short last one
    }

    @Override
    public byte[] id() {
        return id.bytes();
    }

    /**
     * Takes a frame; marks those of a window when it is full.
     *
     * @throws IllegalArgumentException if the frame has not the format's size
     */
    @Override
    public void accept(VideoFrame frame) throws IOException {
        failed = true; // until this frame is through
        frame.checkSize(format.size());
        if (filled == window.size()) {
            window.add(new byte[frame.rgb().remaining()]);
            prepared.add(marker.new Prepared());
        }
        byte[] rgb = window.get(filled);
        frame.rgb().get(frame.rgb().position(), rgb);
        prepared.get(filled).prepare(rgb);
        filled++;
        if (filled == windowFrames) {
            flush();
        }
        failed = false;
    }

    private void flush() throws IOException {
        if (filled == 0) {
            return;
        }
        strength.begin(prepared.subList(0, filled));
        for (int i = 0; i < filled; i++) {
            byte[] rgb = window.get(i);
            double applied = marker.mark(rgb, prepared.get(i), strength.next(prepared.get(i)));
            strengths += applied;
            frames++;
            next.accept(new VideoFrame(format.width(), format.height(), ByteBuffer.wrap(rgb)));
        }
        filled = 0;
    }

    /** {@return the mean strength of the frames so far, α; for measurements} */
    public double meanStrength() {
        return frames == 0 ? 0 : strengths / frames;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (next) {
            if (!failed) {
                flush();
            }
        }
    }
}
