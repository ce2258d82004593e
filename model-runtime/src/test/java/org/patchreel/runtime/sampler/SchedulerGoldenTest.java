package org.patchreel.runtime.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.runtime.golden.Golden;

/**
 * Against the reference's schedulers (diffusers 58eb52c0, and v0.35.2 for the older grid): noise levels, timesteps and the
 * sample after every step. The tolerance is the vectors' own, 2e-5 for samples of up to 2; levels lie within one unit in the
 * last place of float32.
 */
class SchedulerGoldenTest {
    private static final Pattern CASE = Pattern.compile("(\\w+)\\.shift([\\d.]+)\\.steps(\\d+)");

    private static Golden golden;

    @BeforeAll
    static void open() throws IOException {
        golden = Golden.open("schedulers");
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    static List<String> cases() throws IOException {
        List<String> names = new ArrayList<>();
        try (Golden listed = Golden.open("schedulers")) {
            for (JsonNode name : listed.meta().path("cases")) {
                names.add(name.textValue());
            }
        }
        return names;
    }

    @Test
    void coversEveryCase() throws IOException {
        // whatever set of vectors is tested: each trajectory in the file is named as a case, and there are some
        List<String> stored = golden.names().stream()
                .filter(name -> name.endsWith(".sigmas"))
                .map(name -> name.substring(0, name.length() - ".sigmas".length()))
                .sorted()
                .toList();
        assertFalse(stored.isEmpty());
        assertEquals(stored, cases().stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void visitsTheReferencesNoiseLevelsAndTimesteps(String name, @TempDir Path directory) throws IOException {
        try (NDManager manager = golden.manager().newSubManager();
                Scheduler scheduler = scheduler(name, directory, manager)) {
            assertArrayEquals(golden.tensor(name + ".sigmas").toFloatArray(), scheduler.sigmas(), 6e-8f);
            assertArrayEquals(timesteps(name), scheduler.timesteps(), 6e-5f);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void followsTheStoredModelOutputs(String name, @TempDir Path directory) throws IOException {
        NDArray outputs = golden.tensor(name + ".model_outputs");
        NDArray samples = golden.tensor(name + ".samples");
        try (NDManager manager = golden.manager().newSubManager();
                Scheduler scheduler = scheduler(name, directory, manager)) {
            NDArray sample = golden.tensor("in.sample");
            for (int i = 0; i < scheduler.timesteps().length; i++) {
                sample = scheduler.step(i, outputs.get(i), sample);
                Golden.assertClose(name + " step " + i, samples.get(i), sample, golden.tolerance());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void staysWithTheReferenceWhenTheModelAnswersToItsOwnSamples(String name, @TempDir Path directory)
            throws IOException {
        NDArray samples = golden.tensor(name + ".samples");
        try (NDManager manager = golden.manager().newSubManager();
                Scheduler scheduler = scheduler(name, directory, manager)) {
            float[] timesteps = scheduler.timesteps();
            NDArray sample = golden.tensor("in.sample");
            for (int i = 0; i < timesteps.length; i++) {
                sample = scheduler.step(i, analyticVelocity(sample, timesteps[i]), sample);
                Golden.assertClose(name + " step " + i, samples.get(i), sample, golden.tolerance());
            }
        }
    }

    /** The vectors' {@code analytic_model}. */
    private static NDArray analyticVelocity(NDArray x, float t) {
        return x.mul(0.7f).add(x.mul(3f).sin().mul(0.1f)).sub(0.2f * (t / 1000));
    }

    private static float[] timesteps(String name) {
        Number[] stored = golden.tensor(name + ".timesteps").toArray();
        float[] timesteps = new float[stored.length];
        for (int i = 0; i < stored.length; i++) {
            timesteps[i] = stored[i].floatValue();
        }
        return timesteps;
    }

    private static Scheduler scheduler(String name, Path directory, NDManager manager) throws IOException {
        Matcher parts = CASE.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(name);
        }
        String family = parts.group(1);
        double shift = Double.parseDouble(parts.group(2));
        int steps = Integer.parseInt(parts.group(3));
        ObjectNode json;
        if (family.equals("euler")) {
            json = JsonNodeFactory.instance.objectNode();
            json.put("_class_name", "FlowMatchEulerDiscreteScheduler").put("shift", shift);
        } else {
            json = golden.meta().path("base_config").deepCopy();
            json.put("_class_name", "UniPCMultistepScheduler").put("flow_shift", shift);
            switch (family) {
                case "unipc_order3" -> json.put("solver_order", 3);
                case "unipc_nocorr01" ->
                    json.putArray("disable_corrector").add(0).add(1);
                case "unipc", "unipc_v0352" -> {}
                default -> throw new IllegalArgumentException(family);
            }
        }
        Files.writeString(directory.resolve("scheduler_config.json"), json.toString());
        TimestepGrid grid = family.equals("unipc_v0352") ? TimestepGrid.V0_35 : TimestepGrid.CURRENT;
        return SchedulerConfig.read(directory, grid).create(steps, manager);
    }
}
