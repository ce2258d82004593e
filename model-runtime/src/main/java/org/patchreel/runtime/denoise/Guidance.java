package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Classifier-free guidance: the prediction without the prompt, moved away towards the one with it.
 *
 * @param predictions gives a batch of 2: with the prompt, and with the negative prompt
 * @param scale 1 gives the prediction with the prompt
 * @see <a href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>
 */
public record Guidance(VelocityField predictions, double scale) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        try (NDArray both = predictions.velocity(x, level, scope);
                NDArray with = both.get("0:1");
                NDArray without = both.get("1:2");
                NDArray towards = with.sub(without).mul(scale)) {
            NDArray guided = without.add(towards);
            guided.attach(scope);
            return guided;
        }
    }
}
