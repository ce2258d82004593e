package org.patchreel.impl.media;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Brings frames to a size: scales each until it covers the size, keeping its aspect ratio, and cuts off what stands over,
 * the same on both sides. Nothing is distorted and nothing is left empty. Frames that have the size already pass
 * untouched.
 */
public final class FrameScaler extends ForwardingFrameSink {
    private final FrameSize output;
    private @Nullable CoverScaler scaler;
    private boolean closed;

    /**
     * Creates a scaler.
     *
     * @param output the size of the frames that are handed on
     * @param next takes them; closed with this sink
     */
    public FrameScaler(FrameSize output, FrameSink next) {
        super(next);
        this.output = output;
    }

    /**
     * Scales a frame and hands it on.
     *
     * @throws IllegalArgumentException if its size is another than that of the frames scaled before
     * @throws IllegalStateException after {@link #close()}
     */
    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (closed) {
            throw new IllegalStateException("the scaler to " + output + " is closed");
        }
        if (frame.width() == output.width() && frame.height() == output.height()) {
            next.accept(frame);
            return;
        }
        if (scaler == null) {
            scaler = new CoverScaler(new FrameSize(frame.width(), frame.height()), output);
        }
        next.accept(scaler.scale(frame));
    }

    /** Releases this sink and closes the next one. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (next) {
            if (scaler != null) {
                scaler.close();
            }
        }
    }
}
