package org.patchreel.impl.generator;

import java.io.IOException;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Stands between a model and the sinks: counts the frames, and refuses those that the model should not have made. */
final class CheckedFrames extends ForwardingFrameSink {

    private final VideoFormat format;
    private int count;

    CheckedFrames(VideoFormat format, FrameSink next) {
        super(next);
        this.format = format;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        frame.checkSize(format.size());
        if (count == format.frameCount()) {
            throw new IllegalArgumentException("the model made more than " + format.frameCount() + " frames");
        }
        next.accept(frame);
        count++;
    }

    int count() {
        return count;
    }
}
