package org.patchreel.impl.generator;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/** Puts the frames of continued clips ahead of those that come and behind them. */
final class JoinedFrames extends ForwardingFrameSink {

    /** Opens a clip when its turn comes. */
    interface Clip {
        FrameSource open() throws IOException;
    }

    private final Optional<Clip> before;
    private final Optional<Clip> after;
    private final int count;
    private final BooleanSupplier cancelled;
    private int come;
    private boolean failed;
    private boolean closed;

    /**
     * Creates one.
     *
     * @param before stands ahead
     * @param after stands behind
     * @param count of the frames that will come
     * @param cancelled ends the copying
     * @param next takes all frames; closed with this sink
     */
    JoinedFrames(Optional<Clip> before, Optional<Clip> after, int count, BooleanSupplier cancelled, FrameSink next) {
        super(next);
        this.before = before;
        this.after = after;
        this.count = count;
        this.cancelled = cancelled;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        failed = true; // until this frame is through
        if (come++ == 0) {
            copy(before);
        }
        next.accept(frame);
        failed = false;
    }

    private void copy(Optional<Clip> clip) throws IOException {
        if (clip.isEmpty()) {
            return;
        }
        try (FrameSource frames = clip.get().open()) {
            Optional<VideoFrame> frame = frames.next();
            while (frame.isPresent()) {
                if (cancelled.getAsBoolean()) {
                    throw new IOException("cancelled");
                }
                next.accept(frame.get());
                frame = frames.next();
            }
        }
    }

    /** Completes the clip if all frames have come. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (next) {
            if (!failed && come == count) {
                copy(after);
            }
        }
    }
}
