package org.patchreel.impl.generator;

import java.io.IOException;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Leaves the first frames out. */
final class SkippedFrames extends ForwardingFrameSink {

    private int left;

    SkippedFrames(int count, FrameSink next) {
        super(next);
        this.left = count;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (left > 0) {
            left--;
        } else {
            next.accept(frame);
        }
    }
}
