package org.patchreel.runtime.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.GenerationCancelledException;

/** What each field shows the one in it, and what it makes of its velocity. */
class VelocityFieldTest {
    private static final Level LEVEL = new Level(2, 500);

    private final NDManager manager = NDManager.newBaseManager();
    private final AtomicReference<Level> seen = new AtomicReference<>();

    @AfterEach
    void release() {
        manager.close();
    }

    /** Gives back what it is shown, times a factor. */
    private VelocityField times(double factor) {
        return (x, level, scope) -> {
            seen.set(level);
            return x.mul(factor);
        };
    }

    /** One channel, one pixel, as many frames as values. */
    private NDArray clip(float... values) {
        return manager.create(values, new Shape(1, 1, values.length, 1, 1));
    }

    private float[] velocity(VelocityField field, NDArray x, Level level) throws GenerationCancelledException {
        return field.velocity(x, level, manager).toFloatArray();
    }

    @Test
    void guidanceMovesFromTheNegativePromptsPredictionPastThePrompts() throws Exception {
        assertArrayEquals(
                new float[] {9}, velocity(new Guidance(new TwoPasses(times(3), times(1)), 4), clip(1), LEVEL));
        assertArrayEquals(
                new float[] {3}, velocity(new Guidance(new TwoPasses(times(3), times(1)), 1), clip(1), LEVEL));
    }

    @Test
    void batchedGuidanceGivesWhatTwoPassesGive() throws Exception {
        VelocityField both = (x, level, scope) -> {
            assertEquals(new Shape(2, 1, 3, 1, 1), x.getShape());
            return x.mul(manager.create(new float[] {3, 1}, new Shape(2, 1, 1, 1, 1)));
        };
        assertArrayEquals(
                velocity(new Guidance(new TwoPasses(times(3), times(1)), 4), clip(1, 2, 5), LEVEL),
                velocity(new Guidance(new BatchedPass(both), 4), clip(1, 2, 5), LEVEL));
    }

    @Test
    void theFirstExpertWorksFromTheBoundaryUpwards() throws Exception {
        ExpertSwitch experts = new ExpertSwitch(900, times(1), times(2));
        assertArrayEquals(new float[] {1}, velocity(experts, clip(1), new Level(0, 900)));
        assertArrayEquals(new float[] {2}, velocity(experts, clip(1), new Level(1, 899)));
    }

    @Test
    void extraChannelsStandBesideTheLatents() throws Exception {
        VelocityField field = new ExtraChannels(times(1), clip(7, 8));
        assertArrayEquals(new float[] {1, 2, 7, 8}, velocity(field, clip(1, 2), LEVEL));
    }

    @Test
    void knownFramesAreShownWithoutNoiseAtTimestepZero() throws Exception {
        VelocityField field = new KnownFrames(times(1), clip(8, 9), 1);
        assertArrayEquals(new float[] {1, 8, 9, 4}, velocity(field, clip(1, 2, 3, 4), LEVEL));
        assertEquals(new Level(2, 500, Set.of(1, 2)), seen.get());
    }

    @Test
    void knownFramesMayStandAtBothEnds() throws Exception {
        VelocityField field = new KnownFrames(new KnownFrames(times(1), clip(9), 3), clip(8), 0);
        assertArrayEquals(new float[] {8, 2, 3, 9}, velocity(field, clip(1, 2, 3, 4), LEVEL));
        assertEquals(new Level(2, 500, Set.of(0, 3)), seen.get());
    }

    @Test
    void aClipOfKnownFramesAloneIsThoseFramesAndLeavesThemOpen() {
        NDArray known = clip(5, 6);
        NDArray completed = KnownFrames.complete(clip(1, 2), known, 0);
        completed.close();
        assertArrayEquals(new float[] {5, 6}, known.toFloatArray());
    }
}
