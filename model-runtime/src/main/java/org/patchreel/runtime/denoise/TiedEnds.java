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
 */
public record TiedEnds(VelocityField field) implements VelocityField {

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
        if (frames == 1) {
            return velocity;
        }
        NDArray end = velocity.get(":, :, :1")
                .add(velocity.get(":, :, " + (frames - 1) + ":"))
                .div(2);
        NDArray tied = frames == 2
                ? NDArrays.concat(new NDList(end, end), 2)
                : NDArrays.concat(new NDList(end, velocity.get(":, :, 1:" + (frames - 1)), end), 2);
        tied.attach(scope);
        return tied;
    }
}
