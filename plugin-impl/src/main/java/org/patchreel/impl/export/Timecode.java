package org.patchreel.impl.export;

import java.util.Locale;
import org.patchreel.api.FrameRate;

/**
 * A time of day that counts frames (SMPTE ST 12-1), non-drop: {@code HH:MM:SS:FF}. Hours begin anew after 23. At NTSC's
 * rates it counts every frame, too, by the nominal rate, 30 for 29.97: no number is left out, and an hour of it is 3.6 seconds
 * longer than one by the clock.
 *
 * @param frames since 00:00:00:00, not negative
 * @param rate frames per second
 */
record Timecode(long frames, FrameRate rate) {

    /** Where programmes begin: what stands before is room for bars and a clock. */
    static final int PROGRAMME_START_SECONDS = 3600;

    private static final int DAY_SECONDS = 24 * 3600;

    Timecode {
        if (frames < 0) {
            throw new IllegalArgumentException("timecode of frame " + frames);
        }
    }

    /** The timecode at which a programme begins. */
    static Timecode programmeStart(FrameRate rate) {
        return new Timecode((long) PROGRAMME_START_SECONDS * rate.nominal(), rate);
    }

    Timecode plus(long more) {
        return new Timecode(frames + more, rate);
    }

    /** {@return the same number of seconds and frames of an equally long part of a second, at another rate} */
    Timecode at(FrameRate other) {
        return new Timecode(frames * other.nominal() / rate.nominal(), other);
    }

    /** {@return frames with two digits; with three from 101 frames per second on} */
    @Override
    public String toString() {
        int nominal = rate.nominal();
        long seconds = frames / nominal % DAY_SECONDS;
        return String.format(
                Locale.ROOT,
                nominal > 100 ? "%02d:%02d:%02d:%03d" : "%02d:%02d:%02d:%02d",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                frames % nominal);
    }
}
