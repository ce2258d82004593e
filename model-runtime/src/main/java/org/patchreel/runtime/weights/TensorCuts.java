package org.patchreel.runtime.weights;

import java.util.List;

/** Cuts stored tensors into those that a network has: files of other programs keep several as one, or with other sides. */
@FunctionalInterface
public interface TensorCuts {

    /** Leaves all as they are. */
    TensorCuts NONE = (name, shape) -> List.of(new Piece(name, 0, 1, shape));

    /**
     * Cuts one tensor.
     *
     * @param name as stored
     * @param shape as stored
     * @return its parts, one for a tensor that stays whole; none for one that is left out
     */
    List<Piece> of(String name, List<Long> shape);

    /**
     * A part: of equal ones along the first side, one.
     *
     * @param name of the part
     * @param index of it, from 0
     * @param count of the parts
     * @param shape of the part, of as many elements
     */
    record Piece(String name, int index, int count, List<Long> shape) {
        public Piece {
            shape = List.copyOf(shape);
        }
    }
}
