package org.patchreel.runtime.family;

/** How much of the denoising may be estimated instead of computed. What it costs: benchmarks/results/step-cache.md. */
public enum StepCaching {
    /** Every step is computed. */
    OFF(0),
    /** The threshold of the authors: clips look the same but for details. */
    SAFE(0.05),
    /** What happens in a clip may differ. */
    FAST(0.1);

    /** Of the steps, as in the authors' code. */
    private static final double COMPUTED_FIRST = 0.2;

    private final double threshold;

    StepCaching(double threshold) {
        this.threshold = threshold;
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
        return Math.max(2, (int) Math.round(COMPUTED_FIRST * steps));
    }
}
