package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/**
 * The frames of a clip and, between each two of them, blends of both; after the last one, that one. It is what a model starts
 * from that makes the frames between. Used by one thread.
 */
final class BlendedFrames implements FrameSource {

    private final FrameSource clip;
    private final int factor;
    private final int count;
    private byte[] last = new byte[0];
    private byte[] next = new byte[0];
    private int given;
    private int width;
    private int height;

    /**
     * Creates one.
     *
     * @param clip its frames; closed with this source
     * @param factor frames of this source for each one of the clip
     * @param count of the frames of this source
     */
    BlendedFrames(FrameSource clip, int factor, int count) {
        this.clip = clip;
        this.factor = factor;
        this.count = count;
    }

    @Override
    public Optional<VideoFrame> next() throws IOException {
        if (given == count) {
            return Optional.empty();
        }
        int phase = given % factor;
        if (given == 0) {
            next = read(next);
        }
        if (phase == 0) {
            last = next;
            next = read(next);
        }
        given++;
        byte[] frame = new byte[last.length];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (((factor - phase) * (last[i] & 0xff) + phase * (next[i] & 0xff) + factor / 2) / factor);
        }
        return Optional.of(new VideoFrame(width, height, ByteBuffer.wrap(frame)));
    }

    private byte[] read(byte[] otherwise) throws IOException {
        Optional<VideoFrame> read = clip.next();
        if (read.isEmpty()) {
            return otherwise;
        }
        VideoFrame frame = read.get();
        width = frame.width();
        height = frame.height();
        byte[] copy = new byte[frame.rgb().remaining()];
        frame.rgb().get(copy);
        return copy;
    }

    @Override
    public void close() throws IOException {
        clip.close();
    }
}
