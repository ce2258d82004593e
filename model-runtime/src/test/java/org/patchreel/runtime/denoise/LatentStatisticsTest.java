package org.patchreel.runtime.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class LatentStatisticsTest {

    private static final Shape SHAPE = new Shape(1, 2, 2, 1, 2);

    @Test
    void measuresEachChannel() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray latents = manager.create(new float[] {1, 3, 5, 7, -2, -2, -2, -2}, SHAPE);
            LatentStatistics statistics = LatentStatistics.of(latents, manager);
            assertArrayEquals(new float[] {4, -2}, statistics.mean().toFloatArray());
            assertArrayEquals(new float[] {2.236068f, 0}, statistics.deviation().toFloatArray(), 1e-5f);
        }
    }

    @Test
    void movesLatentsToTheirOwnStatistics() {
        try (NDManager manager = NDManager.newBaseManager()) {
            LatentStatistics first =
                    LatentStatistics.of(manager.create(new float[] {1, 3, 5, 7, -2, -2, -2, -2}, SHAPE), manager);
            NDArray later = manager.create(new float[] {20, 20, 40, 40, 1, 1, 1, 1}, SHAPE);
            assertArrayEquals(
                    new float[] {1.763932f, 1.763932f, 6.236068f, 6.236068f, -2, -2, -2, -2},
                    first.impose(later, manager).toFloatArray(),
                    1e-4f);
        }
    }
}
