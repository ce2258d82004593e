package org.patchreel.api;

/**
 * With which values a clip is, or was, denoised: what a request asks by its {@link Sampling}, and the model's defaults for
 * the rest.
 *
 * @param seed of the initial noise
 * @param steps denoising steps, 1 to 1000
 * @param guidanceScale 1 to 100; 1 means no guidance: one pass a step
 */
public record SamplingParameters(long seed, int steps, double guidanceScale) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public SamplingParameters {
        checkSteps(steps);
        checkGuidanceScale(guidanceScale);
    }

    static void checkSteps(int value) {
        if (value < 1 || value > 1000) {
            throw new IllegalArgumentException("steps must be 1 to 1000: " + value);
        }
    }

    static void checkGuidanceScale(double value) {
        if (!(value >= 1 && value <= 100)) {
            throw new IllegalArgumentException("guidance scale must be 1 to 100: " + value);
        }
    }
}
