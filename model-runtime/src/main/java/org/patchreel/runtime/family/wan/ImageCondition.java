package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.runtime.denoise.ExtraChannels;
import org.patchreel.runtime.denoise.KnownFrames;
import org.patchreel.runtime.denoise.TiedEnds;
import org.patchreel.runtime.denoise.VelocityField;

/** How given frames enter the denoising. */
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

    /** Wan 2.2 TI2V-5B, and others with a timestep for each latent frame: some latent frames are given. */
    record Known(List<KnownLatents> known) implements ImageCondition {

        /** {@return this condition for latents before which another latent frame is set, which is given, too} */
        Known behind(NDArray latent) {
            List<KnownLatents> shifted = new ArrayList<>();
            shifted.add(new KnownLatents(0, latent));
            known.forEach(each -> shifted.add(new KnownLatents(each.first() + 1, each.latents())));
            return new Known(shifted);
        }

        @Override
        public VelocityField around(VelocityField field) {
            VelocityField around = field;
            for (KnownLatents each : known) {
                around = new KnownFrames(around, each.latents(), each.first());
            }
            return around;
        }

        @Override
        public NDArray complete(NDArray latents) {
            NDArray completed = latents;
            for (KnownLatents each : known) {
                completed = KnownFrames.complete(completed, each.latents(), each.first());
            }
            return completed;
        }
    }

    /**
     * Ends like it begins.
     *
     * @param image further condition
     */
    record Tied(ImageCondition image) implements ImageCondition {
        @Override
        public VelocityField around(VelocityField field) {
            return new TiedEnds(image.around(field));
        }

        @Override
        public NDArray complete(NDArray latents) {
            return image.complete(latents);
        }
    }
}
