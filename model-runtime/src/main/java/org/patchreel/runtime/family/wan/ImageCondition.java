package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** {@return latents that stand before the clip's own, (1, z, R, h, w): they are denoised with it and cut off in the end} */
    default Optional<NDArray> references() {
        return Optional.empty();
    }

    /** {@return how many latent frames stand before the clip's own} */
    default int leading() {
        return references()
                .map(latents -> Math.toIntExact(latents.getShape().get(2)))
                .orElse(0);
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
     * VACE: references, control and what is kept of a clip. Its transformer takes them beside the noisy latents.
     *
     * @param channels (1, 2z + s², R + F, h, w): latents of what is kept, of what is made anew or followed, and for each pixel of
     *     a latent one whether it is made anew
     * @param references (1, z, R, h, w); empty for R = 0
     */
    record Guided(NDArray channels, Optional<NDArray> references) implements ImageCondition {
        @Override
        public VelocityField around(VelocityField field) {
            return new ExtraChannels(field, channels);
        }

        @Override
        public NDArray complete(NDArray latents) {
            return references.isEmpty() ? latents : latents.get(":, :, " + leading() + ":");
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
            return new TiedEnds(image.around(field), leading());
        }

        @Override
        public Optional<NDArray> references() {
            return image.references();
        }

        @Override
        public NDArray complete(NDArray latents) {
            return image.complete(latents);
        }
    }
}
