package org.patchreel.runtime.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When predictions are reused, by fields that are simple enough to be counted by hand. */
class StepCacheTest {
    private static final int STEPS = 10;

    private final NDManager manager = NDManager.newBaseManager();
    private final List<Integer> computed = new ArrayList<>();

    @AfterEach
    void release() {
        manager.close();
    }

    private VelocityField counted(VelocityField field) {
        return (x, level, scope) -> {
            computed.add(level.step());
            return field.velocity(x, level, scope);
        };
    }

    private StepCache cache(VelocityField field, double threshold, int first) {
        return new StepCache(counted(field), threshold, first, STEPS - 1, manager);
    }

    /** Gives latents that grow by a tenth in each step, and returns the velocities. */
    private List<float[]> run(VelocityField field, int channels) throws Exception {
        List<float[]> velocities = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            try (NDManager scope = manager.newSubManager()) {
                float[] values = new float[channels];
                for (int c = 0; c < channels; c++) {
                    values[c] = c == 0 ? 1 + 0.1f * step : c; // but the first channel, the same in every step
                }
                NDArray x = scope.create(values, new Shape(1, channels, 1, 1, 1));
                velocities.add(
                        field.velocity(x, new Level(step, 1000 - step), scope).toFloatArray());
            }
        }
        return velocities;
    }

    /** Twice the first channel. */
    private static final VelocityField DOUBLE = (x, level, scope) -> {
        NDArray doubled = x.get(":, :1").mul(2);
        doubled.attach(scope);
        return doubled;
    };

    @Test
    void everyStepIsComputedUnlessTheChangeStaysBelowTheThreshold() throws Exception {
        run(cache(DOUBLE, 0, 2), 1);
        assertEquals(IntStream.range(0, STEPS).boxed().toList(), computed);
    }

    @Test
    void theFirstStepsAndTheLastOneAreAlwaysComputed() throws Exception {
        run(cache(DOUBLE, 1e9, 4), 1);
        assertEquals(List.of(0, 1, 2, 3, 9), computed);
    }

    /** A step changes 2 x by 0.2: 0.2 / 2.2 after step 1; from step 2 on 0.091 a step, three of which are above 0.2. */
    @Test
    void aStepIsComputedWhenTheChangeHasAddedUp() throws Exception {
        run(cache(DOUBLE, 0.2, 2), 1);
        assertEquals(List.of(0, 1, 4, 7, 9), computed);
    }

    @Test
    void aReusedVelocityMovesWithTheLatents() throws Exception {
        List<float[]> velocities = run(cache(DOUBLE, 1e9, 2), 1);
        assertArrayEquals(new float[] {2.2f}, velocities.get(1), 1e-6f);
        assertArrayEquals(new float[] {2.2f + 0.3f}, velocities.get(4), 1e-6f);
    }

    @Test
    void channelsOfAConditionAreNoLatents() throws Exception {
        List<float[]> alone = run(cache(DOUBLE, 0.2, 2), 1);
        List<Integer> steps = List.copyOf(computed);
        computed.clear();
        List<float[]> conditioned = run(cache(DOUBLE, 0.2, 2), 3);
        assertEquals(steps, computed);
        for (int step = 0; step < STEPS; step++) {
            assertArrayEquals(alone.get(step), conditioned.get(step));
        }
    }

    /** The second prediction changes wildly, which does not count. */
    @Test
    void theFirstPredictionOfABatchDecidesForAll() throws Exception {
        VelocityField both = (x, level, scope) -> {
            NDArray pair = NDArrays.concat(new NDList(x.mul(2), x.mul(level.step() % 2 == 0 ? 100 : -100)));
            pair.attach(scope);
            return pair;
        };
        List<float[]> velocities = run(cache(both, 0.2, 2), 1);
        assertEquals(List.of(0, 1, 4, 7, 9), computed);
        assertArrayEquals(new float[] {2.2f + 0.1f, -110 + 0.1f}, velocities.get(2), 1e-4f);
    }

    @Test
    void latentsThatDoNotChangeAreComputed() throws Exception {
        VelocityField still = cache(DOUBLE, 0.2, 2);
        for (int step = 0; step < STEPS; step++) {
            NDArray x = manager.create(new float[] {1}, new Shape(1, 1, 1, 1, 1));
            assertArrayEquals(
                    new float[] {2},
                    still.velocity(x, new Level(step, 500), manager).toFloatArray());
        }
        assertEquals(IntStream.range(0, STEPS).boxed().toList(), computed); // no slope can be told
    }

    @Test
    void windowsOfAClipHaveACacheEach() throws Exception {
        Map<Integer, VelocityField> fields = new HashMap<>();
        Map<Integer, Integer> passes = new HashMap<>();
        VelocityField windows = new ContextWindows(
                start -> fields.computeIfAbsent(
                        start,
                        first -> new StepCache(
                                (x, level, scope) -> {
                                    passes.merge(first, 1, Integer::sum);
                                    NDArray doubled = x.mul(2);
                                    doubled.attach(scope);
                                    return doubled;
                                },
                                0.2,
                                2,
                                STEPS - 1,
                                manager)),
                3,
                1,
                0);
        for (int step = 0; step < STEPS; step++) {
            try (NDManager scope = manager.newSubManager()) {
                float grown = 1 + 0.1f * step;
                float faster = 1 + step * step;
                NDArray x = scope.create(new float[] {grown, grown, grown, faster, faster}, new Shape(1, 1, 5, 1, 1));
                windows.velocity(x, new Level(step, 500), scope);
            }
        }
        assertEquals(Map.of(0, 5, 2, STEPS), passes);
    }

    @Test
    void aSecondExpertStartsWithPassesOfItsOwn() throws Exception {
        List<Integer> low = new ArrayList<>();
        VelocityField second = (x, level, scope) -> {
            low.add(level.step());
            return DOUBLE.velocity(x, level, scope);
        };
        run(new ExpertSwitch(995.5, cache(DOUBLE, 1e9, 2), new StepCache(second, 1e9, 2, STEPS - 1, manager)), 1);
        assertEquals(List.of(0, 1), computed);
        assertEquals(List.of(5, 6, 9), low);
    }

    @Test
    void keepsNoMoreArraysWithEveryStep() throws Exception {
        try (NDManager run = manager.newSubManager()) {
            StepCache cache = new StepCache(DOUBLE, 0.2, 2, 1000, run);
            List<Integer> held = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                try (NDManager scope = manager.newSubManager()) {
                    NDArray x = scope.create(new float[] {1 + 0.1f * step}, new Shape(1, 1, 1, 1, 1));
                    cache.velocity(x, new Level(step, 500), scope);
                }
                held.add(run.getManagedArrays().size());
            }
            assertEquals(List.of(3), held.stream().distinct().toList());
        }
    }
}
