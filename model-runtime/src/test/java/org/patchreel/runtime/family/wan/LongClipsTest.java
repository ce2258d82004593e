package org.patchreel.runtime.family.wan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** Clips that are longer than those that a network was trained with, here 9 frames: 3 latent frames. */
class LongClipsTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 32;
    private static final int FRAME_BYTES = 3 * WIDTH * HEIGHT;
    private static final String ROLLING = "pipeline_ti2v5b_t2v";
    private static final String CHAINED = "pipeline_i2v_a14b";
    private static final String BLENDED = "pipeline_t2v_unipc";
    private static final String BLENDED_TWO_EXPERTS = "pipeline_t2v_a14b_two_experts";

    @TempDir
    private Path folder;

    @TempDir
    private Path parent;

    private Path work;

    @BeforeEach
    void trainWithNineFrames() throws IOException {
        Files.writeString(
                folder.resolve("patchreel.json"), "{\"width\": 64, \"height\": 32, \"frames\": 9, \"frame_rate\": 8}");
        work = parent.resolve("work");
    }

    @Test
    void aClipOfOneWindowIsMadeAsIfItsNetworkWereTrainedWithLongerOnes() throws Exception {
        byte[] own;
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            own = frames(model, task(9), Optional.empty());
        }
        Files.delete(folder.resolve("patchreel.json"));
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            assertArrayEquals(own, frames(model, task(9), Optional.empty()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLLING, CHAINED, BLENDED, BLENDED_TWO_EXPERTS})
    void hasExactlyTheFramesThatAreAskedFor(String checkpoint) throws Exception {
        try (CheckpointModel model = Miniatures.model(checkpoint, folder)) {
            for (int frames : List.of(5, 9, 13, 17, 21, 41)) {
                ModelTask task = checkpoint.equals(CHAINED) ? task(frames, known(0, 90)) : task(frames);
                byte[] made = frames(model, task, Optional.empty());
                assertArrayEquals(made, frames(model, task, Optional.empty()), "the same task, the same frames");
            }
        }
    }

    @Test
    void tellsItsPlanWithoutLoadingWeights() throws Exception {
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            assertEquals(Method.WHOLE, model.plan(task(9)).method());
            SamplingPlan plan = model.plan(task(41));
            assertEquals(Method.ROLLING, plan.method());
            assertEquals(9, plan.windowFrames());
            assertEquals(0, model.health().nativeBytes());
        }
        try (CheckpointModel model = Miniatures.model(CHAINED, folder)) {
            assertEquals(new SamplingPlan(Method.CHAINED, 5, 9, 1, 2, 20), model.plan(guided(task(41, known(0, 90)))));
        }
        try (CheckpointModel model = Miniatures.model(BLENDED, folder)) {
            assertEquals(new SamplingPlan(Method.BLENDED, 5, 9, 4, 2, 10), model.plan(task(41)));
        }
    }

    @Test
    void theLastLatentFrameOfAWindowIsTheFirstOfTheNext() throws Exception {
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            frames(model, task(41), Optional.of(work));
            int windows = model.plan(task(41)).windows();
            assertEquals(windows, kept().size());
            float[][] before = latents(0);
            assertEquals(3, before.length);
            for (int window = 1; window < windows; window++) {
                float[][] next = latents(window);
                assertEquals(2, next.length);
                assertArrayEquals(before[before.length - 1], next[0], "window " + window);
                assertFalse(Arrays.equals(next[0], next[1]));
                before = next;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLLING, CHAINED})
    void goesOnAfterTheLastWindowThatWasKept(String checkpoint) throws Exception {
        try (CheckpointModel model = Miniatures.model(checkpoint, folder)) {
            ModelTask task = guided(task(25, known(0, 200)));
            byte[] whole = frames(model, task, Optional.empty());
            int windows = model.plan(task).windows();
            for (int window = 1; window <= windows; window++) {
                deleteWork();
                Watch interrupted = new Watch(window * 2 - 1); // in the last step of the window
                RecordingSink lost = new RecordingSink();
                assertThrows(
                        GenerationCancelledException.class,
                        () -> model.generate(task, Optional.of(work), lost, interrupted));
                assertEquals(window - 1, kept().size(), "windows kept");
                assertEquals(kept().size(), files(work).size(), () -> "nothing but kept windows: " + files(work));

                Watch watch = new Watch(Integer.MAX_VALUE);
                RecordingSink sink = new RecordingSink();
                model.generate(task, Optional.of(work), sink, watch);
                assertArrayEquals(whole, sink.bytes(), "interrupted in window " + window);
                assertEquals(
                        (window - 1) * 2, watch.of(Stage.SAMPLING).get(0).done(), "steps that need not be done again");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLLING, BLENDED})
    void whatWasSampledAtOnceIsNotSampledAgainWhenItsDecodingWasInterrupted(String checkpoint) throws Exception {
        ModelTask task = checkpoint.equals(BLENDED) ? task(41) : task(9);
        try (CheckpointModel model = Miniatures.model(checkpoint, folder)) {
            byte[] whole = frames(model, task, Optional.empty());
            FrameSink full = new FrameSink() {
                @Override
                public void accept(VideoFrame frame) throws IOException {
                    throw new IOException("no space left");
                }

                @Override
                public void close() {}
            };
            assertThrows(
                    GenerationException.class,
                    () -> model.generate(task, Optional.of(work), full, GenerationMonitor.UNWATCHED));
            assertEquals(List.of("window-0.latents"), files(work));
            Watch watch = new Watch(Integer.MAX_VALUE);
            RecordingSink sink = new RecordingSink();
            model.generate(task, Optional.of(work), sink, watch);
            assertArrayEquals(whole, sink.bytes());
            assertEquals(List.of(new GenerationProgress(Stage.SAMPLING, 2, 2)), watch.of(Stage.SAMPLING));
        }
    }

    @Test
    void aDamagedWindowIsMadeAgain() throws Exception {
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            byte[] whole = frames(model, task(25), Optional.of(work));
            Path file = work.resolve("window-1.latents");
            byte[] right = Files.readAllBytes(file);
            List<byte[]> damages = new ArrayList<>();
            damages.add(new byte[0]);
            damages.add(Arrays.copyOf(right, right.length - 1));
            damages.add(Arrays.copyOf(right, right.length + 1));
            byte[] flipped = right.clone();
            flipped[right.length - 7] ^= 1;
            damages.add(flipped);
            damages.add(Files.readAllBytes(work.resolve("window-2.latents"))); // another window
            for (byte[] damaged : damages) {
                Files.write(file, damaged);
                assertArrayEquals(whole, frames(model, task(25), Optional.of(work)));
                assertArrayEquals(right, Files.readAllBytes(file));
            }
        }
    }

    @Test
    void theWindowsOfAnotherTaskAreNotTaken() throws Exception {
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            ModelTask task = task(25);
            SamplingParameters sampling = task.sampling();
            List<ModelTask> others = List.of(
                    SampleTask.of("a dog", "", task.format(), sampling),
                    SampleTask.of("a cat", "", task.format(), new SamplingParameters(2, 2, 1)),
                    task(29),
                    task(25, known(0, 90)),
                    task(25, known(0, 91)),
                    task(25, known(4, 91)));
            for (ModelTask other : others) {
                frames(model, task, Optional.of(work));
                byte[] own = frames(model, other, Optional.empty());
                assertArrayEquals(own, frames(model, other, Optional.of(work)), other.toString());
                assertEquals(model.plan(other).windows(), kept().size());
            }
        }
    }

    @Test
    void aFolderThatCannotBeUsedDoesNoHarm() throws Exception {
        Files.writeString(work, "a file");
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            assertArrayEquals(frames(model, task(17), Optional.empty()), frames(model, task(17), Optional.of(work)));
        }
    }

    @Test
    void countsStepsAndFramesOfTheWholeClip() throws Exception {
        try (CheckpointModel model = Miniatures.model(ROLLING, folder)) {
            Watch watch = new Watch(Integer.MAX_VALUE);
            model.generate(task(25), new RecordingSink(), watch);
            int steps = model.plan(task(25)).windows() * 2;
            for (Stage stage : List.of(Stage.SAMPLING, Stage.DECODING)) {
                List<GenerationProgress> seen = watch.of(stage);
                int before = 0;
                for (GenerationProgress each : seen) {
                    assertEquals(stage == Stage.SAMPLING ? steps : 25, each.total());
                    assertTrue(each.done() >= before, seen.toString());
                    before = each.done();
                }
                assertEquals(seen.get(0).total(), before);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLLING, CHAINED})
    void aFrameThatIsGivenInALaterWindowChangesThatOneAndThoseAfterIt(String checkpoint) throws Exception {
        try (CheckpointModel model = Miniatures.model(checkpoint, folder)) {
            byte[] white = frames(model, task(33, known(0, 90), known(20, 255)), Optional.empty());
            byte[] black = frames(model, task(33, known(0, 90), known(20, 0)), Optional.empty());
            int differs = Arrays.mismatch(white, black) / FRAME_BYTES;
            assertTrue(differs >= 17 && differs <= 20, "first frame that differs: " + differs);
            byte[] whiteLast = frames(model, task(33, known(0, 90), known(32, 255)), Optional.empty());
            byte[] blackLast = frames(model, task(33, known(0, 90), known(32, 0)), Optional.empty());
            differs = Arrays.mismatch(whiteLast, blackLast) / FRAME_BYTES;
            assertTrue(differs >= 25 && differs <= 32, "first frame that differs: " + differs);
            byte[] begun = frames(model, task(33, known(0, 255), known(20, 255)), Optional.empty());
            assertFalse(
                    Arrays.equals(white, 28 * FRAME_BYTES, 33 * FRAME_BYTES, begun, 28 * FRAME_BYTES, 33 * FRAME_BYTES),
                    "what the clip begins with has no effect in the end");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROLLING, CHAINED, BLENDED})
    void guidanceInOnePassComesCloseToGuidanceInTwo(String checkpoint) throws Exception {
        ModelTask task = guided(checkpoint.equals(CHAINED) ? task(25, known(0, 90)) : task(25));
        List<byte[]> made = new ArrayList<>();
        for (boolean batched : new boolean[] {true, false}) {
            RuntimeOptions options =
                    new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, batched, Optional.empty());
            try (CheckpointModel model = Miniatures.model(checkpoint, folder, options)) {
                made.add(frames(model, task, Optional.empty()));
            }
        }
        for (int i = 0; i < made.get(0).length; i++) {
            assertEquals(made.get(0)[i] & 255, made.get(1)[i] & 255, 2, "byte " + i);
        }
    }

    private static ModelTask task(int frames, KnownFrame... known) {
        return SampleTask.knowing(
                SampleTask.of("a cat", "", new VideoFormat(WIDTH, HEIGHT, frames, 8), new SamplingParameters(1, 2, 1)),
                known);
    }

    private static ModelTask guided(ModelTask task) {
        return new ModelTask(
                task.prompt(), task.negativePrompt(), task.format(), new SamplingParameters(1, 2, 3), task.known());
    }

    private static byte[] frames(CheckpointModel model, ModelTask task, Optional<Path> work) throws Exception {
        RecordingSink sink = new RecordingSink();
        model.generate(task, work, sink, GenerationMonitor.UNWATCHED);
        assertEquals(task.format().frameCount(), sink.count());
        return sink.bytes();
    }

    private List<String> kept() {
        return files(work).stream()
                .filter(name -> name.matches("window-\\d+\\.latents"))
                .toList();
    }

    private static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A kept window, latent frame by latent frame. */
    private float[][] latents(int window) throws IOException {
        byte[] file = Files.readAllBytes(work.resolve("window-" + window + ".latents"));
        int begin = 0;
        while (file[begin] != '\n') {
            begin++;
        }
        String header = new String(file, 0, begin, US_ASCII);
        int[] sides = Stream.of(header.split(", ", -1)[3].split("x", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        int area = sides[3] * sides[4];
        float[][] frames = new float[sides[2]][sides[1] * area];
        ByteBuffer data =
                ByteBuffer.wrap(file, begin + 1, file.length - begin - 1).order(ByteOrder.LITTLE_ENDIAN);
        for (int channel = 0; channel < sides[1]; channel++) {
            for (float[] frame : frames) {
                for (int i = 0; i < area; i++) {
                    frame[channel * area + i] = data.getFloat();
                }
            }
        }
        return frames;
    }

    private void deleteWork() throws IOException {
        if (Files.exists(work)) {
            for (String file : files(work)) {
                Files.delete(work.resolve(file));
            }
        }
    }

    private static KnownFrame known(int index, int level) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(FRAME_BYTES);
        while (rgb.hasRemaining()) {
            rgb.put((byte) level);
        }
        return new KnownFrame(index, new VideoFrame(WIDTH, HEIGHT, rgb.flip()));
    }

    /** Records progress and cancels after a number of denoising steps. */
    private static final class Watch implements GenerationMonitor {
        private final List<GenerationProgress> seen = new ArrayList<>();
        private final int steps;

        Watch(int steps) {
            this.steps = steps;
        }

        @Override
        public void progress(GenerationProgress progress) {
            seen.add(progress);
        }

        List<GenerationProgress> of(Stage stage) {
            return seen.stream().filter(each -> each.stage() == stage).toList();
        }

        @Override
        public boolean cancelled() {
            return !seen.isEmpty()
                    && seen.get(seen.size() - 1).stage() == Stage.SAMPLING
                    && seen.get(seen.size() - 1).done() >= steps;
        }
    }
}
