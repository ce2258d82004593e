package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Where noisy latents move to: the velocity of the flow from data to noise, v = noise − x₀ as a model predicts it. Fields
 * are layered: a model's own innermost, those around it change what it is given or what it gives. For one run and one
 * thread.
 */
@FunctionalInterface
public interface VelocityField {

    /**
     * Predicts the velocity.
     *
     * @param x latents, (B, C, F, h, w), float32; closed by the caller
     * @param level of their noise
     * @param scope will own the result
     * @return (B, z, F, h, w), float32; z may be less than C where x carries channels of a condition
     * @throws GenerationCancelledException if the run is to stop
     */
    NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException;
}
