package org.patchreel.runtime.weights;

import java.util.List;

/**
 * The types in which weights are stored: numbers, under their names in a safetensors header, and blocks of codes, under
 * their names in ggml.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">the layout of the blocks</a>
 */
public enum WeightType {
    /** IEEE 754 binary32. */
    F32(1, 4, 0),
    /** IEEE 754 binary16. */
    F16(1, 2, 1),
    /** The upper half of a binary32. */
    BF16(1, 2, 30),
    /** 4 bits of exponent, 3 of fraction, without infinities. */
    F8_E4M3(1, 1, -24),
    /** 5 bits of exponent, 2 of fraction. */
    F8_E5M2(1, 1, -23),
    /** Whole numbers, of use with a scale. */
    I8(1, 1, -1),
    Q4_0(32, 18, 2),
    Q4_1(32, 20, 3),
    Q5_0(32, 22, 6),
    Q5_1(32, 24, 7),
    Q8_0(32, 34, 8),
    Q2_K(256, 84, 10),
    Q3_K(256, 110, 11),
    Q4_K(256, 144, 12),
    Q5_K(256, 176, 13),
    Q6_K(256, 210, 14),
    IQ4_NL(32, 18, 20),
    IQ4_XS(256, 136, 23);

    private final int blockElements;
    private final int blockBytes;
    private final int code;

    WeightType(int blockElements, int blockBytes, int code) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.code = code;
    }

    /** Number of elements that are stored together, along the innermost dimension. */
    public int blockElements() {
        return blockElements;
    }

    /** {@return whether the elements are codes, which become numbers by further ones that are stored with them} */
    public boolean quantized() {
        return this != F32 && this != F16 && this != BF16;
    }

    /** {@return its number in GGUF files; of types that they do not have, ATen's number, negative} */
    public int code() {
        return code;
    }

    /**
     * Size of a tensor's data in bytes.
     *
     * @param shape outermost dimension first
     * @throws ArithmeticException if it has more than a long holds
     * @throws IllegalArgumentException if its rows are no whole blocks
     */
    public long byteCount(List<Long> shape) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        long row = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
        if (row % blockElements != 0) {
            throw new IllegalArgumentException("rows of " + row + " elements are no whole blocks of " + blockElements);
        }
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }
}
