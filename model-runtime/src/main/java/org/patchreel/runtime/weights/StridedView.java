package org.patchreel.runtime.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * How the elements of a tensor lie that is a view of another one's data.
 *
 * @param strides distance from an element to the next of each dimension, in elements, 0 or more
 * @param elementBytes size of an element
 * @param extent bytes from the first element to behind the last one
 */
record StridedView(List<Long> strides, int elementBytes, long extent) {

    StridedView {
        strides = List.copyOf(strides);
    }

    /**
     * Puts the elements one after the other.
     *
     * @param data from the first element on
     * @param shape of the view; its data fit into an array
     * @return in direct memory, little endian
     */
    ByteBuffer copy(ByteBuffer data, List<Long> shape) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        ByteBuffer copy = ByteBuffer.allocateDirect(Math.toIntExact(elements * elementBytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        long[] index = new long[shape.size()];
        byte[] element = new byte[elementBytes];
        for (long i = 0; i < elements; i++) {
            long at = 0;
            for (int d = 0; d < index.length; d++) {
                at += index[d] * strides.get(d);
            }
            data.get(Math.toIntExact(at * elementBytes), element);
            copy.put(element);
            for (int d = index.length - 1; d >= 0 && ++index[d] == shape.get(d); d--) {
                index[d] = 0;
            }
        }
        return copy.flip();
    }
}
