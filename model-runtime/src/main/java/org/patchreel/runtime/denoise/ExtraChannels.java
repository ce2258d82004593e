package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Shows a model further channels beside the noisy latents: a condition's mask and latents, the same in every step.
 *
 * @param field is given (1, z + c, F, h, w)
 * @param channels (1, c, F, h, w)
 */
public record ExtraChannels(VelocityField field, NDArray channels) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        return field.velocity(NDArrays.concat(new NDList(x, channels), 1), level, scope);
    }
}
