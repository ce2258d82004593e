package org.patchreel.impl.generator;

import java.io.IOException;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Stands between a model and the sinks: counts the frames, and refuses those that the model should not have made. */
final class CheckedFrames implements FrameSink {

    private final VideoFormat format;
    private final FrameSink next;
    private int count;

    CheckedFrames(VideoFormat format, FrameSink next) {
        this.format = format;
        this.next = next;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        if (frame.width() != format.width() || frame.height() != format.height()) {
            throw new IllegalArgumentException("the model made a frame of " + frame.width() + "x" + frame.height()
                    + " instead of " + format.size());
        }
        if (count == format.frameCount()) {
            throw new IllegalArgumentException("the model made more than " + format.frameCount() + " frames");
        }
        next.accept(frame);
        count++;
    }

    int count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
