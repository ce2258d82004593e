package org.patchreel.runtime.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.SchedulerChoice.Kind;
import org.patchreel.runtime.sampler.UniPcConfig.SolverType;

class SchedulerConfigTest {
    private static final String UNIPC =
            "'_class_name': 'UniPCMultistepScheduler', 'prediction_type': 'flow_prediction', 'use_flow_sigmas': true";
    private static final String EULER = "'_class_name': 'FlowMatchEulerDiscreteScheduler'";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void readsWhatDiffusersWrites() throws IOException {
        Path folder = Golden.root().resolve("schedulers");
        assertEquals(
                new FlowMatchEulerConfig(1000, 3),
                SchedulerConfig.read(folder.resolve("flow_match_euler"), TimestepGrid.CURRENT));
        assertEquals(
                new UniPcConfig(1000, 3, 2, SolverType.BH2, true, Set.of(), TimestepGrid.V0_35),
                SchedulerConfig.read(folder.resolve("unipc"), TimestepGrid.V0_35));
    }

    @Test
    void takesMissingAndNullForTheReferencesDefaults() throws IOException {
        assertEquals(new FlowMatchEulerConfig(1000, 1), read(EULER + ", 'shift': null, 'something_new': [1]"));
        assertEquals(
                new UniPcConfig(1000, 1, 2, SolverType.BH2, true, Set.of(), TimestepGrid.CURRENT),
                read(UNIPC + ", 'solver_p': null"));
    }

    @Test
    void readsWhichStepsAreNotCorrected() throws IOException {
        UniPcConfig config = (UniPcConfig) read(UNIPC + ", 'disable_corrector': [0, 2]");
        assertEquals(Set.of(0, 2), config.uncorrectedSteps());
    }

    @Test
    void takesShiftAndKindThatAreChosenElsewhere() throws IOException {
        Path folder = Golden.root().resolve("schedulers");
        SchedulerChoice shifted = new SchedulerChoice(Optional.empty(), OptionalDouble.of(5), List.of());
        assertEquals(
                new FlowMatchEulerConfig(1000, 5),
                SchedulerConfig.read(folder.resolve("flow_match_euler"), TimestepGrid.CURRENT, shifted));
        assertEquals(
                new UniPcConfig(1000, 5, 2, SolverType.BH2, true, Set.of(), TimestepGrid.V0_35),
                SchedulerConfig.read(folder.resolve("unipc"), TimestepGrid.V0_35, shifted));
        assertEquals(
                new FlowMatchEulerConfig(1000, 3),
                SchedulerConfig.read(
                        folder.resolve("unipc"),
                        TimestepGrid.CURRENT,
                        new SchedulerChoice(Optional.of(Kind.EULER), OptionalDouble.empty(), List.of())));
        assertEquals(
                SchedulerConfig.read(folder.resolve("unipc"), TimestepGrid.CURRENT),
                SchedulerConfig.read(folder.resolve("unipc"), TimestepGrid.CURRENT, SchedulerChoice.NONE));
    }

