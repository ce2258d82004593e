package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Keeps the last latent frame the same as the first: both get the mean of their velocities. They must be the same at the start,
 * see {@link #tie}.
 *
 * @param field predicts both
 * @param leading latent frames before the clip's first, which are not part of it
 */
public record TiedEnds(VelocityField field, int leading) implements VelocityField {

    /**
     * Makes the last latent frame the same as the first.
     *
     * @param latents (1, z, F, h, w)
     * @return a new array of the same manager
     */
    public static NDArray tie(NDArray latents) {
        long frames = latents.getShape().get(2);
        return frames == 1
                ? latents.duplicate()
                : NDArrays.concat(new NDList(latents.get(":, :, :" + (frames - 1)), latents.get(":, :, :1")), 2);
    }

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        NDArray velocity = field.velocity(x, level, scope);
        long frames = velocity.getShape().get(2);
        if (frames - leading == 1) {
            return velocity;
        }
        int first = leading;
        NDArray end = velocity.get(":, :, " + first + ":" + (first + 1))
                .add(velocity.get(":, :, " + (frames - 1) + ":"))
                .div(2);
        NDList parts = new NDList(end);
        if (first > 0) {
            parts.add(0, velocity.get(":, :, :" + first));
        }
        if (frames - first > 2) {
            parts.add(velocity.get(":, :, " + (first + 1) + ":" + (frames - 1)));
        }
        parts.add(end);
        NDArray tied = NDArrays.concat(parts, 2);
        tied.attach(scope);
        return tied;
    }
}
