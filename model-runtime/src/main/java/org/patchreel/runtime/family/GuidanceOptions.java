package org.patchreel.runtime.family;

import org.patchreel.api.GuidanceMode;

/**
 * How and when a clip is guided.
 *
 * @param mode how the predictions are combined
 * @param from first step with guidance, in percent of the steps, 0 to 99
 * @param until end of the steps with guidance, likewise, above {@code from}, to 100
 */
public record GuidanceOptions(GuidanceMode mode, int from, int until) {

    /** Plain, in all steps. */
    public static final GuidanceOptions AUTHORS = new GuidanceOptions(GuidanceMode.CFG, 0, 100);

    /** {@return whether some steps are not guided} */
    public boolean isPartial() {
        return from > 0 || until < 100;
    }

    /** {@return the first step with guidance} */
    public int firstStep(int steps) {
        return (from * steps + 99) / 100;
    }

    /** {@return the step behind the last one with guidance} */
    public int endStep(int steps) {
        return (until * steps + 99) / 100;
    }
}
