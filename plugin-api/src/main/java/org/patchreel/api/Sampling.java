package org.patchreel.api;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a request asks of the denoising. What is empty, the model's defaults fill; the values with which a clip was made are
 * its {@link SamplingParameters}.
 *
 * @param seed chooses among the clips that a prompt can give: the same seed, settings and machine give the same frames; empty
 *     for a random one, which the asset's metadata then names
 * @param steps denoising steps, 1 to 1000; more steps are slower and finer
 * @param guidanceScale how strongly the prompt pulls, 1 to 100; 1 switches guidance off and halves the work (<a
 *     href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>)
 * @param denoising what else is chosen
 */
public record Sampling(OptionalLong seed, OptionalInt steps, OptionalDouble guidanceScale, Denoising denoising) {

    /** Asks nothing: a random seed and the model's defaults. */
    public static final Sampling DEFAULT =
            new Sampling(OptionalLong.empty(), OptionalInt.empty(), OptionalDouble.empty());

    /**
     * Denoised as the model is configured; see above.
     *
     * @param seed see above
     * @param steps see above
     * @param guidanceScale see above
     * @throws IllegalArgumentException as below
     */
    public Sampling(OptionalLong seed, OptionalInt steps, OptionalDouble guidanceScale) {
        this(seed, steps, guidanceScale, Denoising.DEFAULT);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public Sampling {
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(steps, "steps");
        Objects.requireNonNull(guidanceScale, "guidanceScale");
        Objects.requireNonNull(denoising, "denoising");
        steps.ifPresent(SamplingParameters::checkSteps);
        guidanceScale.ifPresent(SamplingParameters::checkGuidanceScale);
    }
}
