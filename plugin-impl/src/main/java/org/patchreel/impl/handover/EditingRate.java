package org.patchreel.impl.handover;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The frame rates that editing systems work at. Clips of other rates, 8 or 12 or 16, are shown by repeating frames. All are
 * whole numbers: their timecode counts every frame, and drop-frame timecode, which belongs to 29.97 and 59.94, does not
 * arise.
 */
final class EditingRate {
    private static final List<Integer> RATES = List.of(24, 25, 30, 48, 50, 60);

    private EditingRate() {}

    /**
     * Chooses the rate of a timeline: the lowest of which each clip's frame is a whole number of frames. If there is none,
     * because clips of 24 and 25 stand together, the lowest that shows every frame, else the highest.
     *
     * @param rates of the clips, frames per second; at least one
     * @return frames per second
     */
    static int of(Collection<Integer> rates) {
        int fastest = rates.stream().max(Comparator.naturalOrder()).orElseThrow();
        return RATES.stream()
                .filter(rate -> rates.stream().allMatch(each -> rate % each == 0))
                .findFirst()
                .orElseGet(() -> RATES.stream()
                        .filter(rate -> rate >= fastest)
                        .findFirst()
                        .orElse(60));
    }

    /**
     * How many frames of a movie for editing show one frame of a clip.
     *
     * @param rate of the clip
     * @return 1 or more; 1 if no editing rate is a multiple
     */
    static int repeat(int rate) {
        int editing = of(List.of(rate));
        return editing % rate == 0 ? editing / rate : 1;
    }
}
