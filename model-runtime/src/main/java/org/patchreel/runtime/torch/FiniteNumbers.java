package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDArray;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;

/** Keeps what is no number from becoming a picture. */
public final class FiniteNumbers {
    private FiniteNumbers() {}

    /**
     * Fails if an array holds NaN or infinity. Reads it once; its sum is finite exactly if all its elements are, as long as
     * they are far from the largest float.
     *
     * @param array float32
     * @param source what computed it, such as {@code the text encoder}
     * @param remedy what to try
     * @throws GenerationException with {@link Reason#NOT_FINITE}
     */
    public static void require(NDArray array, String source, String remedy) throws GenerationException {
        try (NDArray sum = array.sum()) {
            if (!Float.isFinite(sum.toFloatArray()[0])) {
                throw new GenerationException(
                        Reason.NOT_FINITE, source + " gave values that are not finite numbers: " + remedy);
            }
        }
    }
}
