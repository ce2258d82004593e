package org.patchreel.runtime.weights;

import java.util.List;

/**
 * What a weight file says about one tensor.
 *
 * @param shape outermost dimension first; empty for a scalar
 */
public record TensorInfo(String name, WeightType type, List<Long> shape) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Size of its data in bytes. */
    public long byteCount() {
        return shape.stream().reduce((long) type.byteSize(), Math::multiplyExact);
    }
}
