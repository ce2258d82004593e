package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** How a conditioning image enters the denoising. */
sealed interface ImageCondition {

    /**
     * What the transformer sees.
     *
     * @param latents (1, z, F, h, w)
     * @param scope will own the result
     */
    NDArray input(NDArray latents, NDManager scope);

    /** The latents that are decoded in the end. */
    default NDArray result(NDArray latents, NDManager scope) {
        return latents;
    }

    /**
     * The timestep of each token, or of all.
     *
     * @param timestep of the step
     * @param tokens patches of (frame, row, column)
     * @return (1, 1) or (1, L)
     */
    default NDArray timesteps(float timestep, Shape tokens, NDManager scope) {
        return scope.create(new float[] {timestep}, new Shape(1, 1));
    }

    /** Text only. */
    record None() implements ImageCondition {
        @Override
        public NDArray input(NDArray latents, NDManager scope) {
            return latents;
        }
    }

    /**
     * Wan 2.1 and 2.2 A14B: a mask of the given frames and their latents stand beside the noisy latents as further
     * channels.
     *
     * @param channels (1, 4 + z, F, h, w)
     */
    record Channels(NDArray channels) implements ImageCondition {
        @Override
        public NDArray input(NDArray latents, NDManager scope) {
            return NDArrays.concat(new NDList(latents, channels), 1);
        }
    }

    /**
     * Wan 2.2 TI2V-5B: the first latent frame is the image's, clean: its tokens' timestep is 0.
     *
     * @param latent (1, z, 1, h, w)
     */
    record FirstFrame(NDArray latent) implements ImageCondition {
        @Override
        public NDArray input(NDArray latents, NDManager scope) {
            return latents.getShape().get(2) == 1
                    ? latent.duplicate()
                    : NDArrays.concat(new NDList(latent, latents.get(":, :, 1:")), 2);
        }

        @Override
        public NDArray result(NDArray latents, NDManager scope) {
            return input(latents, scope);
        }

        @Override
        public NDArray timesteps(float timestep, Shape tokens, NDManager scope) {
            int clean = Math.toIntExact(tokens.get(1) * tokens.get(2));
            float[] values = new float[Math.toIntExact(tokens.size())];
            Arrays.fill(values, clean, values.length, timestep);
            return scope.create(values, new Shape(1, values.length));
        }
    }
}
