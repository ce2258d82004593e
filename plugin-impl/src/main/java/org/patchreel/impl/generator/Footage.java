package org.patchreel.impl.generator;

import java.nio.file.Path;
import java.time.Duration;
import org.patchreel.api.FrameSize;

/**
 * A file of which frames are looked at.
 *
 * @param file a picture or clip
 * @param size of its frames
 * @param seconds of its length; 0 for a picture
 */
record Footage(Path file, FrameSize size, double seconds) {

    /** A longer clip is looked at more rarely: what a check takes stays bounded. */
    static final int MAX_FRAMES = 600;

    /** Pixels of the longer side of the frames that are looked at, at most. */
    private static final int MAX_SIDE = 512;

    /** {@return the seconds from one frame that is looked at to the next} */
    double interval(double framesPerSecond) {
        return Math.max(1 / framesPerSecond, seconds / MAX_FRAMES);
    }

    /** {@return how many frames are looked at} */
    int frames(double framesPerSecond) {
        return 1 + (int) Math.floor(seconds / interval(framesPerSecond));
    }

    /** {@return the size of the frames that are looked at} */
    FrameSize shown() {
        double scale = Math.min(1, (double) MAX_SIDE / Math.max(size.width(), size.height()));
        return new FrameSize(scaled(size.width(), scale), scaled(size.height(), scale));
    }

    private static int scaled(int side, double scale) {
        return Math.max(1, (int) Math.round(side * scale));
    }

    /** {@return how long a check may take} */
    Duration limit(Duration least, double framesPerSecond) {
        return least.plusSeconds(frames(framesPerSecond));
    }
}
