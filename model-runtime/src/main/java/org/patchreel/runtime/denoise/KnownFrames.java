package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Latent frames that are given: a model that was trained with a timestep for each frame sees them clean, at timestep 0. Its
 * velocity is passed on as it is, also that of the known frames, which means nothing; so the result of a run has to be {@link
 * #complete completed}.
 *
 * @param field is given latents with the known frames in their place
 * @param latents (1, z, n, h, w), without noise
 * @param first of the latent frames that are known, from 0
 */
public record KnownFrames(VelocityField field, NDArray latents, int first) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        int count = Math.toIntExact(latents.getShape().get(2));
        return field.velocity(complete(x, latents, first), level.withCleanFrames(first, count), scope);
    }

    /**
     * Puts known frames in their place.
     *
     * @param x (1, z, F, h, w)
     * @param latents (1, z, n, h, w)
     * @param first of the latent frames that are known, from 0
     * @return a new array of x's manager, like x but for the known frames
     */
    public static NDArray complete(NDArray x, NDArray latents, int first) {
        long end = first + latents.getShape().get(2);
        NDList parts = new NDList();
        if (first > 0) {
            parts.add(x.get(":, :, :" + first));
        }
        parts.add(latents);
        if (end < x.getShape().get(2)) {
            parts.add(x.get(":, :, " + end + ":"));
        }
        NDArray completed = parts.size() == 1 ? latents.duplicate() : NDArrays.concat(parts, 2);
        completed.attach(x.getManager());
        return completed;
    }
}
