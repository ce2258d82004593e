package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/**
 * A model is ready if, and only if, it can be loaded: each checkpoint here is a variant of a whole one as people have
 * them, is inspected, and then really loaded.
 */
class CheckpointInspectionTest {
    private static final String STEM = "diffusion_pytorch_model";
    private static final String TRANSFORMER = "transformer/" + STEM + ".safetensors";
    private static final String VAE = "vae/" + STEM + ".safetensors";
    private static final String TEXT_ENCODER = "text_encoder/model.safetensors";
    private static final RuntimeOptions CPU = RuntimeOptions.CPU;
    private static final ModelFamilies WAN = new ModelFamilies(List.of(new WanFamily()));

    @TempDir
    Path checkpoint;

    /** Makes a variant of the checkpoint. */
    interface Edit {
        void apply(Path checkpoint) throws IOException;
    }

    @BeforeEach
    void copyGoldenCheckpoint() throws IOException {
        Golden.copyCheckpoint(Golden.root().resolve("pipeline_t2v_unipc"), checkpoint);
        Files.writeString(
                checkpoint.resolve("patchreel.json"),
                "{\"width\":48,\"height\":32,\"frames\":9,\"frame_rate\":16,\"steps\":2}");
    }

    static List<Arguments> loadable() {
        return List.of(
                variant("as it is", dir -> {}),
                variant(
                        "float8",
                        dir -> WeightsEditor.read(dir.resolve(TRANSFORMER))
                                .inFloat8()
                                .write(dir.resolve(TRANSFORMER))),
                variant(
                        "names with a prefix",
                        dir -> WeightsEditor.read(dir.resolve(TRANSFORMER))
                                .renamed(name -> "model.diffusion_model." + name)
                                .write(dir.resolve(TRANSFORMER))),
                variant("float16, as variant files", dir -> {
                    halve(dir, TRANSFORMER, "transformer/" + STEM + ".fp16.safetensors");
                    halve(dir, VAE, "vae/" + STEM + ".fp16.safetensors");
                    halve(dir, TEXT_ENCODER, "text_encoder/model.fp16.safetensors");
                }),
                variant("float16, as a variant in shards", dir -> {
                    WeightsEditor weights =
                            WeightsEditor.read(dir.resolve(TRANSFORMER)).inHalfPrecision();
                    Files.delete(dir.resolve(TRANSFORMER));
                    shards(dir, weights, STEM + ".fp16-", STEM + ".safetensors.index.fp16.json", 2);
                }),
                variant(
                        "an autoencoder that is a decoder alone",
                        dir -> WeightsEditor.read(dir.resolve(VAE))
                                .only(name -> !name.startsWith("encoder.") && !name.startsWith("quant_conv."))
                                .write(dir.resolve(VAE))),
                variant("an index that goes on naming a tied tensor", dir -> {
                    Path shard = dir.resolve("text_encoder/model-00001-of-00001.safetensors");
                    Files.move(dir.resolve(TEXT_ENCODER), shard);
                    ObjectNode index = new ObjectMapper().createObjectNode();
                    ObjectNode map = index.putObject("weight_map");
                    WeightsEditor.read(shard)
                            .names()
                            .forEach(name -> map.put(name, String.valueOf(shard.getFileName())));
                    map.put("encoder.embed_tokens.weight", String.valueOf(shard.getFileName()));
                    Files.writeString(dir.resolve("text_encoder/model.safetensors.index.json"), index.toString());
                }),
                variant("renamed weights beside a LoRA", dir -> {
                    Files.move(dir.resolve(TRANSFORMER), dir.resolve("transformer/wan2.1_bf16.safetensors"));
                    lora(dir.resolve("transformer/pytorch_lora_weights.safetensors"), dir);
                }),
                variant(
                        "no tokenizer_config.json",
                        dir -> Files.delete(dir.resolve("tokenizer/tokenizer_config.json"))));
    }

