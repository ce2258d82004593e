package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDArray;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;

/** Keeps values that are not finite numbers from becoming a picture. */
public final class FiniteNumbers {
    private static final String CAUSES =
            "its weights may be damaged (compare their digests with the publisher's), or precision bf16 too narrow (try"
                    + " fp32)";

    private FiniteNumbers() {}

    /**
     * Fails if an array holds NaN or infinity. Reads it once; its sum is finite exactly if all its elements are, as long as
     * they are far from the largest float.
     *
     * @param array float32
     * @param source the network that computed it, such as {@code the text encoder}
     * @throws GenerationException with {@link Reason#NOT_FINITE}; the message says what may be wrong with a network
     */
    public static void require(NDArray array, String source) throws GenerationException {
        if (!areAllFinite(array)) {
            throw failure(source, CAUSES);
        }
    }

    /**
     * As above, where something besides the network may be the cause.
     *
     * @param array float32
     * @param source the network that computed it
     * @param otherCause for example {@code the guidance scale too high}
     * @throws GenerationException with {@link Reason#NOT_FINITE}; the message names all possible causes
     */
    public static void require(NDArray array, String source, String otherCause) throws GenerationException {
        if (!areAllFinite(array)) {
            throw failure(source, CAUSES + ", or " + otherCause);
        }
    }

    private static boolean areAllFinite(NDArray array) {
        try (NDArray sum = array.sum()) {
            return Float.isFinite(sum.toFloatArray()[0]);
        }
    }

    private static GenerationException failure(String source, String causes) {
        return new GenerationException(
                Reason.NOT_FINITE, source + " gave values that are not finite numbers: " + causes);
    }
}
