package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import org.patchreel.runtime.sampler.Scheduler;

/**
 * Where a denoising run begins.
 *
 * @param latents (1, z, F, h, w), float32, at the noise level of the step
 * @param step of the scheduler that is done first, from 0
 */
public record Start(NDArray latents, int step) {

    /** {@return the start of a run from noise alone} */
    public static Start fromNoise(NDArray noise) {
        return new Start(noise, 0);
    }

    /**
     * The start of a run that changes latents (<a href="https://arxiv.org/abs/2108.01073">Meng et al., SDEdit</a>): they get as
     * much noise as the last steps take away.
     *
     * @param latents (1, z, F, h, w), without noise
     * @param noise of the same shape
     * @param strength share of the steps that are done, above 0 and at most 1; their number is rounded down, to at least one
     * @param scheduler new, of the run
     * @return of the manager of the latents
     * @throws IllegalArgumentException if the strength is out of range
     */
    public static Start from(NDArray latents, NDArray noise, double strength, Scheduler scheduler) {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException("strength must be above 0 and at most 1: " + strength);
        }
        float[] sigmas = scheduler.sigmas();
        int steps = sigmas.length - 1;
        int step = steps - Math.max(1, (int) (steps * strength));
        float sigma = sigmas[step];
        try (NDArray kept = latents.mul(1 - sigma);
                NDArray added = noise.mul(sigma)) {
            NDArray noisy = kept.add(added);
            noisy.attach(latents.getManager());
            return new Start(noisy, step);
        }
    }
}
