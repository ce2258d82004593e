package org.patchreel.runtime.family.wan.dit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class RotaryEmbeddingTest {

    @Test
    void aWindowHasThePositionsOfItsFramesInTheClip() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray clip = RotaryEmbedding.table(12, 0, 7, 2, 3, manager);
            NDArray window = RotaryEmbedding.table(12, 4, 3, 2, 3, manager);
            int frame = 2 * 3; // tokens
            assertArrayEquals(clip.get(4 * frame + ":").toFloatArray(), window.toFloatArray());
        }
    }
}
