package org.patchreel.runtime.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.sampler.UniPcConfig.SolverType;

class SchedulerTest {
    private static final float[] CLEAN = {0.3f, -1.2f, 2f, 0f};
    private static final float[] NOISE = {1.1f, 0.4f, -0.7f, 0.2f};

    private final NDManager root = NDManager.newBaseManager();
    private final NDManager results = root.newSubManager();

    @AfterEach
    void close() {
        root.close();
    }

    static List<SchedulerConfig> configs() {
        List<SchedulerConfig> configs = new ArrayList<>();
        configs.add(new FlowMatchEulerConfig(1000, 3));
        for (TimestepGrid grid : TimestepGrid.values()) {
            for (SolverType type : SolverType.values()) {
                for (int order = 1; order <= 3; order++) {
                    configs.add(new UniPcConfig(1000, 3, order, type, true, Set.of(2), grid));
                }
            }
            configs.add(new UniPcConfig(1000, 3, 1, SolverType.BH2, false, Set.of(), grid));
        }
        return configs;
    }

    /** For the one clip x₀, v = (x − x₀)/σ is the exact velocity; every solver must end at x₀ but for rounding. */
    @ParameterizedTest
    @MethodSource("configs")
    void endsAtTheOnlyClipThatAModelKnows(SchedulerConfig config) {
        for (int steps : new int[] {1, 2, 3, 7, 50}) {
            try (Scheduler scheduler = config.create(steps, results)) {
                float[] sigmas = scheduler.sigmas();
                NDArray clean = root.create(CLEAN);
                NDArray sample = root.create(NOISE);
                for (int i = 0; i < steps; i++) {
                    sample = scheduler.step(i, sample.sub(clean).div(sigmas[i]), sample);
                }
                assertArrayEquals(CLEAN, sample.toFloatArray(), 1e-5f, steps + " steps");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void keepsNothingOfWhatItIsGivenAndItsResultOutlivesIt(SchedulerConfig config) {
        NDArray sample = root.create(NOISE);
        try (Scheduler scheduler = config.create(6, results)) {
            for (int i = 0; i < 6; i++) {
                NDArray next;
                try (NDManager scope = root.newSubManager()) {
                    sample.attach(scope);
                    NDArray velocity = scope.create(CLEAN);
                    next = scheduler.step(i, velocity, sample);
                    assertEquals(2, scope.getManagedArrays().size(), "no intermediate is left beside the arguments");
                }
                int alive = results.getManagedArrays().size();
                assertTrue(alive <= 1 + 3 + 1, "result, as many estimates as the order, one sample: " + alive);
                sample = next;
            }
        }
        assertEquals(List.of(sample), results.getManagedArrays());
        assertEquals(4, sample.toFloatArray().length);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void givesTheSameSamplesForTheSameModel(SchedulerConfig config) {
        assertArrayEquals(run(config, 0), run(config, 0), 0f);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void mayBeginInTheMiddle(SchedulerConfig config) {
        for (float value : run(config, 3)) {
            assertTrue(Float.isFinite(value));
        }
    }

    private float[] run(SchedulerConfig config, int begin) {
        try (Scheduler scheduler = config.create(8, results)) {
            NDArray sample = root.create(NOISE);
            for (int i = begin; i < 8; i++) {
                sample = scheduler.step(i, sample.sin(), sample);
            }
            return sample.toFloatArray();
        }
    }

    @Test
    void refusesToLeaveOutAStepOnceBegun() {
        UniPcConfig config = new UniPcConfig(1000, 3, 2, SolverType.BH2, true, Set.of(), TimestepGrid.CURRENT);
        try (Scheduler scheduler = config.create(8, results)) {
            NDArray x = root.create(NOISE);
            scheduler.step(2, x, x);
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> scheduler.step(4, x, x));
            assertEquals("step 4 cannot follow step 2", refused.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void refusesIndicesTypesAndShapesThatDoNotFit(SchedulerConfig config) {
        try (Scheduler scheduler = config.create(2, results)) {
            NDArray x = root.create(NOISE);
            NDArray half = x.toType(DataType.FLOAT16, true);
            NDArray square = x.reshape(new Shape(2, 2));
            assertThrows(IllegalArgumentException.class, () -> scheduler.step(-1, x, x));
            assertThrows(IllegalArgumentException.class, () -> scheduler.step(2, x, x));
            assertThrows(IllegalArgumentException.class, () -> scheduler.step(0, half, x));
            assertThrows(IllegalArgumentException.class, () -> scheduler.step(0, x, half));
            assertThrows(IllegalArgumentException.class, () -> scheduler.step(0, square, x));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1001, Integer.MAX_VALUE})
    void refusesNumbersOfStepsOutOfRange(int steps) {
        for (SchedulerConfig config : configs()) {
            assertThrows(IllegalArgumentException.class, () -> config.create(steps, results));
        }
    }

    @Test
    void refusesStepsThatWouldStandStill() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new FlowMatchEulerConfig(1000, 1e-30).create(2, results));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("too many steps for this schedule"));
    }

    @Test
    void takesAThousandSteps() {
        for (SchedulerConfig config : configs()) {
            try (Scheduler scheduler = config.create(1000, results)) {
                assertEquals(1000, scheduler.timesteps().length);
            }
        }
    }
}
