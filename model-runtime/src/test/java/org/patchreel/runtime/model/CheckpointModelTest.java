package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** The starter checkpoint as a model, and what goes wrong with checkpoints. */
class CheckpointModelTest {
    private static final Path STARTER = Path.of("../models/starter/checkpoint");
    private static final RuntimeOptions CPU = RuntimeOptions.CPU;

    private final ResidentSlot slot = new ResidentSlot();
    private final List<CheckpointModel> models = new ArrayList<>();

    @AfterEach
    void release() {
        models.forEach(CheckpointModel::close);
    }

    @Test
    void describesTheStarterCheckpoint() {
        ModelDescriptor descriptor = model(STARTER, CPU).descriptor();
        ModelCapabilities starter = descriptor.capabilities().orElseThrow();
        assertEquals(
                new ModelDefaults(new VideoFormat(96, 96, 17, 8), new FrameSize(768, 768), 8, 1, ""),
                starter.defaults());
        assertEquals(new FrameGrid(16, 4, 17), starter.grid());
        assertEquals("Wan 2.2 TI2V, text- and image-to-video", descriptor.family());
        assertEquals(Optional.of("Apache-2.0"), starter.license().name());
        assertEquals(140, starter.language().vocabulary().orElseThrow().words().size());
        assertTrue(starter.weightBytes() > 10_000_000, "bytes: " + starter.weightBytes());
    }

    @Test
    void makesTheSameFramesOfTheSameSeedAndOthersOfAnother() throws Exception {
        CheckpointModel model = model(STARTER, CPU);
        byte[] first = generate(model, task("a red ball rolls from left to right at sunset", 7, 4))
                .bytes();
        byte[] again = generate(model, task("a red ball rolls from left to right at sunset", 7, 4))
                .bytes();
        byte[] other = generate(model, task("a red ball rolls from left to right at sunset", 8, 4))
                .bytes();
        byte[] elsewhere =
                generate(model, task("a blue cube stands still on snow", 7, 4)).bytes();
        assertEquals(17 * 96 * 96 * 3, first.length);
        assertArrayEquals(first, again);
        assertFalse(Arrays.equals(first, other), "seed 8 gave the frames of seed 7");
        assertFalse(Arrays.equals(first, elsewhere), "another prompt gave the same frames");
    }

