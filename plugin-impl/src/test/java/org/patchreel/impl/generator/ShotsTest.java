package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Shot;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameRateConverter;
import org.patchreel.impl.media.KeptClip;
import org.patchreel.impl.store.Tree;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** The model here makes frames of 96x96 at 8 frames a second, in the grey of its prompt's number and their own. */
class ShotsTest {

    private static final VideoFormat NATIVE = new VideoFormat(96, 96, 17, 8);

    @TempDir
    Path folder;

    private Path work;
    private final List<Integer> shown = new ArrayList<>();
    private final List<List<Integer>> known = new ArrayList<>();
    private final List<String> sampled = new ArrayList<>();
    private final List<GenerationProgress> progress = new ArrayList<>();
    private Optional<String> killedAt = Optional.empty();

    @BeforeEach
    void begin() {
        work = folder.resolve("work");
    }

    @Test
    void aCutJoinsShots() throws Exception {
        WorkOrder order =
                resolve(shot(0, 3, Transition.CUT), shot(50, 2, Transition.CUT), shot(100, 6, Transition.CUT));
        assertEquals(11, order.format().frameCount());
        produce(order);
        assertEquals(List.of(0, 1, 2, 50, 51, 100, 101, 102, 103, 104, 105), shown);
    }

    @Test
    void aDissolveMixesHalfASecondAndTheClipIsShorterByThat() throws Exception {
        WorkOrder order = resolve(shot(0, 12, Transition.DISSOLVE), shot(200, 12, Transition.CUT));
        assertEquals(20, order.format().frameCount());
        produce(order);
        // 8 and 200, 9 and 201, ...: a fifth of the second shot, two fifths, ...
        List<Integer> mixed = List.of(46, 86, 125, 165);
        assertEquals(
                Stream.of(range(0, 8), mixed, range(204, 212))
                        .flatMap(List::stream)
                        .toList(),
                shown);
    }

    @Test
    void aDissolveTakesAtMostHalfOfTheShorterShot() throws Exception {
        WorkOrder order = resolve(
                shot(0, 8, Transition.DISSOLVE), shot(100, 5, Transition.DISSOLVE), shot(200, 8, Transition.CUT));
        assertEquals(
                List.of(0, 2, 2),
                order.shots().stream().map(WorkShot::dissolved).toList());
        produce(order);
        assertEquals(17, shown.size());
        assertEquals(List.of(0, 1, 2, 3, 4, 5), shown.subList(0, 6));
        assertEquals(102, shown.get(8));
        assertEquals(range(202, 208), shown.subList(11, 17));
    }

    @Test
    void aShotGoesOnFromTheLastFramesThatAreShown() throws Exception {
        WorkOrder order = resolve(
                shot(0, 7, Transition.CONTINUE), shot(100, 6, Transition.CONTINUE), shot(200, 3, Transition.CUT));
        assertEquals(16, order.format().frameCount());
        produce(order);
        // the model makes 9, 13 and 9 frames, and knows the first and a further latent one
        assertEquals(
                List.of(9, 13, 9),
                order.shots().stream()
                        .map(each -> each.task().format().frameCount())
                        .toList());
        assertEquals(
                Stream.of(range(0, 7), range(105, 111), range(205, 208))
                        .flatMap(List::stream)
                        .toList(),
                shown);
        assertEquals(List.of(List.of(), range(2, 7), range(106, 111)), known);
    }

    @Test
    void aShortShotIsContinuedWithAllThatItHas() throws Exception {
        produce(resolve(
                shot(0, 3, Transition.CONTINUE), shot(100, 1, Transition.CONTINUE), shot(200, 4, Transition.CUT)));
        assertEquals(List.of(List.of(), List.of(2), List.of(101)), known);
        assertEquals(List.of(0, 1, 2, 101, 201, 202, 203, 204), shown);
    }

    @Test
    void framesOfShotsWithoutACutKeepTheirTimesAtAnotherRate() throws Exception {
        for (FrameInterpolation interpolation : FrameInterpolation.values()) {
            shown.clear();
            known.clear();
            WorkOrder order = resolve(
                    request -> request.frameRate(25).frameInterpolation(interpolation),
                    shot(0, 20, Transition.CONTINUE),
                    shot(100, 33, Transition.CUT));
            assertEquals(53, order.format().frameCount());
            produce(order);
            int last = order.shots().get(0).used() - 1;
            List<Integer> made = Stream.concat(range(0, last + 1).stream(), range(105, 130).stream())
                    .toList();
            assertEquals(converted(order, made), shown);
            assertEquals(last, known.get(1).get(4));
        }
    }

