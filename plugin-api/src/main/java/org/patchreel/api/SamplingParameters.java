package org.patchreel.api;

/**
 * How the denoising runs.
 *
 * @param seed of the initial noise
 * @param steps denoising steps, 1 to 1000
 * @param guidanceScale 1 to 100; 1 means no guidance: one pass a step
 */
public record SamplingParameters(long seed, int steps, double guidanceScale) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public SamplingParameters {
        if (steps < 1 || steps > 1000) {
            throw new IllegalArgumentException("steps must be 1 to 1000: " + steps);
        }
        checkGuidanceScale(guidanceScale);
    }

    static void checkGuidanceScale(double value) {
        if (!(value >= 1 && value <= 100)) {
            throw new IllegalArgumentException("guidance scale must be 1 to 100: " + value);
        }
    }
}
