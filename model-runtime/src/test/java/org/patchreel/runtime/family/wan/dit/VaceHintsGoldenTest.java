package org.patchreel.runtime.family.wan.dit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.ScriptCall.TensorAndList;
import org.patchreel.runtime.torch.TensorList;
import org.patchreel.spi.GenerationMonitor;

/** The branch of VACE against diffusers' WanVACETransformer3DModel. Tolerance: the one of the vectors' authors. */
class VaceHintsGoldenTest {

    private static final double TOLERANCE = 2e-4;

    @ParameterizedTest
    @ValueSource(strings = {"control", "refs", "inpaint_ref"})
    void hintsAndVelocityAreThoseOfTheReference(String name) throws Exception {
        try (Golden golden = Golden.open("pipeline_vace_wan21");
                Transformer transformer = Transformer.load(golden.folder().resolve("transformer"), Placement.CPU)) {
            NDManager scope = golden.manager();
            NDArray noise = golden.tensor(name + ".in.noise");
            NDArray condition = condition(golden, name);
            NDArray timesteps = scope.create(
                    new float[] {golden.tensor("mid.timesteps").get(0).getLong()}, new Shape(1, 1));
            NDArray positions = transformer.positions(noise.getShape(), 0, scope);
            Transformer.Context context =
                    transformer.context(golden.tensor("in.prompt_embeds"), Optional.empty(), scope);

            TensorAndList begun = transformer
                    .script()
                    .call("begin")
                    .with(noise)
                    .with(timesteps)
                    .withInts(1, 2, 2)
                    .with(transformer.config().freqDim())
                    .with(transformer.weights())
                    .tensorAndList(scope);
            try (TensorList steering = begun.list()) {
                NDArray state = transformer
                        .script()
                        .call("begin_control")
                        .with(condition)
                        .with(begun.tensor())
                        .withInts(1, 2, 2)
                        .with(transformer.weights())
                        .tensor(scope);
                for (int i = 0; i < 2; i++) {
                    state = transformer
                            .script()
                            .call("layer")
                            .with(state)
                            .with(steering)
                            .with(context.embedding())
                            .with(context.textTokens())
                            .with(positions)
                            .with("vace_blocks." + i)
                            .with(transformer.config().heads())
                            .with(transformer.config().eps())
                            .with(transformer.weights())
                            .tensor(scope);
                    NDArray hint = transformer
                            .script()
                            .call("hint")
                            .with(scope.zeros(state.getShape()))
                            .with(state)
                            .with("vace_blocks." + i)
                            .with(1.0)
                            .with(transformer.weights())
                            .tensor(scope);
                    assertClose(
                            "hint " + i, golden.tensor(name + ".mid.hint" + i + "_first_step_cond"), hint, TOLERANCE);
                }
            }
            NDArray velocity = transformer.velocity(
                    noise,
                    Optional.of(new Transformer.Control(condition, scales(golden, name))),
                    timesteps,
                    context,
                    positions,
                    GenerationMonitor.UNWATCHED,
                    scope);
            assertClose("velocity", golden.tensor(name + ".mid.model_output_first_step_cond"), velocity, TOLERANCE);
        }
    }

    @Test
    void takesTheNamesOfTheOriginalRelease(@TempDir Path directory) throws Exception {
        try (Golden golden = Golden.open("single_file")) {
            Files.copy(golden.folder().resolve("transformer_vace/config.json"), directory.resolve("config.json"));
            Files.copy(golden.folder().resolve("vace.safetensors"), directory.resolve("vace.safetensors"));
            try (Transformer transformer = Transformer.load(directory, Placement.CPU)) {
                NDManager scope = golden.manager();
                NDArray video = golden.tensor("t2v.in.x");
                NDArray timesteps = golden.tensor("t2v.in.t").toType(DataType.FLOAT32, false);
                Transformer.Control control = new Transformer.Control(
                        golden.tensor("vace.in.control"),
                        List.of(golden.meta().path("vace_scales").get(0).asDouble()));
                NDArray velocity = transformer.velocity(
                        video,
                        Optional.of(control),
                        timesteps.reshape(timesteps.getShape().get(0), 1),
                        transformer.context(golden.tensor("t2v.in.text"), Optional.empty(), scope),
                        transformer.positions(video.getShape(), 0, scope),
                        GenerationMonitor.UNWATCHED,
                        scope);
                assertClose("velocity", golden.tensor("vace.out"), velocity, TOLERANCE);
            }
        }
    }

    @Test
    void aTransformerWithoutTheBranchTakesNoControl() throws Exception {
        try (Golden golden = Golden.open("transformer_t2v");
                Transformer transformer = Transformer.load(golden.folder().resolve("transformer"), Placement.CPU)) {
            NDManager scope = golden.manager();
            NDArray video = golden.tensor("in.hidden_states");
            Transformer.Control control = new Transformer.Control(video, List.of(1.0));
            Transformer.Context context =
                    transformer.context(golden.tensor("in.encoder_hidden_states"), Optional.empty(), scope);
            NDArray positions = transformer.positions(video.getShape(), 0, scope);
            NDArray timesteps = scope.ones(new Shape(video.getShape().get(0), 1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> transformer.velocity(
                            video,
                            Optional.of(control),
                            timesteps,
                            context,
                            positions,
                            GenerationMonitor.UNWATCHED,
                            scope));
        }
    }

    private static NDArray condition(Golden golden, String name) {
        return NDArrays.concat(
                new NDList(
                        golden.tensor(name + ".mid.control_latents"),
                        golden.tensor(name + ".mid.control_mask").toType(DataType.FLOAT32, true)),
                1);
    }

    private static List<Double> scales(Golden golden, String name) {
        var scales = golden.meta().path("cases").path(name).path("conditioning_scale");
        return List.of(scales.get(0).asDouble(), scales.get(1).asDouble());
    }
}
