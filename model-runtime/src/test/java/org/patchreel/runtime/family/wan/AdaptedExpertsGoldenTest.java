package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Adapter;
import org.patchreel.api.SamplingParameters;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.spi.GenerationMonitor;

/** LoRAs of two experts in a whole sampling against the reference. Tolerance: the one of the vectors' authors for latents. */
class AdaptedExpertsGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void changesEachExpertByItsOwnFile() throws Exception {
        try (Golden golden = Golden.open("lora");
                WanCheckpoint checkpoint = checkpoint(golden.meta().path("experts"))) {
            AdapterFolder folder = new AdapterFolder(Optional.of(directory.resolve("adapters")));
            copy(golden, "original_ab", "adapters/style_high_noise.safetensors");
            copy(golden, "original_down_up_alpha", "adapters/style_low_noise.safetensors");
            List<AdapterPart> parts =
                    folder.find(List.of(new Adapter("style_high_noise", 1), new Adapter("style_low_noise", 0.7)));
            checkpoint.adapt(parts);
            JsonNode experts = golden.meta().path("experts");
            List<NDArray> steps = new ArrayList<>();
            NDArray latents = new WanPipeline(checkpoint, Placement.CPU, RuntimeOptions.CPU)
                    .denoise(
                            golden.tensor("experts.pipeline.in.latents"),
                            Optional.empty(),
                            new Conditioning(
                                    golden.tensor("in.encoder_hidden_states"),
                                    Optional.of(golden.tensor("experts.pipeline.in.negative_prompt_embeds")),
                                    Optional.empty(),
                                    new ImageCondition.None()),
                            new SamplingParameters(
                                    0,
                                    experts.path("num_inference_steps").asInt(),
                                    experts.path("guidance_scale").asDouble()),
                            experts.path("guidance_scale_2").asDouble(),
                            (level, after) -> steps.add(after.duplicate()),
                            GenerationMonitor.UNWATCHED,
                            golden.manager());
            assertClose("latents", golden.tensor("experts.pipeline.out.latents"), latents, 1e-3);
            assertEquals(4, steps.size());
        }
    }

    @Test
    void refusesAPairForACheckpointWithOneTransformer() throws Exception {
        Path single = directory.resolve("single");
        Golden.copyCheckpoint(Golden.root().resolve("pipeline_t2v_unipc"), single);
        Path pair = Files.createDirectories(directory.resolve("adapters/pair"));
        Files.writeString(pair.resolve("high_noise.safetensors"), "x");
        Files.writeString(pair.resolve("low_noise.safetensors"), "x");
        List<AdapterPart> parts =
                new AdapterFolder(Optional.of(directory.resolve("adapters"))).find(List.of(new Adapter("pair", 1)));
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> WanCheckpoint.check(WanIndex.read(single), parts));
        assertEquals(
                "adapter pair has files for high and low noise levels, the model has one transformer for all",
                refusal.getMessage());
    }

    /** The experts with a decoder and a scheduler of another miniature: latents are compared. */
    private WanCheckpoint checkpoint(JsonNode experts) throws IOException {
        Path folder = directory.resolve("checkpoint");
        Golden.copyCheckpoint(Golden.root().resolve("pipeline_t2v_a14b_two_experts"), folder);
        for (String transformer : List.of("transformer", "transformer_2")) {
            Golden.copyCheckpoint(Golden.root().resolve("lora").resolve(transformer), folder.resolve(transformer));
        }
        Path index = folder.resolve("model_index.json");
        ObjectNode json = (ObjectNode) JSON.readTree(index.toFile());
        json.put("boundary_ratio", experts.path("boundary_ratio").asDouble());
        JSON.writeValue(index.toFile(), json);
        return new WanCheckpoint(WanIndex.read(folder), Placement.CPU, TimestepGrid.CURRENT);
    }

    private void copy(Golden golden, String file, String to) throws IOException {
        Path target = directory.resolve(to);
        Files.createDirectories(target.getParent());
        Files.copy(golden.folder().resolve(file + ".safetensors"), target);
    }
}
