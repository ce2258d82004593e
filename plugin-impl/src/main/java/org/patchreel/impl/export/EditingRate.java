package org.patchreel.impl.export;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.patchreel.api.FrameRate;

/**
 * The frame rates that editing systems work at, the slowest first. Clips of other rates, 8 or 12 or 16, are shown by repeating
 * frames.
 */
final class EditingRate {
    private static final List<FrameRate> RATES = List.of(
            new FrameRate(24_000, 1001),
            FrameRate.of(24),
            FrameRate.of(25),
            new FrameRate(30_000, 1001),
            FrameRate.of(30),
            new FrameRate(48_000, 1001),
            FrameRate.of(48),
            FrameRate.of(50),
            new FrameRate(60_000, 1001),
            FrameRate.of(60));

    private EditingRate() {}

    /**
     * Chooses the rate of a timeline: the lowest at which each clip's frame lasts a whole number of frames. If there is none,
     * because clips of 24 and 25 or of 24 and 23.976 stand together, the lowest that shows every frame, else the highest.
     *
     * @param rates of the clips; at least one
     * @return rate of the timeline
     */
    static FrameRate of(Collection<FrameRate> rates) {
        FrameRate fastest = Collections.max(rates);
        boolean whole = rates.stream().allMatch(FrameRate::isWhole);
        List<FrameRate> candidates =
                RATES.stream().filter(rate -> rate.isWhole() || !whole).toList();
        return candidates.stream()
                .filter(rate -> rates.stream().allMatch(each -> rate.multipleOf(each) > 0))
                .findFirst()
                .orElseGet(() -> candidates.stream()
                        .filter(rate -> rate.compareTo(fastest) >= 0)
                        .findFirst()
                        .orElse(FrameRate.of(60)));
    }

    /**
     * How many frames of a movie for editing show one frame of a clip.
     *
     * @param rate of the clip
     * @return 1 or more; 1 if no editing rate is a multiple
     */
    static int repeat(FrameRate rate) {
        return Math.max(1, of(List.of(rate)).multipleOf(rate));
    }
}
