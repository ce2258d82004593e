package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Both predictions of a guided step in one pass, which is faster than {@link TwoPasses} and takes more memory.
 *
 * @param both predicts for a batch of 2: with the prompt, and with the negative prompt
 */
public record BatchedPass(VelocityField both) implements VelocityField {

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        return both.velocity(NDArrays.concat(new NDList(x, x)), level, scope);
    }
}
