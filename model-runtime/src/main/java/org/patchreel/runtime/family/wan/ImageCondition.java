package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import org.patchreel.runtime.denoise.ExtraChannels;
import org.patchreel.runtime.denoise.KnownFrames;
import org.patchreel.runtime.denoise.VelocityField;

/** How a conditioning image enters the denoising. */
sealed interface ImageCondition {

    /**
     * Conditions a field.
     *
     * @param field what the transformers predict
     */
    VelocityField around(VelocityField field);

    /**
     * The latents that are decoded in the end.
     *
     * @param latents where the denoising has led to, (1, z, F, h, w)
     */
    default NDArray complete(NDArray latents) {
        return latents;
    }

    /** Text only. */
    record None() implements ImageCondition {
        @Override
        public VelocityField around(VelocityField field) {
            return field;
        }
    }

    /**
     * Wan 2.1 and 2.2 A14B: a mask of the given frames and their latents stand beside the noisy latents.
     *
     * @param channels (1, 4 + z, F, h, w)
     */
    record Channels(NDArray channels) implements ImageCondition {
        @Override
        public VelocityField around(VelocityField field) {
            return new ExtraChannels(field, channels);
        }
    }

    /**
     * Wan 2.2 TI2V-5B: the first latent frame is the image's.
     *
     * @param latent (1, z, 1, h, w)
     */
    record FirstFrame(NDArray latent) implements ImageCondition {
        @Override
        public VelocityField around(VelocityField field) {
            return new KnownFrames(field, latent, 0);
        }

        @Override
        public NDArray complete(NDArray latents) {
            return KnownFrames.complete(latents, latent, 0);
        }
    }
}
