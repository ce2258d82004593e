package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Classifier-free guidance: the prediction without the prompt, moved away towards the one with it.
 *
 * @param predictions gives a batch of 2: with the prompt, and with the negative prompt
 * @param scale 1 gives the prediction with the prompt
 * @param rule combines the predictions
 * @see <a href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>
 */
public record Guidance(VelocityField predictions, double scale, GuidanceRule rule) implements VelocityField {

    /** By the plain rule. */
    public Guidance(VelocityField predictions, double scale) {
        this(predictions, scale, GuidanceRule.PLAIN);
    }

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        try (NDArray both = predictions.velocity(x, level, scope);
                NDArray with = both.get("0:1");
                NDArray without = both.get("1:2")) {
            return rule.combine(with, without, scale, level, scope);
        }
    }
}
