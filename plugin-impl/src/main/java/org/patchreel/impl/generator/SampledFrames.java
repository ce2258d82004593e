package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.patchreel.api.Fit;
import org.patchreel.impl.media.SourceReader;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.VideoFrame;

/** Frames of a file at regular times, to its end. The others are decoded, and not converted. Used by one thread. */
final class SampledFrames implements FrameSource {

    private static final double NANOS = 1e9;

    /** An index may be a little wrong. */
    private static final int MAX_FRAMES = 2 * Footage.MAX_FRAMES;

    private final Footage footage;
    private final double interval;
    private final SourceReader reader;
    private int given;

    private SampledFrames(Footage footage, double framesPerSecond, SourceReader reader) {
        this.footage = footage;
        this.interval = footage.interval(framesPerSecond);
        this.reader = reader;
    }

    /**
     * Opens a file.
     *
     * @param footage the file, and what it should be
     * @param framesPerSecond how many frames of a second are wanted
     * @throws IOException if it cannot be read
     */
    static SampledFrames open(Footage footage, double framesPerSecond) throws IOException {
        // nothing is cut off, even if the file has another shape than it should have
        return new SampledFrames(
                footage, framesPerSecond, SourceReader.open(footage.file(), footage.shown(), Fit.CONTAIN));
    }

    @Override
    public Optional<VideoFrame> next() throws IOException {
        double half = reader.frameDuration().toNanos() / NANOS / 2;
        reader.skipTo(Duration.ofNanos(Math.round(NANOS * Math.max(0, given * interval - half))));
        Optional<VideoFrame> frame = reader.next();
        if (frame.isPresent() && ++given > MAX_FRAMES) {
            throw new IOException(footage.file().getFileName() + " is much longer than " + footage.seconds()
                    + " s, which it should be");
        }
        if (given == 0) {
            throw new IOException(footage.file().getFileName() + " has no frame that can be decoded");
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