    /** Four steps of LightX2V: 1000, 750, 500 and 250, moved by 5. */
    @Test
    void stepsAtGivenTimestepsAndAtNoOtherNumberOfThem() throws IOException {
        Path unipc = Golden.root().resolve("schedulers/unipc");
        List<Double> four = List.of(1000.0, 750.0, 500.0, 250.0);
        SchedulerConfig euler = SchedulerConfig.read(
                unipc, TimestepGrid.CURRENT, new SchedulerChoice(Optional.of(Kind.EULER), OptionalDouble.of(5), four));
        try (NDManager manager = NDManager.newBaseManager();
                Scheduler scheduler = euler.create(4, manager)) {
            assertArrayEquals(new float[] {1000, 937.5f, 833.3333f, 625}, scheduler.timesteps(), 1e-3f);
            assertArrayEquals(new float[] {1, 0.9375f, 0.8333333f, 0.625f, 0}, scheduler.sigmas(), 1e-6f);
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> euler.create(8, manager));
            assertEquals("the model is sampled at 4 given timesteps, steps must be as many: 8", refusal.getMessage());
        }
        SchedulerConfig plain = SchedulerConfig.read(
                unipc, TimestepGrid.CURRENT, new SchedulerChoice(Optional.empty(), OptionalDouble.empty(), four));
        try (NDManager manager = NDManager.newBaseManager();
                Scheduler scheduler = plain.create(4, manager)) {
            assertArrayEquals(new float[] {1000, 750, 500, 250}, scheduler.timesteps(), 0);
            NDArray sample = manager.create(new float[] {1, -2}).reshape(1, 2);
            NDArray velocity = manager.create(new float[] {0.5f, 0.25f}).reshape(1, 2);
            for (int i = 0; i < 4; i++) {
                sample = scheduler.step(i, velocity, sample);
            }
            // a constant velocity leads to x - v in every solver
            assertArrayEquals(new float[] {0.5f, -2.25f}, sample.toFloatArray(), 1e-4f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DDIMScheduler", "", "uniPCMultistepScheduler"})
    void refusesAnotherClassByName(String name) {
        String message = refusal("'_class_name': '" + name + "'");
        assertTrue(
                message.contains("_class_name is \"" + name + "\", expected FlowMatchEulerDiscreteScheduler or UniPC"),
                message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "use_karras_sigmas | true",
                "use_exponential_sigmas | true",
                "use_beta_sigmas | true",
                "use_dynamic_shifting | true",
                "stochastic_sampling | true",
                "invert_sigmas | true",
                "shift_terminal | 0.1",
            })
    void refusesAnOptionOfEulerThatIsNotImplemented(String key, String value) {
        String message = refusal(EULER + ", '" + key + "': " + value);
        assertTrue(message.contains(key + " is " + value) && message.contains("implemented"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "use_karras_sigmas | true",
                "use_exponential_sigmas | true",
                "use_beta_sigmas | true",
                "use_dynamic_shifting | true",
                "thresholding | true",
                "solver_p | {}",
                "shift_terminal | 0.1",
                "predict_x0 | false",
                "final_sigmas_type | 'sigma_min'",
                "solver_type | 'midpoint'",
            })
    void refusesAnOptionOfUniPcThatIsNotImplemented(String key, String value) {
        String message = refusal(UNIPC + ", '" + key + "': " + value);
        assertTrue(message.contains(key + " is " + value.replace('\'', '"')), message);
        assertTrue(message.contains("implemented"), message);
    }

    @Test
    void refusesUniPcWithoutFlowMatching() {
        String nothing = "'_class_name': 'UniPCMultistepScheduler'";
        assertTrue(refusal(nothing).contains("prediction_type is absent, only flow_prediction is implemented"));
        String noSigmas = nothing + ", 'prediction_type': 'flow_prediction'";
        assertTrue(refusal(noSigmas).contains("use_flow_sigmas is absent, only true is implemented"));
    }

    @Test
    void refusesAHighOrderLastStepBecauseItHasNoFormula() {
        String message = refusal(UNIPC + ", 'lower_order_final': false");
        assertTrue(message.contains("lower_order_final is false, expected true for solver_order 2"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "solver_order | 4",
                "solver_order | 2.5",
                "solver_order | 99999999999",
                "flow_shift | 0",
                "flow_shift | -3",
                "flow_shift | 1e999",
                "flow_shift | \"3\"",
                "num_train_timesteps | 1",
                "num_train_timesteps | 1000000000",
                "lower_order_final | 1",
                "solver_type | 1",
                "disable_corrector | 1",
                "disable_corrector | [true]",
            })
    void refusesAValueOutOfRangeOrOfAnotherType(String key, String value) {
        String message = refusal(UNIPC + ", '" + key + "': " + value);
        assertTrue(message.contains(directory.toString()) && message.contains(key), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"shift\": NaN}", "{\"a\": 1} trailing"})
    void refusesAFileThatIsNoJsonObject(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("scheduler_config.json"), content);
        IOException refused =
                assertThrows(IOException.class, () -> SchedulerConfig.read(directory, TimestepGrid.CURRENT), content);
        assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()));
    }

    @Test
    void refusesAnOversizedOrMissingFileAndHugeNesting() throws IOException {
        Path file = directory.resolve("scheduler_config.json");
        assertThrows(IOException.class, () -> SchedulerConfig.read(directory, TimestepGrid.CURRENT));
        Files.writeString(file, "[".repeat(500_000));
        assertThrows(IOException.class, () -> SchedulerConfig.read(directory, TimestepGrid.CURRENT));
        Files.writeString(file, "{}" + " ".repeat(1 << 20));
        assertThrows(IOException.class, () -> SchedulerConfig.read(directory, TimestepGrid.CURRENT));
    }

    private SchedulerConfig read(String members) throws IOException {
        Files.writeString(directory.resolve("scheduler_config.json"), "{" + members.replace('\'', '"') + "}");
        return SchedulerConfig.read(directory, TimestepGrid.CURRENT);
    }

    private String refusal(String members) {
        return String.valueOf(
                assertThrows(IOException.class, () -> read(members)).getMessage());
    }
}
