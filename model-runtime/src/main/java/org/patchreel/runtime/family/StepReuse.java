package org.patchreel.runtime.family;

/** How much of the denoising may be estimated instead of computed. */
public enum StepReuse {
    /** Every step is computed. */
    OFF(0, 1),
    /** Clips look the same but for details. */
    SAFE(0.05, 0.2),
    /** Clips may differ in what happens in them. */
    FAST(0.1, 0.15);

    private final double threshold;
    private final double computedShare;

    StepReuse(double threshold, double computedShare) {
        this.threshold = threshold;
        this.computedShare = computedShare;
    }

    /** {@return estimated relative change of the prediction, summed over the steps that are left out, to stay below} */
    public double threshold() {
        return threshold;
    }

    /**
     * The first steps decide on what a clip shows: they are computed.
     *
     * @param steps of a run
     * @return their number, at least 2
     */
    public int computedFirst(int steps) {
        return Math.max(2, (int) Math.round(computedShare * steps));
    }
}
