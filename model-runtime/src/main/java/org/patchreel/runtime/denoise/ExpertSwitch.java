package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Two experts: one for high noise levels, one for low ones.
 *
 * @param boundary timestep from which on, upwards, the first works
 * @param highNoise the first
 * @param lowNoise the second
 */
public record ExpertSwitch(double boundary, VelocityField highNoise, VelocityField lowNoise) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        return (level.timestep() >= boundary ? highNoise : lowNoise).velocity(x, level, scope);
    }
}
