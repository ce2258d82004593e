package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.api.GenerationException;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.spi.GenerationCancelledException;

/** The denoising loop: from noise to latents, step by step. */
public final class Denoiser {
    private Denoiser() {}

    /**
     * Runs the steps of a scheduler, all or the last ones. Each step's arrays are freed when it ends.
     *
     * @param start where the run begins
     * @param scheduler new, its steps and its noise levels
     * @param field gives the velocity in each step
     * @param listener called after each step
     * @param scope will own the result
     * @return (1, z, F, h, w), float32
     * @throws GenerationException as the listener does
     * @throws GenerationCancelledException as the field or the listener does
     */
    public static NDArray run(
            Start start, Scheduler scheduler, VelocityField field, StepListener listener, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        float[] timesteps = scheduler.timesteps();
        NDArray x = start.latents().duplicate();
        for (int i = start.step(); i < timesteps.length; i++) {
            Level level = new Level(i, timesteps[i]);
            try (NDManager step = scope.newSubManager()) {
                NDArray before = x;
                before.attach(step);
                x = scheduler.step(i, field.velocity(before, level, step), before);
            }
            listener.stepped(level, x);
        }
        x.attach(scope);
        return x;
    }
}
