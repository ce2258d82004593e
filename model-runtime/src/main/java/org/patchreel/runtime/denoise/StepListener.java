package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import org.patchreel.api.GenerationException;
import org.patchreel.spi.GenerationCancelledException;

/** Called after each step of a run, in the run's thread; may end the run by an exception. */
@FunctionalInterface
public interface StepListener {

    /**
     * Receives the result of a step.
     *
     * @param level that the step started from
     * @param latents that it led to, (1, z, F, h, w); valid during this call
     * @throws GenerationException to end the run as failed
     * @throws GenerationCancelledException to end it as cancelled
     */
    void stepped(Level level, NDArray latents) throws GenerationException, GenerationCancelledException;
}
