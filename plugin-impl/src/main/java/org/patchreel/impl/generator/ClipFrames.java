package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.impl.media.SourceReader;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/**
 * Frames of a clip at regular times: each time the one that is shown then, whatever the clip's own rate is, and the last one
 * if the clip ends before. Used by one thread.
 */
final class ClipFrames implements FrameSource {

    /** When the frames are wanted: at {@code first} seconds of the clip, and then {@code count} in all at a rate. */
    record Times(double first, FrameRate rate, int count) {

        double at(int index) {
            return first + rate.seconds(index);
        }
    }

    private static final double NANOS = 1e9;

    private final SourceReader reader;
    private final Times times;
    private final double tolerance;
    private ByteBuffer shown;
    private ByteBuffer following;
    private boolean any;
    private double followingSecond;
    private boolean followed;
    private int given;

    private ClipFrames(SourceReader reader, Times times) {
        this.reader = reader;
        this.times = times;
        // a frame that comes up to half a frame late counts as in time: containers round
        tolerance = reader.frameDuration().toNanos() / NANOS / 2;
        int bytes = 3 * reader.size().width() * reader.size().height();
        shown = ByteBuffer.allocate(bytes);
        following = ByteBuffer.allocate(bytes);
    }

    /**
     * Opens a clip.
     *
     * @param file a clip, or a picture, which is the same at all times
     * @param size of the frames
     * @param fit how they are brought to it
     * @param times when they are wanted
     * @throws IOException if it cannot be read
     */
    static ClipFrames open(Path file, FrameSize size, Fit fit, Times times) throws IOException {
        SourceReader reader = SourceReader.open(file, size, fit);
        try {
            ClipFrames frames = new ClipFrames(reader, times);
            frames.advance();
            return frames;
        } catch (IOException | RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public Optional<VideoFrame> next() throws IOException {
        if (given == times.count()) {
            return Optional.empty();
        }
        double time = times.at(given) + tolerance;
        while (followed && (!any || followingSecond <= time)) {
            ByteBuffer free = shown;
            shown = following;
            following = free;
            any = true;
            advance();
        }
        if (!any) {
            throw new IOException("no frame of it can be decoded");
        }
        given++;
        return Optional.of(new VideoFrame(reader.size().width(), reader.size().height(), shown));
    }

    private void advance() throws IOException {
        @Nullable VideoFrame frame = reader.next().orElse(null);
        followed = frame != null;
        if (frame != null) {
            following.clear().put(frame.rgb()).flip();
            followingSecond = reader.time().toNanos() / NANOS;
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
