package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Both predictions of a guided step, one after the other: (2, z, F, h, w) of a batch of 1.
 *
 * @param prompted predicts with the prompt
 * @param unprompted predicts with the negative prompt
 */
public record TwoPasses(VelocityField prompted, VelocityField unprompted) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        try (NDArray with = prompted.velocity(x, level, scope);
                NDArray without = unprompted.velocity(x, level, scope)) {
            NDArray both = NDArrays.concat(new NDList(with, without));
            both.attach(scope);
            return both;
        }
    }
}
