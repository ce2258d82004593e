package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDArray;

/**
 * One denoising run: its noise levels, and the step from one to the next. One instance for each generation, used by one
 * thread.
 *
 * <pre>{@code
 * float[] timesteps = scheduler.timesteps();
 * for (int i = 0; i < timesteps.length; i++) {
 *     latents = scheduler.step(i, transformer.forward(latents, timesteps[i]), latents);
 * }
 * }</pre>
 *
 * <p>What a scheduler remembers of earlier steps it copies into a manager of its own, freed by {@link #close()}: the
 * caller may close every array it passed in as soon as {@code step} has returned.
 */
public sealed interface Scheduler extends AutoCloseable permits FlowMatchEuler, UniPc {

    /**
     * The times that the transformer is told, one for each step, falling.
     *
     * @return a copy; 0 to the number of training timesteps; whole numbers for UniPC
     */
    float[] timesteps();

    /**
     * The noise levels, one for each step and the final 0, strictly falling.
     *
     * @return a copy, 0 to 1
     */
    float[] sigmas();

    /**
     * Takes the sample from noise level {@code index} to the next. Never changes an array in place, so that arrays made in
     * inference mode will do.
     *
     * @param index the step; a run may begin anywhere, then goes on one by one
     * @param modelOutput the velocity predicted for {@code sample} at {@code timesteps()[index]}, float32, any shape
     * @param sample the latents at noise level {@code sigmas()[index]}, float32, the same shape and device
     * @return the latents at noise level {@code sigmas()[index + 1]}, float32, a new array that belongs to the manager
     *     passed when the scheduler was created; outlives the scheduler
     * @throws IllegalArgumentException if the index is not the next one, or types or shapes do not fit
     */
    NDArray step(int index, NDArray modelOutput, NDArray sample);

    /** Frees what was remembered of earlier steps. */
    @Override
    void close();
}