    private static List<Integer> converted(WorkOrder order, List<Integer> made) throws IOException {
        List<Integer> frames = new ArrayList<>();
        try (FrameRateConverter converter =
                new FrameRateConverter(order.timing(), order.format().frameCount(), collecting(frames))) {
            for (int grey : made) {
                converter.accept(grey(grey));
            }
        }
        return frames;
    }

    @Test
    void everyShotHasItsOwnSeedWhichFollowsFromTheRequests() throws Exception {
        Shot shot = shot(0, 3, Transition.CUT);
        List<Long> seeds = resolve(shot, shot, shot).shots().stream()
                .map(each -> each.task().sampling().seed())
                .toList();
        assertEquals(List.of(7L, 3511274219185729L, 151215513962380L), seeds);
    }

    @Test
    void progressIsThatOfAllShots() throws Exception {
        produce(resolve(shot(0, 5, Transition.CUT), shot(50, 9, Transition.CUT)));
        for (Stage stage : List.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.SAMPLING, Stage.DECODING)) {
            List<GenerationProgress> own =
                    progress.stream().filter(each -> each.stage() == stage).toList();
            assertEquals(0, own.get(0).done(), stage.label());
            assertEquals(
                    own.get(own.size() - 1).total(), own.get(own.size() - 1).done(), stage.label());
            assertTrue(
                    IntStream.range(1, own.size())
                            .allMatch(i -> own.get(i - 1).done() <= own.get(i).done()),
                    stage.label());
        }
        assertTrue(progress.contains(new GenerationProgress(Stage.SAMPLING, 20, 40)));
        assertTrue(progress.contains(new GenerationProgress(Stage.DECODING, 5, 14)));
    }

    @Test
    void whatAKilledProcessHasSampledIsNotSampledAgain() throws Exception {
        Shot[] shots = {shot(0, 7, Transition.CONTINUE), shot(100, 6, Transition.DISSOLVE), shot(200, 9, Transition.CUT)
        };
        produce(resolve(shots));
        List<Integer> whole = List.copyOf(shown);
        List<List<Integer>> given = List.copyOf(known);
        Tree.delete(work);
        shown.clear();
        known.clear();
        sampled.clear();

        killedAt = Optional.of("shot-2");
        assertThrows(GenerationException.class, () -> produce(resolve(shots)));
        killedAt = Optional.empty();
        shown.clear();
        known.clear();
        produce(resolve(shots));
        assertEquals(List.of("shot-1", "shot-2", "shot-3"), sampled);
        assertEquals(whole, shown);
        assertEquals(given, known);
    }

    @Test
    void aWorkOrderCarriesItsShotsToAnotherMachine() throws Exception {
        WorkOrder order = resolve(
                shot(0, 8, Transition.DISSOLVE), shot(100, 5, Transition.CONTINUE), shot(200, 8, Transition.CUT));
        assertEquals(order, WorkOrderJson.read(WorkOrderJson.write(order)));
    }

    @Test
    void refusesToContinueWhereTheModelTakesNoPictures() {
        assertEquals(
                "shot 2: model starter takes no picture and continues no clip; no installed model can",
                refusal(ImageConditioning.NONE, shot(0, 8, Transition.CONTINUE), shot(1, 8, Transition.CUT)));
    }

    @Test
    void refusesAShotWithoutAPictureWhereTheModelNeedsOne() {
        assertEquals(
                "shot 1: model starter starts from an image, which this request does not have; choose a text-to-video"
                        + " model",
                refusal(ImageConditioning.REQUIRED, shot(0, 8, Transition.CONTINUE), shot(1, 8, Transition.CUT)));
    }

    @Test
    void refusesWhatIsTooLongOrTooShort() {
        Shot[] many =
                Stream.generate(() -> shot(0, 400, Transition.CUT)).limit(10).toArray(Shot[]::new);
        assertEquals(
                "the shots have 4000 frames together (500.000 seconds), of which the model makes 4010; a clip has at most"
                        + " 3601",
                refusal(ImageConditioning.OPTIONAL, many));
        assertEquals(
                "shot 2: a dissolve needs shots of 2 frames or more, these have 8 and 1",
                refusal(ImageConditioning.OPTIONAL, shot(0, 8, Transition.DISSOLVE), shot(1, 1, Transition.CUT)));
        assertEquals(
                "shot 2: frames: 3601 at 8 frames per second, model starter makes at most 3596 (449.500 seconds)",
                refusal(ImageConditioning.OPTIONAL, shot(0, 8, Transition.CONTINUE), shot(1, 3601, Transition.CUT)));
    }

    private String refusal(ImageConditioning image, Shot... shots) {
        FakeModel model = new FakeModel(FakeModel.describe("starter", 16, NATIVE, image));
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> resolve(model, request -> request, shots))
                        .getMessage());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static Shot shot(int grey, int frames, Transition next) {
        return new Shot(
                Integer.toString(grey),
                "",
                Optional.of(new ClipLength.Frames(frames)),
                List.of(),
                Camera.UNSPECIFIED,
                next);
    }

    private WorkOrder resolve(Shot... shots) throws GenerationException {
        return resolve(request -> request, shots);
    }

    private WorkOrder resolve(UnaryOperator<GenerationRequest.Builder> details, Shot... shots)
            throws GenerationException {
        return resolve(model, details, shots);
    }

    private static WorkOrder resolve(FakeModel model, UnaryOperator<GenerationRequest.Builder> details, Shot... shots)
            throws GenerationException {
        GenerationRequest request = details.apply(
                        GenerationRequest.builder(List.of(shots)).size(96, 96).seed(7))
                .build();
        InstalledModels models = new InstalledModels();
        models.addModel(model, new FakeReference(1, 1));
        return new RequestResolver(models, TestSources.none(), new Random(1))
                .resolve("ID1", request)
                .order();
    }

    private void produce(WorkOrder order) throws Exception {
        GenerationMonitor monitor = new GenerationMonitor() {
            @Override
            public void progress(GenerationProgress each) {
                progress.add(each);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        new Production(Sinks::new, new FakeProvenance(), TestSources.none())
                .produce(order, model, folder, work, monitor);
    }

    /** Keeps what it has sampled, as a model does. */
    private final FakeModel model =
            new FakeModel(FakeModel.describe("starter", 16, NATIVE, ImageConditioning.OPTIONAL)) {
                @Override
                public void generate(ModelTask task, Optional<Path> folder, FrameSink frames, GenerationMonitor monitor)
                        throws GenerationException, GenerationCancelledException {
                    known.add(task.known().stream()
                            .map(KnownFrame::frame)
                            .map(ShotsTest::grey)
                            .toList());
                    Path kept = folder.orElseThrow().resolve("latents");
                    String name = String.valueOf(folder.orElseThrow().getFileName());
                    for (Stage stage : List.of(Stage.LOADING, Stage.ENCODING_PROMPT, Stage.SAMPLING)) {
                        monitor.progress(new GenerationProgress(stage, 0, 1));
                        monitor.progress(new GenerationProgress(stage, 1, 1));
                    }
                    int count = task.format().frameCount();
                    int first = Integer.parseInt(task.prompt());
                    try {
                        if (!Files.exists(kept)) {
                            sampled.add(name);
                            Files.createDirectories(folder.orElseThrow());
                            Files.writeString(kept, task.known().toString());
                        }
                        for (int i = 0; i < count; i++) {
                            monitor.progress(new GenerationProgress(Stage.DECODING, i, count));
                            if (i == 2 && killedAt.equals(Optional.of(name))) {
                                throw new GenerationException(Reason.INTERNAL, "killed");
                            }
                            frames.accept(grey(first + i));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    monitor.progress(new GenerationProgress(Stage.DECODING, count, count));
                }
            };

    private static VideoFrame grey(int value) {
        byte[] rgb = new byte[3 * 96 * 96];
        Arrays.fill(rgb, (byte) value);
        return new VideoFrame(96, 96, ByteBuffer.wrap(rgb));
    }

    private static int grey(VideoFrame frame) {
        return frame.rgb().get(0) & 255;
    }

    private static FrameSink collecting(List<Integer> frames) {
        return new FrameSink() {
            @Override
            public void accept(VideoFrame frame) {
                frames.add(grey(frame));
            }

            @Override
            public void close() {}
        };
    }

    /** Remembers what is shown. */
    private final class Sinks implements ClipSinks {
        @Override
        public FrameSink open(Path directory, WorkOrder order, List<KeptClip> kept, Marks marking) {
            return new JoinedShots(order, marking.into(collecting(shown), Optional.empty()));
        }

        @Override
        public String codec(WorkOrder order) {
            return "none";
        }
    }
}
