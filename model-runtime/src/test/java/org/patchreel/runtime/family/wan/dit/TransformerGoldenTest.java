package org.patchreel.runtime.family.wan.dit;

import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.spi.GenerationMonitor;

/** The transformer against diffusers' WanTransformer3DModel, stage by stage. Tolerance: the one of the vectors' authors. */
class TransformerGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"transformer_t2v", "transformer_i2v", "transformer_flf2v", "transformer_ti2v_expand"})
    void agreesWithTheReferenceAtEveryStage(String folder) throws Exception {
        try (Golden golden = Golden.open(folder);
                Transformer transformer = Transformer.load(golden.folder().resolve("transformer"), Placement.CPU)) {
            NDManager scope = golden.manager();
            double tolerance = golden.tolerance();
            TransformerConfig config = transformer.config();
            NDArray video = golden.tensor("in.hidden_states");
            NDArray timesteps = timesteps(golden);

            NDArray tokens = transformer
                    .script()
                    .call("patch")
                    .with(video)
                    .withInts(
                            config.patch().time(),
                            config.patch().height(),
                            config.patch().width())
                    .with("patch_embedding")
                    .with(transformer.weights())
                    .tensor(scope);
            NDArray expectedTokens = golden.tensor("mid.patch_embedding");
            assertClose(
                    "patch",
                    expectedTokens
                            .reshape(expectedTokens.getShape().get(0), config.hiddenDim(), -1)
                            .transpose(0, 2, 1),
                    tokens,
                    tolerance);

            NDArray positions = transformer.positions(video.getShape(), 0, scope);
            NDArray cosines = golden.tensor("mid.rope_cos").get(":, :, 0, ::2").squeeze(0);
            assertClose("rope cosine", cosines, positions.get(":, :, 0"), tolerance);
            NDArray sines = golden.tensor("mid.rope_sin").get(":, :, 0, 1::2").squeeze(0);
            assertClose("rope sine", sines, positions.get(":, :, 1"), tolerance);

            NDArray time = transformer
                    .script()
                    .call("time_embedding")
                    .with(timesteps)
                    .with(config.freqDim())
                    .with(transformer.weights())
                    .tensor(scope);
            assertClose(
                    "time embedding",
                    golden.tensor("mid.temb"),
                    time.reshape(golden.tensor("mid.temb").getShape()),
                    tolerance);
            NDArray modulation = transformer
                    .script()
                    .call("time_modulation")
                    .with(time)
                    .with(transformer.weights())
                    .tensor(scope);
            assertClose(
                    "time modulation",
                    golden.tensor("mid.timestep_proj"),
                    modulation.reshape(golden.tensor("mid.timestep_proj").getShape()),
                    tolerance);

            Transformer.Context context = context(transformer, golden);
            if (golden.has("mid.text_embeds")) {
                long images = context.embedding().getShape().get(1) - context.textTokens();
                assertClose(
                        "text",
                        golden.tensor("mid.text_embeds"),
                        context.embedding().get(":, " + images + ":"),
                        tolerance);
            }
            if (golden.has("mid.image_embeds")) {
                long images = context.embedding().getShape().get(1) - context.textTokens();
                assertClose(
                        "image",
                        golden.tensor("mid.image_embeds"),
                        context.embedding().get(":, :" + images),
                        tolerance);
            }

            NDArray turns = transformer.script().call("turns").with(positions).tensor(scope);
            NDArray x = tokens;
            for (int i = 0; i < config.layers(); i++) {
                x = transformer
                        .script()
                        .call("block")
                        .with(x)
                        .with(context.embedding())
                        .with(context.textTokens())
                        .with(modulation)
                        .with(turns)
                        .with(transformer.weights())
                        .with("blocks." + i)
                        .with(config.heads())
                        .with(config.eps())
                        .tensor(scope);
                if (golden.has("mid.block." + i)) {
                    assertClose("block " + i, golden.tensor("mid.block." + i), x, tolerance);
                }
            }

            NDArray velocity = transformer.velocity(
                    video, Optional.empty(), timesteps, context, positions, GenerationMonitor.UNWATCHED, scope);
            assertClose("velocity", golden.tensor("out.sample"), velocity, tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformer_t2v_float_t", "transformer_sharded_bf16"})
    void agreesWithTheReferenceInItsResult(String folder) throws Exception {
        try (Golden golden = Golden.open(folder)) {
            Path own = golden.folder().resolve("transformer");
            Path weights = Files.exists(own) ? own : Golden.root().resolve("transformer_t2v/transformer");
            check(weights, golden);
        }
    }

    @Test
    void takesTheNamesOfTheOriginalRelease(@TempDir Path directory) throws Exception {
        Files.copy(Golden.root().resolve("transformer_t2v/transformer/config.json"), directory.resolve("config.json"));
        Files.copy(
                Golden.root().resolve("transformer_original_keys/wan_t2v_original.safetensors"),
                directory.resolve("wan_t2v_original.safetensors"));
        try (Golden golden = Golden.open("transformer_t2v")) {
            check(directory, golden);
        }
    }

    private static void check(Path weights, Golden golden) throws Exception {
        try (Transformer transformer = Transformer.load(weights, Placement.CPU)) {
            NDArray video = golden.tensor("in.hidden_states");
            NDArray velocity = transformer.velocity(
                    video,
                    Optional.empty(),
                    timesteps(golden),
                    context(transformer, golden),
                    transformer.positions(video.getShape(), 0, golden.manager()),
                    GenerationMonitor.UNWATCHED,
                    golden.manager());
            assertClose("velocity", golden.tensor("out.sample"), velocity, golden.tolerance());
        }
    }

    private static NDArray timesteps(Golden golden) {
        NDArray timesteps = golden.tensor("in.timestep").toType(DataType.FLOAT32, false);
        Shape shape = timesteps.getShape();
        return shape.dimension() == 1 ? timesteps.reshape(shape.get(0), 1) : timesteps;
    }

    private static Transformer.Context context(Transformer transformer, Golden golden) {
        Optional<NDArray> image = golden.has("in.encoder_hidden_states_image")
                ? Optional.of(golden.tensor("in.encoder_hidden_states_image"))
                : Optional.empty();
        return transformer.context(golden.tensor("in.encoder_hidden_states"), image, golden.manager());
    }
}
