package org.patchreel.impl.generator;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Stands between a model and the sinks: counts the frames, and remembers a sink's failure, which a model may hand on in
 * words of its own.
 */
final class CheckedFrames implements FrameSink {

    private final VideoFormat format;
    private final FrameSink next;
    private int count;
    private @Nullable IOException failure;

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
        try {
            next.accept(frame);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        count++;
    }

    int count() {
        return count;
    }

    /** {@return why a sink could not take a frame, if one could not} */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
