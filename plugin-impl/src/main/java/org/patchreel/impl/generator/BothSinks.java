package org.patchreel.impl.generator;

import java.io.IOException;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Hands each frame to two sinks. */
final class BothSinks extends ForwardingFrameSink {

    private final FrameSink first;

    /**
     * Creates the sink.
     *
     * @param first gets each frame before the other; closed with this sink
     * @param second closed with this sink, also if the first one cannot be closed
     */
    BothSinks(FrameSink first, FrameSink second) {
        super(second);
        this.first = first;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        first.accept(frame);
        next.accept(frame);
    }

    @Override
    public void close() throws IOException {
        try (next) {
            first.close();
        }
    }
}