    static List<Arguments> unloadable() {
        return List.of(
                variant(
                        "a pointer of Git LFS",
                        "pointer of Git LFS",
                        dir -> Files.writeString(
                                dir.resolve(TRANSFORMER),
                                "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5676070424\n")),
                variant(
                        "an empty file",
                        "it has only 0 bytes",
                        dir -> Files.write(dir.resolve(TRANSFORMER), new byte[0])),
                variant("a truncated file", "is truncated", dir -> {
                    byte[] whole = Files.readAllBytes(dir.resolve(TRANSFORMER));
                    Files.write(dir.resolve(TRANSFORMER), Arrays.copyOf(whole, whole.length / 2));
                }),
                variant("no weights", "no weights in", dir -> Files.delete(dir.resolve(TRANSFORMER))),
                variant(
                        "weights of another format",
                        "found no .safetensors, .gguf or .pth file",
                        dir -> Files.move(dir.resolve(TEXT_ENCODER), dir.resolve("text_encoder/pytorch_model.bin"))),
                variant("a missing shard", "1 of them are missing: " + STEM + "-00002", dir -> {
                    WeightsEditor weights = WeightsEditor.read(dir.resolve(TRANSFORMER));
                    Files.delete(dir.resolve(TRANSFORMER));
                    shards(dir, weights, STEM + "-", STEM + ".safetensors.index.json", 1);
                }),
                variant("a link whose target is gone", "is a link to /no/such/blob, which does not exist", dir -> {
                    Files.delete(dir.resolve(TRANSFORMER));
                    Files.createSymbolicLink(dir.resolve(TRANSFORMER), Path.of("/no/such/blob"));
                }),
                variant(
                        "bitsandbytes in 4 bit, as its config says",
                        "transformer/config.json has a quantization_config: the weights are quantized with bitsandbytes"
                                + " in 4 bit; these are not read: take the model in float16",
                        dir -> {
                            bitsandbytes(dir, TRANSFORMER);
                            quantized(dir, "transformer/config.json", "bitsandbytes", "load_in_4bit");
                        }),
                variant(
                        "a text encoder of bitsandbytes in 8 bit",
                        "are quantized with bitsandbytes in 8 bit",
                        dir -> quantized(dir, "text_encoder/config.json", "bitsandbytes", "load_in_8bit")),
                variant(
                        "another quantization",
                        "are quantized with gguf; these are not read",
                        dir -> quantized(dir, "vae/config.json", "gguf", "dequantize")),
                variant(
                        "bitsandbytes in 4 bit, as its tensors show",
                        "are quantized with bitsandbytes in 4 bit, as the tensor blocks.0.",
                        dir -> bitsandbytes(dir, TRANSFORMER)),
                variant("a folder in the place of the weights", STEM + ".safetensors is not a regular file", dir -> {
                    Files.delete(dir.resolve(TRANSFORMER));
                    Files.createDirectory(dir.resolve(TRANSFORMER));
                }),
                variant("a folder in the place of a configuration", "config.json is not a regular file", dir -> {
                    Files.delete(dir.resolve("vae/config.json"));
                    Files.createDirectory(dir.resolve("vae/config.json"));
                }),
                variant(
                        "a scheduler that is not implemented",
                        "_class_name is \"DDIMScheduler\"",
                        dir -> edit(
                                dir,
                                "scheduler/scheduler_config.json",
                                json -> json.put("_class_name", "DDIMScheduler"))),
                variant(
                        "another text encoder",
                        "model_type is \"t5\"",
                        dir -> edit(dir, "text_encoder/config.json", json -> json.put("model_type", "t5"))),
                variant(
                        "no tokenizer.json",
                        "tokenizer.json does not exist",
                        dir -> Files.delete(dir.resolve("tokenizer/tokenizer.json"))),
                variant(
                        "a tokenizer of another kind",
                        "model type is not one of",
                        dir -> edit(
                                dir,
                                "tokenizer/tokenizer.json",
                                json -> ((ObjectNode) json.get("model")).put("type", "BPE"))),
                variant(
                        "a boundary without a second expert",
                        "boundary_ratio in model_index.json and no",
                        dir -> edit(dir, "model_index.json", json -> json.put("boundary_ratio", 0.875))),
                variant(
                        "text-to-video weights under image-to-video",
                        "transformer's in_channels is",
                        dir -> edit(
                                dir, "model_index.json", json -> json.put("_class_name", "WanImageToVideoPipeline"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("loadable")
    void isReadyOnlyIfItCanBeLoaded(String name, String ignored, Edit edit) throws Exception {
        edit.apply(checkpoint);
        try (CheckpointModel model = model()) {
            ModelHealth health = model.health();
            assertEquals(ModelHealth.Status.READY, health.status(), health.toString());
            RecordingSink frames = new RecordingSink();
            model.generate(task(), frames, new Monitor());
            assertEquals(9, frames.count());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unloadable")
    void isUnavailableIfItCannotBeLoaded(String name, String reason, Edit edit) throws Exception {
        edit.apply(checkpoint);
        try (CheckpointModel model = model()) {
            ModelHealth health = model.health();
            assertEquals(ModelHealth.Status.UNAVAILABLE, health.status());
            String error = health.lastError().orElseThrow();
            assertTrue(error.contains(reason), error);
            GenerationException refusal = assertThrows(
                    GenerationException.class, () -> model.generate(task(), new RecordingSink(), new Monitor()));
            assertEquals("model m: " + error, refusal.getMessage());
        }
        WanIndex index = WanIndex.read(checkpoint);
        // what the inspection refuses, loading refuses too
        assertThrows(
                IOException.class,
                () -> TorchEngine.run(() -> {
                    new WanCheckpoint(index, Placement.CPU, TimestepGrid.CURRENT).close();
                    return index;
                }));
    }

    @Test
    void readsNoWeightsAndLoadsNothing() throws Exception {
        try (CheckpointModel model = model()) {
            assertEquals(ModelHealth.Status.READY, model.health().status());
            assertEquals(Optional.empty(), model.health().engine());
            assertEquals(Optional.empty(), model.health().weights());
        }
    }

    @Test
    void noticesAFileThatIsLostAndOneThatIsBackAgain() throws Exception {
        try (CheckpointModel model = model()) {
            assertEquals(ModelHealth.Status.READY, model.health().status());
            Path elsewhere = checkpoint.resolve("elsewhere");
            Files.move(checkpoint.resolve(VAE), elsewhere);
            assertEquals(ModelHealth.Status.UNAVAILABLE, model.health().status());
            Files.move(elsewhere, checkpoint.resolve(VAE));
            assertEquals(ModelHealth.Status.READY, model.health().status());
        }
    }

    @Test
    void namesFilesThatAreNotUsedAndLeavesThemOutOfTheRecordOfWhatMadeAClip() throws Exception {
        lora(checkpoint.resolve("lightx2v_rank64.safetensors"), checkpoint);
        lora(checkpoint.resolve("transformer/pytorch_lora_weights.safetensors"), checkpoint);
        halve(checkpoint, VAE, "vae/" + STEM + ".fp16.safetensors");
        WeightsEditor.read(checkpoint.resolve("vae/" + STEM + ".fp16.safetensors"))
                .write(checkpoint.resolve(VAE));
        try (CheckpointModel model = model()) {
            assertEquals(
                    List.of("not used: lightx2v_rank64.safetensors (LoRA),"
                            + " transformer/pytorch_lora_weights.safetensors (LoRA),"
                            + " vae/diffusion_pytorch_model.fp16.safetensors"),
                    model.health().notes());
            model.generate(task(), new RecordingSink(), new Monitor());
            assertEquals(
                    List.of(TEXT_ENCODER, TRANSFORMER, VAE),
                    model.health().weights().orElseThrow().files().stream()
                            .map(file -> file.path())
                            .toList());
        }
    }

    @Test
    void saysThatAModelNeedsAnImage() throws Exception {
        Path golden = Golden.root().resolve("pipeline_i2v_a14b");
        CheckpointModel model = new CheckpointModel("i2v", golden, "a test", CPU, WAN, new ResidentSlot());
        assertEquals(
                ImageConditioning.REQUIRED,
                model.descriptor().capabilities().orElseThrow().imageConditioning());
    }

    /** Wan 2.1 image-to-video has one. */
    @Test
    void knowsTheImageEncoderThatATransformerAttendsTo() throws Exception {
        Path golden = Golden.root().resolve("pipeline_i2v_wan21_clip");
        for (String part : List.of("image_encoder", "image_processor", "scheduler", "transformer", "vae")) {
            Golden.copyCheckpoint(golden.resolve(part), checkpoint.resolve(part));
        }
        Files.writeString(
                checkpoint.resolve("model_index.json"),
                Files.readString(golden.resolve("model_index.json")).replace("null", "\"transformers\""));
        CheckpointInspection inspection =
                CheckpointInspection.of(WanIndex.read(checkpoint), RuntimeOptions.CPU, SchedulerChoice.NONE);
        Path weights = checkpoint.resolve("image_encoder/model.safetensors");
        assertTrue(inspection.weights().contains(weights));
        try (CheckpointModel model = model()) {
            assertEquals(
                    ImageConditioning.REQUIRED,
                    model.descriptor().capabilities().orElseThrow().imageConditioning());
            RecordingSink sink = new RecordingSink();
            ByteBuffer grey = ByteBuffer.allocateDirect(3 * 48 * 32);
            model.generate(
                    SampleTask.knowing(task(), new KnownFrame(0, new VideoFrame(48, 32, grey))), sink, new Monitor());
            assertEquals(task().format().frameCount(), sink.count());
        }
        WeightsEditor.read(weights).only(name -> !name.contains("layer_norm2")).write(weights);
        String fault = assertThrows(
                        CheckpointException.class,
                        () -> CheckpointInspection.of(
                                WanIndex.read(checkpoint), RuntimeOptions.CPU, SchedulerChoice.NONE))
                .getMessage();
        assertTrue(fault.contains("image_encoder") && fault.contains("layer_norm2"), fault);
    }

    @Test
    void blamesTheFilesBeforeTheDeviceAsAGenerationDoes() throws Exception {
        RuntimeOptions cuda = new RuntimeOptions("cuda", Precision.BF16, TimestepGrid.CURRENT, true, Optional.empty());
        Path missing = checkpoint.resolve("missing");
        try (CheckpointModel model = new CheckpointModel("m", missing, "a test", cuda, WAN, new ResidentSlot())) {
            String error = "checkpoint directory " + missing + " does not exist";
            assertEquals(Optional.of(error), model.health().lastError());
            GenerationException refusal = assertThrows(
                    GenerationException.class, () -> model.generate(task(), new RecordingSink(), new Monitor()));
            assertEquals("model m: " + error, refusal.getMessage());
        }
    }

    /** Root may read everything: {@code ProcessTest} does this as another user. */
    @Test
    void saysThatAFileMayNotBeRead() throws Exception {
        Files.setPosixFilePermissions(checkpoint.resolve(TRANSFORMER), Set.of());
        assumeFalse(Files.isReadable(checkpoint.resolve(TRANSFORMER)), "this user may read everything");
        try (CheckpointModel model = model()) {
            assertEquals(
                    Optional.of(checkpoint.resolve(TRANSFORMER) + " cannot be read: permission denied"),
                    model.health().lastError());
        }
    }

    /** What bitsandbytes makes of a matrix: bytes of two numbers each, and what they are multiplied by. */
    private static void bitsandbytes(Path dir, String file) throws IOException {
        WeightsEditor.read(dir.resolve(file))
                .inBitsandbytes("attn1.to_q.weight")
                .write(dir.resolve(file));
    }

    private static void quantized(Path dir, String file, String method, String how) throws IOException {
        edit(
                dir,
                file,
                json -> json.putObject("quantization_config")
                        .put("quant_method", method)
                        .put(how, true));
    }

    private CheckpointModel model() {
        return new CheckpointModel("m", checkpoint, checkpoint.toString(), CPU, WAN, new ResidentSlot());
    }

    private static ModelTask task() {
        return SampleTask.of("a cat", "", new VideoFormat(48, 32, 9, 16), new SamplingParameters(7, 2, 1));
    }

    private static Arguments variant(String name, Edit edit) {
        return variant(name, "", edit);
    }

    private static Arguments variant(String name, String reason, Edit edit) {
        return Arguments.of(name, reason, edit);
    }

    private static void halve(Path dir, String from, String to) throws IOException {
        WeightsEditor.read(dir.resolve(from)).inHalfPrecision().write(dir.resolve(to));
        Files.delete(dir.resolve(from));
    }

    /** Writes weights as two shards and their index, or as many of the shards as there are to be. */
    private static void shards(Path dir, WeightsEditor weights, String prefix, String index, int written)
            throws IOException {
        ObjectNode json = new ObjectMapper().createObjectNode();
        ObjectNode map = json.putObject("weight_map");
        for (int i = 1; i <= 2; i++) {
            int half = i % 2;
            WeightsEditor part = weights.only(name -> (name.hashCode() & 1) == half);
            String file = prefix + "0000" + i + "-of-00002.safetensors";
            part.names().forEach(name -> map.put(name, file));
            if (i <= written) {
                part.write(dir.resolve("transformer").resolve(file));
            }
        }
        Files.writeString(dir.resolve("transformer").resolve(index), json.toString());
    }

    private static void lora(Path file, Path dir) throws IOException {
        WeightsEditor.read(dir.resolve(
                        Files.exists(dir.resolve(TRANSFORMER)) ? TRANSFORMER : "transformer/wan2.1_bf16.safetensors"))
                .only(name -> name.equals("proj_out.weight"))
                .renamed(name -> "diffusion_model.head.lora_down.weight")
                .write(file);
    }

    /** Changes a JSON file. */
    interface JsonEdit {
        void apply(ObjectNode json);
    }

    private static void edit(Path dir, String name, JsonEdit edit) throws IOException {
        ObjectNode json =
                (ObjectNode) new ObjectMapper().readTree(dir.resolve(name).toFile());
        edit.apply(json);
        Files.writeString(dir.resolve(name), json.toString());
    }

    private static final class Monitor implements GenerationMonitor {
        @Override
        public void progress(GenerationProgress progress) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
