package org.patchreel.api;

import java.util.Objects;

/**
 * With which values a clip is, or was, denoised: what a request asks by its {@link Sampling}, and the model's defaults for
 * the rest.
 *
 * @param seed of the initial noise
 * @param steps denoising steps, 1 to 1000
 * @param guidanceScale 1 to 100; 1 means no guidance: one pass a step
 * @param denoising what the request chose
 */
public record SamplingParameters(long seed, int steps, double guidanceScale, Denoising denoising) {

    /**
     * Denoised as the model is configured; see above.
     *
     * @param seed see above
     * @param steps see above
     * @param guidanceScale see above
     * @throws IllegalArgumentException as below
     */
    public SamplingParameters(long seed, int steps, double guidanceScale) {
        this(seed, steps, guidanceScale, Denoising.DEFAULT);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public SamplingParameters {
        Objects.requireNonNull(denoising, "denoising");
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
