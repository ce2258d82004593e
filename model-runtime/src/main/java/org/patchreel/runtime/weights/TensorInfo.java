package org.patchreel.runtime.weights;

import java.util.List;

/**
 * What a weight file says about one tensor.
 *
 * @param name under which it is presented
 * @param type of its elements
 * @param shape outermost dimension first; empty for a scalar
 * @param byteCount size of its data in bytes
 */
public record TensorInfo(String name, WeightType type, List<Long> shape, long byteCount) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /**
     * A tensor whose rows are whole blocks.
     *
     * @throws IllegalArgumentException if they are not
     */
    public TensorInfo(String name, WeightType type, List<Long> shape) {
        this(name, type, shape, type.byteCount(shape));
    }
}
