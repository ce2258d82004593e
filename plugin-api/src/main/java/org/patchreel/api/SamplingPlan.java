package org.patchreel.api;

import java.util.Locale;
import java.util.Objects;

/**
 * How a model makes a clip: at once, or in windows if the clip is longer than those that the model was trained with.
 *
 * @param method what joins the windows
 * @param windows 1 or more
 * @param windowFrames maximum number of frames that the network sees at once
 * @param overlapFrames frames of a window that are taken from those before it, or made by another one, too; the last window may
 *     overlap more. 0 for one window
 * @param steps denoising steps of each window
 * @param passes how often the network predicts in all: once a step and window, twice with guidance
 */
public record SamplingPlan(Method method, int windows, int windowFrames, int overlapFrames, int steps, int passes) {

    /** How a clip is made. */
    public enum Method {
        /** In one window. */
        WHOLE,
        /**
         * Window after window: the network is given the last latent frames of the one before and the first one of the clip, which
         * are not coded again.
         */
        ROLLING,
        /** Window after window; each is made from an image, the last frame of the one before. */
        CHAINED,
        /** All windows together, step by step; where they overlap, their predictions are mixed. */
        BLENDED;

        /** {@return the name in lower case, for people and JSON} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is less than it can be; the message names it
     * @throws NullPointerException if the method is null
     */
    public SamplingPlan {
        Objects.requireNonNull(method, "method");
        if (windows < 1 || windowFrames < 1 || steps < 1 || passes < 1) {
            throw new IllegalArgumentException("windows, their frames, steps and passes must be 1 or more: " + windows
                    + ", " + windowFrames + ", " + steps + ", " + passes);
        }
        if (overlapFrames < 0 || overlapFrames >= windowFrames) {
            throw new IllegalArgumentException(
                    "windows of " + windowFrames + " frames cannot overlap by " + overlapFrames);
        }
    }
}
