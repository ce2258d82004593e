package org.patchreel.runtime.weights;

import java.util.List;
import java.util.Optional;

/**
 * An entry of a weight file's header, checked.
 *
 * @param type as the header names it, not always a {@link WeightType}
 * @param position of its first byte, from the start of the file
 * @param length of its data in bytes
 * @param view how its elements lie if not one after the other
 */
record StoredTensor(
        String name, String type, List<Long> shape, long position, long length, Optional<StridedView> view) {

    StoredTensor {
        shape = List.copyOf(shape);
    }

    /** A tensor whose elements lie one after the other. */
    StoredTensor(String name, String type, List<Long> shape, long position, long length) {
        this(name, type, shape, position, length, Optional.empty());
    }
}
