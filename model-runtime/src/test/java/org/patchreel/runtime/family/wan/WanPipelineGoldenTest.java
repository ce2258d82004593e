package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.SamplingParameters;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.text.PromptCleaner;
import org.patchreel.runtime.family.wan.text.PromptTokenizer;
import org.patchreel.runtime.family.wan.text.TokenIds;
import org.patchreel.runtime.family.wan.vae.FrameDecoder;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.GenerationMonitor;

/**
 * Whole pipelines against diffusers' WanPipeline and WanImageToVideoPipeline: the latents after every step, and the
 * frames. Tolerances: those of the vectors' authors.
 */
class WanPipelineGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "pipeline_t2v_euler, false",
        "pipeline_t2v_euler, true",
        "pipeline_t2v_unipc, false",
        "pipeline_t2v_unipc, true",
        "pipeline_t2v_a14b_two_experts, false",
        "pipeline_t2v_a14b_two_experts, true",
        "pipeline_i2v_wan21, false",
        "pipeline_i2v_wan21, true",
        "pipeline_i2v_a14b, false",
        "pipeline_i2v_a14b, true",
        "pipeline_ti2v5b_t2v, false",
        "pipeline_ti2v5b_t2v, true",
        "pipeline_ti2v5b_i2v, false",
        "pipeline_ti2v5b_i2v, true"
    })
    void agreesWithTheReferenceFromPromptToFrames(String folder, boolean batchedGuidance) throws Exception {
        try (Golden golden = Golden.open(folder);
                WanCheckpoint checkpoint =
                        new WanCheckpoint(WanIndex.read(golden.folder()), Placement.CPU, TimestepGrid.CURRENT)) {
            NDManager scope = golden.manager();
            JsonNode meta = golden.meta();
            RuntimeOptions options =
                    new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, batchedGuidance, Optional.empty());
            WanPipeline pipeline = new WanPipeline(checkpoint, Placement.CPU, options);
            double scale = meta.path("guidance_scale").asDouble();
            double latentTolerance =
                    meta.path("expected_fp32_max_abs_diff_latents").asDouble();

            NDArray denoised = pipeline.denoise(
                    golden.tensor("in.latents"),
                    Optional.empty(),
                    conditioning(golden, checkpoint, pipeline),
                    new SamplingParameters(0, meta.path("num_inference_steps").asInt(), scale),
                    meta.path("guidance_scale_2").asDouble(scale),
                    (level, latents) -> assertClose(
                            "latents after step " + level.step(),
                            golden.tensor("mid.latents_after_step").get(level.step()),
                            latents,
                            latentTolerance),
                    GenerationMonitor.UNWATCHED,
                    scope);
            assertClose("latents", golden.tensor("out.latents"), denoised, latentTolerance);

            int stride = checkpoint.vae().config().scaleFactorSpatial();
            Shape shape = denoised.getShape();
            FrameSize size = new FrameSize((int) shape.get(4) * stride, (int) shape.get(3) * stride);
            NDList frames = new NDList();
            try (FrameDecoder decoder = checkpoint.vae().decoder(size, Optional.empty())) {
                for (int i = 0; i < shape.get(2); i++) {
                    NDArray latent = denoised.get(":, :, " + i + ":" + (i + 1));
                    frames.add(decoder.next(latent, GenerationMonitor.UNWATCHED, scope));
                }
            }
            NDArray video =
                    NDArrays.concat(frames, 2).transpose(0, 2, 3, 4, 1).add(1).div(2);
            assertClose(
                    "frames",
                    golden.tensor("out.frames"),
                    video,
                    meta.path("expected_fp32_max_abs_diff_frames").asDouble());
        }
    }

    /** From the prompt's text where the vectors have it, else from its states. */
    private static Conditioning conditioning(Golden golden, WanCheckpoint checkpoint, WanPipeline pipeline)
            throws Exception {
        NDManager scope = golden.manager();
        JsonNode meta = golden.meta();
        NDArray prompt;
        NDArray negative;
        if (meta.has("prompt")) {
            prompt = encode(golden, checkpoint, meta.path("prompt").asText(), "prompt");
            negative = encode(golden, checkpoint, meta.path("negative_prompt").asText(), "negative");
        } else {
            prompt = golden.tensor("in.prompt_embeds");
            negative = golden.tensor("in.negative_prompt_embeds");
        }
        ImageCondition image = new ImageCondition.None();
        if (golden.has("in.image")) {
            NDArray pixels = golden.tensor("in.image").mul(2).sub(1).expandDims(2);
            Shape shape = pixels.getShape();
            image = pipeline.condition(
                    new TreeMap<>(Map.of(0, step -> attached(pixels.duplicate(), step))),
                    new FrameSize((int) shape.get(4), (int) shape.get(3)),
                    meta.path("num_frames").asInt(),
                    GenerationMonitor.UNWATCHED,
                    scope);
        }
        Optional<NDArray> embedding =
                golden.has("in.image_embeds") ? Optional.of(golden.tensor("in.image_embeds")) : Optional.empty();
        return new Conditioning(prompt, Optional.of(negative), embedding, image);
    }

    private static NDArray attached(NDArray array, NDManager manager) {
        array.attach(manager);
        return array;
    }

    private static NDArray encode(Golden golden, WanCheckpoint checkpoint, String text, String name)
            throws IOException {
        TokenIds tokens;
        try (PromptTokenizer tokenizer = PromptTokenizer.open(
                checkpoint.index().part(WanIndex.Component.TOKENIZER),
                golden.meta().path("max_sequence_length").asInt())) {
            tokens = tokenizer.encode(PromptCleaner.clean(text));
        }
        assertArrayEquals(golden.tensor("in." + name + "_ids").toLongArray(), tokens.ids(), name + " ids");
        NDArray states = checkpoint.textEncoder().encode(tokens, golden.manager());
        String expected = name.equals("prompt") ? "mid.prompt_embeds" : "mid.negative_prompt_embeds";
        assertClose(expected, golden.tensor(expected), states, 1e-4); // the text encoder's own tolerance
        return states;
    }
}
