package org.patchreel.runtime.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatentNoiseTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void release() {
        manager.close();
    }

    /** The noise of count frames from first on, frame by frame. */
    private float[][] frames(long seed, int first, int count) {
        NDArray noise = LatentNoise.draw(seed, first, new Shape(1, 3, count, 8, 6), manager);
        float[][] frames = new float[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = noise.get(":, :, " + i).toFloatArray();
        }
        return frames;
    }

    @Test
    void aFramesNoiseDoesNotDependOnTheLengthOfTheClip() {
        float[][] five = frames(7, 0, 5);
        assertArrayEquals(five[0], frames(7, 0, 3)[0]);
        assertArrayEquals(five[3], frames(7, 3, 1)[0], "the fourth frame, drawn alone");
    }

    @Test
    void noFrameHasTheNoiseOfAnotherOrOfTheNextSeed() {
        float[][] clip = frames(7, 0, 5);
        float[][] next = frames(8, 0, 5);
        float[][] far = frames(7 + (1L << 32), 0, 5);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                assertTrue(i == j || !Arrays.equals(clip[i], clip[j]), i + " and " + j);
                assertFalse(Arrays.equals(clip[i], next[j]), "seeds 7 and 8, frames " + i + " and " + j);
                assertFalse(Arrays.equals(clip[i], far[j]), "seeds 2^32 apart, frames " + i + " and " + j);
            }
        }
    }

    @Test
    void isNormallyDistributedOverAllFrames() {
        float[] values =
                LatentNoise.draw(1, 0, new Shape(1, 4, 40, 16, 16), manager).toFloatArray();
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += value * value;
        }
        // four standard errors of 40,960 draws
        assertEquals(0, sum / values.length, 0.02);
        assertEquals(1, squares / values.length, 0.028);
    }
}
