package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Guidance in a part of the steps; the others need the prediction with the prompt alone, half the work.
 *
 * @param guided predicts from the first step on
 * @param prompted predicts before it, and from the end on
 * @param first step of the schedule with guidance, from 0
 * @param end step behind the last one with guidance
 * @see <a href="https://arxiv.org/abs/2404.07724">Kynkäänniemi et al., Applying Guidance in a Limited Interval</a>
 */
public record GuidanceInterval(VelocityField guided, VelocityField prompted, int first, int end)
        implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        boolean within = level.step() >= first && level.step() < end;
        return (within ? guided : prompted).velocity(x, level, scope);
    }
}