    @Test
    void pushesFramesWhileItDecodesThem() throws Exception {
        List<GenerationProgress> seen = new ArrayList<>();
        RecordingSink sink = new RecordingSink();
        List<Integer> framesAtProgress = new ArrayList<>();
        model(STARTER, CPU).generate(task("a green cone", 1, 2), sink, new Monitor() {
            @Override
            public void progress(GenerationProgress progress) {
                seen.add(progress);
                if (progress.stage() == Stage.DECODING) {
                    framesAtProgress.add(sink.count());
                }
            }
        });
        assertEquals(List.of(0, 1, 5, 9, 13, 17), framesAtProgress);
        assertEquals(
                List.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.SAMPLING, Stage.DECODING),
                seen.stream().map(GenerationProgress::stage).distinct().toList());
        assertTrue(seen.contains(new GenerationProgress(Stage.SAMPLING, 2, 2)), seen.toString());
    }

    @Test
    void stopsWithinOneStepWhenCancelled() throws Exception {
        List<GenerationProgress> seen = new ArrayList<>();
        RecordingSink sink = new RecordingSink();
        assertThrows(
                GenerationCancelledException.class,
                () -> model(STARTER, CPU).generate(task("a green cone", 1, 10), sink, new Monitor() {
                    private boolean stop;

                    @Override
                    public void progress(GenerationProgress progress) {
                        seen.add(progress);
                        stop |= progress.equals(new GenerationProgress(Stage.SAMPLING, 3, 10));
                    }

                    @Override
                    public boolean cancelled() {
                        return stop;
                    }
                }));
        assertEquals(new GenerationProgress(Stage.SAMPLING, 3, 10), seen.get(seen.size() - 1));
        assertEquals(0, sink.count());
    }

    @Test
    void stopsWithinOneLatentFrameWhenCancelled() throws Exception {
        RecordingSink sink = new RecordingSink();
        assertThrows(
                GenerationCancelledException.class,
                () -> model(STARTER, CPU).generate(task("a green cone", 1, 1), sink, new Monitor() {
                    @Override
                    public boolean cancelled() {
                        return sink.count() >= 5;
                    }
                }));
        assertEquals(5, sink.count());
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"SAMPLING", "DECODING"})
    void stopsWithinOneStepAndWithinOneLatentFrame(Stage stage) {
        List<GenerationProgress> seen = new ArrayList<>();
        RecordingSink sink = new RecordingSink();
        assertThrows(
                GenerationCancelledException.class,
                () -> model(STARTER, CPU).generate(task("a green cone", 1, 10), sink, new Monitor() {
                    private int asked;

                    @Override
                    public void progress(GenerationProgress progress) {
                        seen.add(progress);
                    }

                    @Override
                    public boolean cancelled() {
                        return seen.get(seen.size() - 1).stage() == stage && ++asked > 3;
                    }
                }));
        GenerationProgress last = seen.get(seen.size() - 1);
        assertEquals(stage, last.stage());
        assertEquals(0, last.done(), "steps or frames that were finished before it stopped");
        assertEquals(0, sink.count());
    }

    @Test
    void givesTheWeightsDigestsAndSizeOnceLoaded() throws Exception {
        CheckpointModel model = model(STARTER, CPU);
        assertEquals(ModelHealth.Status.READY, model.health().status());
        generate(model, task("a green cone", 1, 1));
        ModelHealth health = model.health();
        assertEquals(ModelHealth.Status.LOADED, health.status());
        assertEquals(3, health.weights().orElseThrow().files().size());
        assertTrue(health.nativeBytes() > 20_000_000, "bytes in float32: " + health.nativeBytes());
        assertTrue(health.engine().orElseThrow().contains("2.7.1"), health.toString());
        model.close();
        assertEquals(ModelHealth.Status.READY, model.health().status());
        assertEquals(0, model.health().nativeBytes());
    }

    @Test
    void isClosedAtOnceAndUnloadedWhenTheGenerationThatUsesItHasStopped() {
        CheckpointModel model = model(STARTER, CPU);
        List<Long> bytes = new ArrayList<>();
        FrameSink closing = new FrameSink() {
            @Override
            public void accept(VideoFrame frame) {
                CompletableFuture.runAsync(model::close).join(); // as a bundle stops, in a thread of its own
                bytes.add(model.health().nativeBytes());
            }

            @Override
            public void close() {}
        };
        assertThrows(
                GenerationCancelledException.class,
                () -> model.generate(task("a green cone", 1, 1), closing, new Monitor()));
        assertEquals(1, bytes.size(), "frames made");
        assertTrue(bytes.get(0) > 20_000_000, "bytes while a kernel may read them: " + bytes);
        assertEquals(0, model.health().nativeBytes());
    }

    @Test
    void unloadsOneModelForAnother() throws Exception {
        CheckpointModel one = model(STARTER, CPU);
        CheckpointModel two = model(STARTER, CPU);
        generate(one, task("a green cone", 1, 1));
        generate(two, task("a green cone", 1, 1));
        assertEquals(ModelHealth.Status.READY, one.health().status());
        assertEquals(ModelHealth.Status.LOADED, two.health().status());
    }

    @Test
    void comesCloseToFloat32InBfloat16() throws Exception {
        // The path of weights and arithmetic that a GPU takes, on the CPU. bfloat16 has 8 bits of precision; over 4
        // steps
        // that moves a pixel by some levels of 255, not by tens.
        ModelTask task = task("a red ball on grass during the day", 7, 4);
        byte[] exact = generate(model(STARTER, CPU), task).bytes();
        byte[] rounded = generate(
                        model(
                                STARTER,
                                new RuntimeOptions(
                                        "cpu", Precision.BF16, TimestepGrid.CURRENT, true, Optional.empty())),
                        task)
                .bytes();
        double sum = 0;
        for (int i = 0; i < exact.length; i++) {
            sum += Math.abs((exact[i] & 255) - (rounded[i] & 255));
        }
        double mean = sum / exact.length;
        assertTrue(mean > 0 && mean < 6, "mean difference of a pixel, of 255: " + mean);
    }

    @Test
    void hasNoUseForTheNegativePromptAtGuidanceScaleOne() throws Exception {
        VideoFormat format = new VideoFormat(96, 96, 5, 8);
        byte[] plain = generate(
                        model(STARTER, CPU), SampleTask.of("a red ball", "", format, new SamplingParameters(1, 2, 1)))
                .bytes();
        byte[] negative = generate(
                        model(STARTER, CPU),
                        SampleTask.of("a red ball", "a blue cube", format, new SamplingParameters(1, 2, 1)))
                .bytes();
        byte[] guided = generate(
                        model(STARTER, CPU),
                        SampleTask.of("a red ball", "a blue cube", format, new SamplingParameters(1, 2, 2)))
                .bytes();
        assertArrayEquals(plain, negative);
        assertFalse(Arrays.equals(plain, guided), "guidance changed nothing");
    }

    @Test
    void decodesOtherSizesInTiles() throws Exception {
        RuntimeOptions tiled =
                new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, false, Optional.of(new Tiling(64, 48)));
        ModelTask task =
                SampleTask.of("a red ball", "", new VideoFormat(128, 80, 5, 8), new SamplingParameters(1, 2, 3));
        byte[] inTiles = generate(model(STARTER, tiled), task).bytes();
        byte[] whole = generate(model(STARTER, CPU), task).bytes();
        double sum = 0;
        for (int i = 0; i < whole.length; i++) {
            sum += Math.abs((whole[i] & 255) - (inTiles[i] & 255));
        }
        assertTrue(sum / whole.length < 8, "mean difference of a pixel, of 255: " + sum / whole.length);
    }

    @Test
    void notesThatAPromptWasCut() throws Exception {
        List<String> notes = new ArrayList<>();
        ModelTask task = SampleTask.of(
                "a red ball rolls past a tree ".repeat(30),
                "",
                new VideoFormat(96, 96, 1, 8),
                new SamplingParameters(1, 1, 1));
        GenerationMonitor monitor = new Monitor() {
            @Override
            public void note(String text) {
                notes.add(text);
            }
        };
        model(STARTER, CPU).generate(task, new RecordingSink(), monitor);
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(
                notes.get(0).matches("the prompt is longer than the model reads: the last \\d+ of its \\d+ tokens .*"),
                notes.get(0));

        notes.clear();
        model(STARTER, CPU).generate(task("a red ball", 1, 1), new RecordingSink(), monitor);
        assertEquals(List.of(), notes);
    }

    @Test
    void refusesAFormatThatItCannotMake() {
        for (VideoFormat format : List.of(
                new VideoFormat(100, 96, 17, 8), new VideoFormat(96, 104, 17, 8), new VideoFormat(96, 96, 18, 8))) {
            ModelTask task = SampleTask.of("a red ball", "", format, new SamplingParameters(1, 1, 1));
            GenerationException refusal =
                    assertThrows(GenerationException.class, () -> generate(model(STARTER, CPU), task));
            assertEquals(Reason.UNSUPPORTED, refusal.reason());
            assertTrue(refusal.getMessage().contains("cannot make " + format), refusal.getMessage());
        }
    }

    @Test
    void refusesACheckpointThatIsNotThere(@TempDir Path folder) {
        CheckpointModel model = model(folder.resolve("nowhere"), CPU);
        GenerationException refusal =
                assertThrows(GenerationException.class, () -> generate(model, task("a red ball", 1, 1)));
        assertEquals(Reason.NO_MODEL, refusal.reason());
        assertTrue(refusal.getMessage().contains("nowhere does not exist"), refusal.getMessage());
        assertEquals(ModelHealth.Status.UNAVAILABLE, model.health().status());
    }

    @Test
    void refusesATruncatedCheckpointAndRunsOnceItIsMended(@TempDir Path folder) throws Exception {
        copy(STARTER, folder);
        Path weights = folder.resolve("transformer/diffusion_pytorch_model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, whole.length - 100));
        CheckpointModel model = model(folder, CPU);
        GenerationException refusal =
                assertThrows(GenerationException.class, () -> generate(model, task("a red ball", 1, 1)));
        assertEquals(Reason.NO_MODEL, refusal.reason());
        assertTrue(refusal.getMessage().contains("diffusion_pytorch_model.safetensors"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("is truncated"), refusal.getMessage());
        assertEquals(
                refusal.getMessage(), "model m: " + model.health().lastError().orElseThrow());

        Files.write(weights, whole);
        assertEquals(17, generate(model, task("a red ball", 1, 1)).count());
        assertEquals(Optional.empty(), model.health().lastError());
    }

    @Test
    void refusesAForeignCheckpoint(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": \"StableDiffusionPipeline\"}");
        GenerationException refusal =
                assertThrows(GenerationException.class, () -> generate(model(folder, CPU), task("a red ball", 1, 1)));
        assertEquals(Reason.NO_MODEL, refusal.reason());
        assertTrue(refusal.getMessage().contains("StableDiffusionPipeline"), refusal.getMessage());
    }

    @Test
    void refusesCudaWithoutAnExternalLibtorch() {
        CheckpointModel model = model(
                STARTER, new RuntimeOptions("cuda", Precision.BF16, TimestepGrid.CURRENT, true, Optional.empty()));
        GenerationException refusal =
                assertThrows(GenerationException.class, () -> generate(model, task("a red ball", 1, 1)));
        assertEquals(Reason.DEVICE, refusal.reason());
        assertTrue(refusal.getMessage().contains("external libtorch"), refusal.getMessage());
        assertEquals(ModelHealth.Status.UNAVAILABLE, model.health().status());
    }

    @Test
    void passesOnWhatTheSinkComplainsOf() {
        FrameSink full = new FrameSink() {
            @Override
            public void accept(VideoFrame frame) throws IOException {
                throw new IOException("no space left on /assets");
            }

            @Override
            public void close() {}
        };
        GenerationException failure = assertThrows(
                GenerationException.class,
                () -> model(STARTER, CPU).generate(task("a red ball", 1, 1), full, new Monitor()));
        assertEquals(Reason.ENCODING, failure.reason());
        assertTrue(failure.getMessage().contains("no space left on /assets"), failure.getMessage());
    }

    @Test
    void makesNoClipUnderALicenceThatNobodyStandsFor(@TempDir Path folder) throws Exception {
        copy(STARTER, folder);
        Files.delete(folder.resolve("README.md"));
        Files.writeString(folder.resolve("LICENSE"), "SOME COMMUNITY LICENSE AGREEMENT\n");
        CheckpointModel refused = licensed(folder, ModelLicense.UNKNOWN);
        String problem = "licence not acknowledged: SOME COMMUNITY LICENSE AGREEMENT; set license.acknowledged.by";
        String why = "model m: " + problem;
        assertEquals(ModelHealth.Status.UNAVAILABLE, refused.health().status());
        assertEquals(Optional.of(problem), refused.health().lastError());
        ModelTask task = task("a red ball", 1, 1);
        GenerationException planned = assertThrows(GenerationException.class, () -> refused.plan(task));
        assertEquals(why, planned.getMessage());
        assertEquals(Reason.NO_MODEL, planned.reason());
        GenerationException made = assertThrows(GenerationException.class, () -> generate(refused, task));
        assertEquals(why, made.getMessage());
        CheckpointModel acknowledged =
                licensed(folder, new ModelLicense(Optional.empty(), List.of(), Optional.of("Jane Doe")));
        assertEquals(ModelHealth.Status.READY, acknowledged.health().status());
        assertEquals(
                "SOME COMMUNITY LICENSE AGREEMENT, acknowledged by Jane Doe",
                acknowledged.descriptor().capabilities().orElseThrow().license().line());
        assertTrue(acknowledged.plan(task).steps() > 0);
        CheckpointModel named = licensed(folder, ModelLicense.of("Apache-2.0"));
        assertEquals(ModelHealth.Status.READY, named.health().status(), "the configuration says it else");
    }

    private CheckpointModel licensed(Path directory, ModelLicense license) {
        CheckpointModel model = new CheckpointModel(
                "m", directory, Map.of(), "a test", CPU, ModelRuntime.FAMILIES, slot, AdapterFolder.NONE, license);
        models.add(model);
        return model;
    }

    private CheckpointModel model(Path directory, RuntimeOptions options) {
        CheckpointModel model =
                new CheckpointModel("m", directory, directory.toString(), options, ModelRuntime.FAMILIES, slot);
        models.add(model);
        return model;
    }

    private static ModelTask task(String prompt, long seed, int steps) {
        return SampleTask.of(prompt, "", new VideoFormat(96, 96, 17, 8), new SamplingParameters(seed, steps, 3));
    }

    private static RecordingSink generate(CheckpointModel model, ModelTask task) throws Exception {
        RecordingSink sink = new RecordingSink();
        model.generate(task, sink, new Monitor());
        return sink;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private static class Monitor implements GenerationMonitor {
        @Override
        public void progress(GenerationProgress progress) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
