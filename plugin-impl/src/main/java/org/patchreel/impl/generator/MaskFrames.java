package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/** Frames of a mask: those of a file, if there is one, and white where the clip leaves the frame empty. Used by one thread. */
final class MaskFrames implements FrameSource {

    private final Optional<FrameSource> given;
    private final Optional<Borders> borders;
    private final FrameSize size;
    private final ByteBuffer frame;
    private int left;

    /**
     * Creates one.
     *
     * @param given of the size; closed with this one; black if empty
     * @param borders of a frame of the size
     * @param size of the frames
     * @param count of the frames
     */
    MaskFrames(Optional<FrameSource> given, Optional<Borders> borders, FrameSize size, int count) {
        this.given = given;
        this.borders = borders;
        this.size = size;
        this.frame = ByteBuffer.allocate(3 * size.width() * size.height());
        this.left = count;
    }

    @Override
    public Optional<VideoFrame> next() throws IOException {
        if (left == 0) {
            return Optional.empty();
        }
        left--;
        if (given.isPresent()) {
            Optional<VideoFrame> next = given.get().next();
            if (next.isEmpty()) {
                return next;
            }
            frame.clear().put(next.get().rgb()).flip();
        }
        borders.ifPresent(around -> around.whiten(frame));
        return Optional.of(new VideoFrame(size.width(), size.height(), frame));
    }

    @Override
    public void close() throws IOException {
        if (given.isPresent()) {
            given.get().close();
        }
    }
}
