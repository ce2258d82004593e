package org.patchreel.runtime.adapter;

import org.patchreel.runtime.weights.TensorInfo;

/** What a file does to one tensor of a network, at strength 1. */
public sealed interface LoraChange {

    /** {@return the name of the tensor} */
    String target();

    /**
     * A product of two matrices is added.
     *
     * @param target a weight, (O, I), or of a convolution (O, C, ...)
     * @param down (R, I), or (R, C, ...)
     * @param up (O, R), or (O, R, 1, ...)
     * @param scale that multiplies the product
     */
    record LowRank(String target, TensorInfo down, TensorInfo up, double scale) implements LoraChange {}

    /**
     * A tensor is added.
     *
     * @param target a tensor
     * @param difference of the same shape
     */
    record Difference(String target, TensorInfo difference) implements LoraChange {}
}
