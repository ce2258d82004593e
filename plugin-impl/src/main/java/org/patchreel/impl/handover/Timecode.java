package org.patchreel.impl.handover;

import java.util.Locale;

/**
 * A time of day that counts frames (SMPTE ST 12-1), non-drop: {@code HH:MM:SS:FF}. Hours begin anew after 23.
 *
 * @param frames since 00:00:00:00, not negative
 * @param rate frames per second, 1 to 120
 */
record Timecode(long frames, int rate) {

    /** Where programmes begin: what stands before is room for bars and a clock. */
    static final int PROGRAMME_START_SECONDS = 3600;

    private static final int DAY_SECONDS = 24 * 3600;

    Timecode {
        if (frames < 0 || rate < 1 || rate > 120) {
            throw new IllegalArgumentException("timecode of frame " + frames + " at " + rate + " frames per second");
        }
    }

    /** The timecode at which a programme begins. */
    static Timecode programmeStart(int rate) {
        return new Timecode((long) PROGRAMME_START_SECONDS * rate, rate);
    }

    Timecode plus(long more) {
        return new Timecode(frames + more, rate);
    }

    /** {@return frames with two digits; with three from 101 frames per second on} */
    @Override
    public String toString() {
        long seconds = frames / rate % DAY_SECONDS;
        return String.format(
                Locale.ROOT,
                rate > 100 ? "%02d:%02d:%02d:%03d" : "%02d:%02d:%02d:%02d",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                frames % rate);
    }
}
