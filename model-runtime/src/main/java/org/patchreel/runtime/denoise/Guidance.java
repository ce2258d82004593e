package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Classifier-free guidance: the prediction without the prompt, moved away towards the one with it.
 *
 * @param prompted predicts with the prompt
 * @param unprompted predicts with the negative prompt
 * @param scale 1 gives the prediction with the prompt
 * @see <a href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>
 */
public record Guidance(VelocityField prompted, VelocityField unprompted, double scale) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        return guided(prompted.velocity(x, level, scope), unprompted.velocity(x, level, scope), scale);
    }

    static NDArray guided(NDArray with, NDArray without, double scale) {
        return without.add(with.sub(without).mul(scale));
    }
}
