package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SourceUse;
import org.patchreel.api.AssetMetadata.SourceUse.Trace;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Source.Continuation;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Source.Interpolation;
import org.patchreel.api.Source.Keyframe;
import org.patchreel.api.Source.Restyle;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.store.FileSourceStore;
import org.patchreel.impl.verify.Takedowns.Takedown;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** The model here makes black frames of 96x96 at 8 frames a second, and knows every 4th. */
class SourcesTest {

    private static final VideoFormat NATIVE = new VideoFormat(96, 96, 17, 8);
    private static final int RED = 0xdc2828;
    private static final int BLUE = 0x2828dc;
    /** What encoding flat frames again may change: less than a frame is from the next one. */
    private static final int CODED = 3;

    @TempDir
    Path folder;

    private FileSourceStore store;
    private SourceFiles files;
    private FakeStore assets;
    private final TestAudit takedowns = new TestAudit();
    private OriginReader origins = (source, file) -> SourceOrigin.UNKNOWN;
    private final List<KnownFrame> known = new ArrayList<>();
    private final List<Integer> start = new ArrayList<>();
    private final FakeModel model =
            new FakeModel(FakeModel.describe("starter", 16, NATIVE, ImageConditioning.OPTIONAL)) {
                @Override
                public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor)
                        throws GenerationException, GenerationCancelledException {
                    known.addAll(task.known());
                    task.restyle().ifPresent(from -> {
                        try {
                            for (var frame = from.frames().next();
                                    frame.isPresent();
                                    frame = from.frames().next()) {
                                start.add(middle(frame.get()));
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
                    super.generate(task, work, frames, monitor);
                }
            };

    @BeforeEach
    void open() throws IOException {
        store = TestSources.in(folder.resolve("sources"));
        assets = new FakeStore(Files.createDirectory(folder.resolve("assets")));
        files = new SourceFiles(store, new CurrentStore(assets, Duration.ZERO));
    }

    @Test
    void aPictureIsTheFirstFrameAndGivesTheClipItsShape() throws Exception {
        WorkOrder order = resolve(ball -> ball.source(new Keyframe(picture("red.png", RED, 200, 100), Position.FIRST)));
        assertEquals(new VideoFormat(452, 226, 17, 8), order.format());
        assertEquals(new FrameSize(128, 64), order.generated().size());
        assertEquals(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, order.sourceType());
        make(order);
        assertEquals(List.of(0), indexes());
        assertNear(RED, known.get(0).frame());
    }

    @Test
    void keyFramesStandWhereTheModelKnowsThem() throws Exception {
        WorkOrder order = resolve(ball -> ball.source(new Keyframe(picture("a.png", RED, 64, 64), Position.FIRST))
                .source(new Keyframe(picture("b.png", BLUE, 64, 64), Position.at(1.1)))
                .source(new Keyframe(picture("c.png", RED, 64, 64), Position.LAST))
                .seconds(2));
        assertEquals(17, order.format().frameCount(), "the last frame is one that the model knows");
        make(order);
        assertEquals(List.of(0, 8, 16), indexes());
        assertNear(BLUE, known.get(1).frame());
    }

    @Test
    void aLastPictureEndsTheClipInAnotherRate() throws Exception {
        WorkOrder order = resolve(ball -> ball.source(new Keyframe(picture("a.png", RED, 64, 64), Position.LAST))
                .seconds(1)
                .frameRate(24));
        assertEquals(9, order.generated().frameCount());
        assertEquals(8, order.timing().generatedFrames(order.format().frameCount()) - 1);
        make(order);
        assertEquals(List.of(8), indexes());
    }

    @Test
    void anExtendedClipKeepsItsFrames() throws Exception {
        Media clip = clip("clip.mp4", 64, 48, 24, 36);
        WorkOrder order =
                resolve(ball -> ball.source(new Continuation(clip, Side.AFTER)).seconds(1));
        assertEquals(new VideoFormat(64, 48, 36 + 24, 24), order.format());
        assertEquals(24, order.made());
        Path made = make(order);
        assertEquals(List.of(0, 1, 2, 3, 4), indexes());
        List<Integer> frames = frames(made);
        List<Integer> own =
                frames(store.find(order.sources().get(0).file().sha256()).orElseThrow());
        assertEquals(60, frames.size());
        for (int i = 0; i < 36; i++) {
            assertNear(own.get(i), frames.get(i));
        }
        for (int i = 36; i < 60; i++) {
            assertNear(0, frames.get(i));
        }
        assertNear(own.get(35), middle(known.get(4).frame()));
        assertNear(own.get(32), middle(known.get(3).frame()));
    }

    @Test
    void anExtendedAssetKeepsItsCodedFrames() throws Exception {
        Media clip = clip("clip.mp4", 64, 48, 24, 36);
        make(resolve(ball -> ball.source(new Continuation(clip, Side.AFTER)).seconds(1)));
        Media asset = new Media.Asset("ID1");
        WorkOrder order = resolve(
                "ID2", ball -> ball.source(new Continuation(asset, Side.AFTER)).seconds(1));
        List<Integer> own =
                frames(store.find(order.sources().get(0).file().sha256()).orElseThrow());
        assertEquals(own, frames(make(order)).subList(0, 60), "they are not encoded again");
    }

    @Test
    void aClipIsLedUpTo() throws Exception {
        Media clip = clip("clip.mp4", 64, 48, 8, 12);
        WorkOrder order =
                resolve(ball -> ball.source(new Continuation(clip, Side.BEFORE)).seconds(0.8));
        assertEquals(8, order.made(), "to the next frame that the model knows");
        Path made = make(order);
        assertEquals(List.of(8, 9, 10, 11, 12), indexes());
        List<Integer> frames = frames(made);
        List<Integer> own =
                frames(store.find(order.sources().get(0).file().sha256()).orElseThrow());
        assertEquals(20, frames.size());
        for (int i = 0; i < 8; i++) {
            assertNear(0, frames.get(i));
        }
        assertEquals(own, frames.subList(8, 20), "they are not encoded again");
    }

    @Test
    void twoClipsAreConnected() throws Exception {
        Media first = clip("first.mp4", 64, 48, 8, 12);
        Media second = clip("second.mp4", 48, 64, 16, 20);
        WorkOrder order = resolve(ball -> ball.source(new Continuation(first, Side.AFTER))
                .source(new Continuation(second, Side.BEFORE))
                .seconds(1));
        assertEquals(new VideoFormat(64, 48, 12 + 11 + 10, 8), order.format());
        Path made = make(order);
        assertEquals(10, known.size());
        assertEquals(0, known.get(0).index());
        assertEquals(4 + 12, known.get(5).index());
        List<Integer> frames = frames(made);
        assertEquals(33, frames.size());
        assertEquals(frames(store.find(order.sources().get(0).file().sha256()).orElseThrow()), frames.subList(0, 12));
        assertNear(0, frames.get(12));
        assertNear(0, frames.get(22));
        assertTrue(TestFrames.distance(0, frames.get(11)) > 50);
        assertTrue(TestFrames.distance(0, frames.get(23)) > 50);
    }

    @Test
    void aLoopedClipLeadsBackToItsBeginning() throws Exception {
        Media clip = clip("clip.mp4", 64, 48, 8, 12);
        WorkOrder order = resolve(ball ->
                ball.source(new Continuation(clip, Side.AFTER)).loop(true).seconds(1));
        assertEquals(12 + 11, order.format().frameCount());
        Path made = make(order);
        List<Integer> own =
                frames(store.find(order.sources().get(0).file().sha256()).orElseThrow());
        assertNear(own.get(0), middle(known.get(5).frame()));
        List<Integer> frames = frames(made);
        assertEquals(own, frames.subList(0, 12));
        assertNear(0, frames.get(22));
    }

    @Test
    void aLoopOfAPromptOrAPictureHasAlikeEndsOfWhichOneIsShown() throws Exception {
        WorkOrder prompt = resolve(ball -> ball.loop(true).seconds(1.7));
        assertTrue(prompt.shots().get(0).task().loop());
        assertEquals(16, prompt.made());
        assertEquals(17, prompt.generated().frameCount());
        WorkOrder picture = resolve(ball -> ball.source(new Keyframe(picture("a.png", RED, 64, 64), Position.FIRST))
                .loop(true));
        make(picture);
        assertEquals(List.of(0, picture.generated().frameCount() - 1), indexes());
        assertEquals(picture.generated().frameCount() - 1, picture.made());
    }

    @Test
    void aRestyledClipGivesItsLengthAndAllOfItsFrames() throws Exception {
        Media clip = clip("clip.mp4", 64, 64, 24, 30);
        WorkOrder order = resolve(ball -> ball.source(new Restyle(clip, 0.6)));
        assertEquals(10, order.format().frameCount());
        assertEquals(13, order.generated().frameCount());
        make(order);
        List<Integer> own =
                frames(store.find(order.sources().get(0).file().sha256()).orElseThrow());
        assertEquals(13, start.size());
        for (int i = 0; i < 13; i++) {
            assertNear(own.get(Math.min(29, 3 * i)), start.get(i));
        }
    }

    @Test
    void anInterpolatedClipKeepsItsFramesAndHasMadeOnesBetween() throws Exception {
        Media.Upload clip = clip("clip.mp4", 64, 48, 24, 10, 15);
        WorkOrder order = resolve(ball -> ball.source(new Interpolation(clip, 3)));
        assertEquals(new VideoFormat(64, 48, 30, 72), order.format(), "as long as the clip");
        assertEquals(29, order.generated().frameCount(), "28 frames to the last one of the clip, on the grid");
        assertEquals(18, order.made());
        Path made = make(order);
        List<Integer> own = frames(store.find(clip.sha256()).orElseThrow());
        List<Integer> frames = frames(made);
        assertEquals(30, frames.size());
        for (int i = 0; i < 10; i++) {
            assertNear(own.get(i), frames.get(3 * i));
        }
        assertEquals(frames.get(27), frames.get(29), "the last frame is shown as long as it was");
        assertEquals(List.of(0), indexes(), "the model is given the first frame");
        assertNear(own.get(0), middle(known.get(0).frame()));
        assertEquals(29, start.size(), "and starts from the clip in the new rate");
        assertNear(own.get(3), start.get(9));
        assertEquals(
                List.of(new SourceUse("interpolated 3", clip.sha256(), Optional.empty(), "clip.mp4")),
                assets.find("ID1").orElseThrow().metadata().sources());
        assertEquals(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, order.sourceType());
    }

    @Test
    void everyKindOfModelMakesFramesBetween() throws Exception {
        Media clip = clip("clip.mp4", 64, 48, 8, 12);
        GenerationRequest request = GenerationRequest.builder("a ball")
                .source(new Interpolation(clip, 2))
                .build();
        for (ImageConditioning takes : ImageConditioning.values()) {
            InstalledModels models = new InstalledModels();
            models.addModel(new FakeModel(FakeModel.describe("m", 16, NATIVE, takes)), new FakeReference(1, 1));
            WorkOrder order = new RequestResolver(models, files, new Random(1))
                    .resolve("ID1", request)
                    .order();
            assertEquals(
                    takes != ImageConditioning.NONE,
                    order.interpolated().orElseThrow().known());
        }
    }

    @Test
    void refusesToInterpolateWhatCannotBe() throws Exception {
        Media picture = picture("a.png", RED, 64, 64);
        assertEquals(
                "a.png is a picture, a clip is needed here",
                refusal(ball -> ball.source(new Interpolation(picture, 2))));
        Media fast = clip("fast.mp4", 64, 48, 60, 6);
        assertEquals(
                "fast.mp4 has 60 frames per second: times 4 they are more than 120",
                refusal(ball -> ball.source(new Interpolation(fast, 4))));
        Media longest = clip("long.mp4", 16, 16, 30, 1000);
        assertEquals(
                "long.mp4 has 1000 frames: times 4 they are 4000, a clip has at most 3601 (30.008 seconds)",
                refusal(ball -> ball.source(new Interpolation(longest, 4))));
    }

    @Test
    void aStillIsOneFrameOfTheModelAndAPngFile() throws Exception {
        WorkOrder order = resolve(ball -> ball.kind(OutputKind.STILL));
        assertEquals(1, order.generated().frameCount());
        assertEquals(1, order.format().frameCount());
        Path made = make(order);
        BufferedImage image = ImageIO.read(made.toFile());
        assertEquals(order.format().size(), new FrameSize(image.getWidth(), image.getHeight()));
        assertNear(0, image.getRGB(10, 10) & 0xffffff);
        AssetMetadata metadata = assets.find("ID1").orElseThrow().metadata();
        assertEquals(OutputKind.STILL, metadata.kind());
        assertEquals(List.of("poster.jpg", "still.png"), assetFiles());
    }

    private List<String> assetFiles() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("assets").resolve("ID1"))) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStillRestylesAPicture() throws Exception {
        Media.Upload picture = picture("a.png", RED, 200, 100);
        WorkOrder order = resolve(ball -> ball.kind(OutputKind.STILL).source(new Restyle(picture, 0.6)));
        assertEquals(new VideoFormat(452, 226, 1, 8), order.format());
        make(order);
        assertEquals(1, start.size());
        assertNear(RED, start.get(0));
        assertEquals(
                List.of(new SourceUse("restyled 0.6", picture.sha256(), Optional.empty(), "a.png")),
                assets.find("ID1").orElseThrow().metadata().sources());
        Media clip = clip("clip.mp4", 64, 48, 8, 12);
        String message = refusal(ball -> ball.kind(OutputKind.STILL).source(new Restyle(clip, 0.6)));
        assertTrue(message.startsWith("clip.mp4 has 12 frames, a picture is needed here"), message);
    }

    @Test
    void anAssetsStillIsAPicture() throws Exception {
        make(resolve(ball -> ball.kind(OutputKind.STILL)));
        Media still = new Media.Asset("ID1");
        WorkOrder order = resolve(ball -> ball.source(new Keyframe(still, Position.FIRST)));
        assertEquals(Optional.of("ID1"), order.sources().get(0).asset());
        assertEquals("ID1.png", order.sources().get(0).file().name());
        assertEquals(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, order.sourceType());
        assertEquals(
                "ID1.png is a picture, a clip is needed here",
                refusal(ball -> ball.source(new Continuation(still, Side.AFTER))));
    }

    @Test
    void refusesAStillBeforeItIsMadeIfTheStoreTakesNone() throws Exception {
        assets.takesStills = false;
        WorkOrder order = resolve(ball -> ball.kind(OutputKind.STILL));
        GenerationException failure = assertThrows(GenerationException.class, () -> make(order));
        assertEquals(
                "asset ID1 cannot be stored: the asset store " + FakeStore.class.getName() + " takes no stills",
                failure.getMessage());
        assertEquals(List.of(), model.tasks);
    }

    @Test
    void anAssetsClipIsASource() throws Exception {
        make(resolve(ball -> ball));
        int length = 17;
        WorkOrder order = resolve(ball -> ball.source(new Continuation(new Media.Asset("ID1"), Side.AFTER))
                .seconds(1));
        assertEquals(Optional.of("ID1"), order.sources().get(0).asset());
        assertEquals(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, order.sourceType());
        assertEquals(length + 8, order.format().frameCount());
    }

    @Test
    void whatItWasMadeOfStandsInItsMetadata() throws Exception {
        Media.Upload clip = clip("clip.mp4", 64, 48, 8, 12);
        make(resolve(ball -> ball.source(new Continuation(clip, Side.AFTER)).seconds(1)));
        assertEquals(
                List.of(new SourceUse("continued after", clip.sha256(), Optional.empty(), "clip.mp4")),
                assets.find("ID1").orElseThrow().metadata().sources());
    }

    @Test
    void aClipMadeOfACopyOfWhatWasTakenDownIsNotStored() throws Exception {
        Media.Upload copy = clip("copy.mp4", 64, 48, 8, 12);
        Takedown takedown = new Takedown("OLD", Instant.EPOCH, "notice");
        Trace marked = new Trace(Optional.of("0123456789abcdef"), Optional.empty(), Optional.empty());
        origins = (source, file) -> new SourceOrigin(marked, Optional.empty());
        takedowns.marks.put("0123456789abcdef", takedown);
        GenerationException byMark = assertThrows(
                GenerationException.class,
                () -> make(resolve(
                        "ID1",
                        ball -> ball.source(new Continuation(copy, Side.AFTER)).seconds(1))));
        assertEquals("the clip is not stored: copy.mp4 is a copy of OLD, which was taken down", byMark.getMessage());
        Trace recognised = new Trace(Optional.empty(), Optional.of("OLD"), Optional.empty());
        origins = (source, file) -> new SourceOrigin(recognised, Optional.empty());
        takedowns.marks.clear();
        takedowns.assets.put("OLD", takedown);
        assertThrows(
                GenerationException.class,
                () -> make(resolve(
                        "ID2",
                        ball -> ball.source(new Continuation(copy, Side.AFTER)).seconds(1))));
        origins = (source, file) -> SourceOrigin.UNKNOWN;
        takedowns.files.put(copy.sha256(), takedown);
        GenerationException byFile = assertThrows(
                GenerationException.class,
                () -> make(resolve(
                        "ID3",
                        ball -> ball.source(new Continuation(copy, Side.AFTER)).seconds(1))));
        assertEquals("the clip is not stored: copy.mp4 is OLD, which was taken down", byFile.getMessage());
        assertEquals(List.of(), assets.list());
    }

    @Test
    void aClipThatShowsThePicturesOfWhatWasTakenDownIsNotStored() throws Exception {
        Media.Upload clip = clip("clip.mp4", 64, 48, 8, 12);
        WorkOrder order = resolve(
                "ID1", ball -> ball.source(new Continuation(clip, Side.AFTER)).seconds(1));
        takedowns.anyPictures = Optional.of(new Takedown("OLD", Instant.EPOCH, "notice"));
        assertEquals(
                "the clip is not stored: it shows the pictures of OLD, which was taken down",
                assertThrows(GenerationException.class, () -> make(order)).getMessage());
        takedowns.anyPictures = Optional.empty();
        make(resolve(
                "ID2", ball -> ball.source(new Continuation(clip, Side.AFTER)).seconds(1)));
        assertEquals(1, assets.list().size());
    }

    @Test
    void whatItsSourcesSayOfTheirOriginStandsThereToo() throws Exception {
        Media.Upload copy = clip("copy.mp4", 64, 48, 8, 12);
        Trace trace =
                new Trace(Optional.of("0123456789abcdef"), Optional.of("20260701T120000000abcdef"), Optional.empty());
        List<Path> read = new ArrayList<>();
        origins = (source, file) -> {
            read.add(file);
            return new SourceOrigin(trace, Optional.empty());
        };
        make(resolve(ball ->
                ball.source(new Continuation(copy, Side.AFTER)).loop(true).seconds(1)));
        assertEquals(List.of(store.find(copy.sha256()).orElseThrow()), read, "once, though it is both ends");
        List<SourceUse> sources = assets.find("ID1").orElseThrow().metadata().sources();
        assertEquals(
                List.of(trace, trace), sources.stream().map(SourceUse::trace).toList());
    }

    @Test
    void aSourceThatCannotBeSearchedIsNotedAndUsed() throws Exception {
        Media.Upload copy = clip("copy.mp4", 64, 48, 8, 12);
        origins = (source, file) -> {
            throw new IOException("the decoder took too long");
        };
        make(resolve(ball -> ball.source(new Continuation(copy, Side.AFTER)).seconds(1)));
        AssetMetadata metadata = assets.find("ID1").orElseThrow().metadata();
        assertEquals(
                List.of("copy.mp4 was not searched for a watermark and a manifest: the decoder took too long"),
                metadata.notes());
        assertEquals(Trace.NONE, metadata.sources().get(0).trace());
    }

    @Test
    void aSourceThatIsSearchedForTooLongIsNoted() throws Exception {
        Media.Upload copy = clip("copy.mp4", 64, 48, 8, 12);
        WorkOrder order =
                resolve(ball -> ball.source(new Continuation(copy, Side.AFTER)).seconds(1));
        CountDownLatch ended = new CountDownLatch(1);
        try (SourceExamination examination = new SourceExamination(order, files, (source, file) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.countDown();
            }
            return SourceOrigin.UNKNOWN;
        })) {
            examination.await(order, Duration.ofMillis(10));
            assertEquals(SourceOrigin.UNKNOWN, examination.of(order.sources().get(0)));
            assertEquals(
                    List.of("copy.mp4 was not searched for a watermark and a manifest: it takes longer than 0 s"),
                    examination.notes());
        }
        assertTrue(ended.await(30, TimeUnit.SECONDS), "and the search ends");
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        Media picture = picture("a.png", RED, 64, 64);
        Media clip = clip("clip.mp4", 64, 48, 8, 12);
        assertEquals(
                "clip.mp4 has 12 frames, a picture is needed here; a clip can be extended, blended, looped, restyled or interpolated",
                refusal(ball -> ball.source(new Keyframe(clip, Position.FIRST))));
        assertEquals(
                "a.png is a picture, a clip is needed here", refusal(ball -> ball.source(new Restyle(picture, 0.5))));
        assertEquals(
                "a.png at 9.0 s is beyond the end of what is made, 2.125 s",
                refusal(ball -> ball.source(new Keyframe(picture, Position.at(9)))));
        assertEquals(
                "a.png at 1.1 s is too near to another picture: the model knows every 4th frame, one in 0.500 s",
                refusal(ball -> ball.source(new Keyframe(picture, Position.at(1)))
                        .source(new Keyframe(picture, Position.at(1.1)))));
        assertEquals(
                "tiny.png has 1x1 pixels, at least 16 a side are needed",
                refusal(ball -> ball.source(new Keyframe(picture("tiny.png", RED, 1, 1), Position.FIRST))));
        assertEquals(
                "a shot that continues a clip begins with the clip's last frame and has no first picture of its own",
                refusal(ball ->
                        ball.source(new Continuation(clip, Side.AFTER)).source(new Keyframe(picture, Position.FIRST))));
        assertEquals(
                "a loop returns to its own beginning and leads to no other clip",
                refusal(ball -> ball.source(new Continuation(clip, Side.BEFORE)).loop(true)));
        assertEquals("there is no asset ID9", refusal(ball -> ball.source(new Restyle(new Media.Asset("ID9"), 0.5))));
        assertEquals(
                "lost.png is not in the source store (SHA-256 " + "ab".repeat(32) + ")",
                refusal(ball ->
                        ball.source(new Keyframe(new Media.Upload("ab".repeat(32), "lost.png"), Position.FIRST))));
        Media noise = store.put(noise(), "noise.mp4");
        assertEquals(
                "noise.mp4 cannot be used: cannot read as video or picture: Invalid argument",
                refusal(ball -> ball.source(new Restyle(noise, 0.5))),
                "neither the path nor the digest of the file in the store is said");
    }

    @Test
    void aModelThatNeedsAPictureKnowsOneFrameOfEachClip() throws Exception {
        InstalledModels models = new InstalledModels();
        models.addModel(
                new FakeModel(FakeModel.describe("i2v", 16, NATIVE, ImageConditioning.REQUIRED)),
                new FakeReference(1, 1));
        RequestResolver alone = new RequestResolver(models, files, new Random(1));
        Media first = clip("first.mp4", 64, 48, 8, 12);
        Media second = clip("second.mp4", 64, 48, 8, 12);
        GenerationRequest.Builder blend = GenerationRequest.builder("a ball")
                .source(new Continuation(first, Side.AFTER))
                .source(new Continuation(second, Side.BEFORE))
                .seconds(1);
        WorkOrder order = alone.resolve("ID1", blend.build()).order();
        assertEquals(13, order.generated().frameCount());
        assertEquals(
                List.of(0, 12),
                order.continued().stream().map(WorkSource.Continued::index).toList());
        assertEquals(
                List.of(1, 1),
                order.continued().stream().map(WorkSource.Continued::known).toList());
        GenerationRequest before = GenerationRequest.builder("a ball")
                .source(new Continuation(second, Side.BEFORE))
                .build();
        assertEquals(
                "model i2v starts from an image, which this request does not have; choose a text-to-video model",
                assertThrows(IllegalArgumentException.class, () -> alone.resolve("ID1", before))
                        .getMessage());
    }

    @Test
    void refusesAClipThatIsTooLongToContinue() throws Exception {
        Media clip = clip("clip.mp4", 16, 16, 120, 2000);
        assertEquals(
                "the clips to continue have 4000 frames at 120 frames per second, a clip has at most 3601 (30.008 seconds)",
                refusal(ball ->
                        ball.source(new Continuation(clip, Side.AFTER)).source(new Continuation(clip, Side.BEFORE))));
    }

    @Test
    void namesTheModelsThatCan() throws Exception {
        Media picture = picture("a.png", RED, 64, 64);
        InstalledModels models = new InstalledModels();
        models.addModel(new FakeModel(FakeModel.starter()), new FakeReference(1, 1));
        RequestResolver alone = new RequestResolver(models, files, new Random(1));
        GenerationRequest request = GenerationRequest.builder("a ball")
                .source(new Keyframe(picture, Position.FIRST))
                .build();
        assertEquals(
                "model starter takes no picture and continues no clip; no installed model can",
                assertThrows(IllegalArgumentException.class, () -> alone.resolve("ID1", request))
                        .getMessage());
        models.addModel(
                new FakeModel(FakeModel.describe("ti2v", 16, NATIVE, ImageConditioning.OPTIONAL)),
                new FakeReference(0, 2));
        assertEquals(
                "model starter takes no picture and continues no clip; these can: ti2v",
                assertThrows(IllegalArgumentException.class, () -> alone.resolve("ID1", request))
                        .getMessage());
    }

    private static InputStream noise() {
        byte[] bytes = new byte[5000];
        new Random(1).nextBytes(bytes);
        return new ByteArrayInputStream(bytes);
    }

    private Media.Upload picture(String name, int rgb, int width, int height) {
        try {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < width * height; i++) {
                image.setRGB(i % width, i / width, rgb);
            }
            Path file = folder.resolve(name);
            ImageIO.write(image, "png", file.toFile());
            return put(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Media.Upload clip(String name, int width, int height, int rate, int frames) throws IOException {
        return clip(name, width, height, rate, frames, 4);
    }

    /** From blue to red, in steps of this number of grey levels. */
    private Media.Upload clip(String name, int width, int height, int rate, int frames, int step) throws IOException {
        Path file = folder.resolve(name);
        VideoFormat format = new VideoFormat(width, height, frames, rate);
        try (FrameSink sink = TestEncoders.h264().open(file, format)) {
            for (int i = 0; i < frames; i++) {
                sink.accept(TestFrames.solid(width, height, ((60 + step * i) << 16) | (100 << 8) | (200 - step * i)));
            }
        }
        return put(file);
    }

    private Media.Upload put(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return store.put(in, String.valueOf(file.getFileName()));
        }
    }

    private RequestResolver resolver() {
        InstalledModels models = new InstalledModels();
        models.addModel(model, new FakeReference(0, 1));
        return new RequestResolver(models, files, new Random(1));
    }

    private WorkOrder resolve(UnaryOperator<GenerationRequest.Builder> asked) throws GenerationException {
        return resolve("ID1", asked);
    }

    private WorkOrder resolve(String id, UnaryOperator<GenerationRequest.Builder> asked) throws GenerationException {
        GenerationRequest request =
                asked.apply(GenerationRequest.builder("a ball").fit(Fit.COVER)).build();
        WorkOrder order = resolver().resolve(id, request).order();
        assertEquals(order, WorkOrderJson.read(WorkOrderJson.write(order)));
        return order;
    }

    private String refusal(UnaryOperator<GenerationRequest.Builder> asked) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> resolve(asked))
                .getMessage());
    }

    private Path make(WorkOrder order) throws Exception {
        known.clear();
        FakeProvenance provenance = new FakeProvenance();
        CurrentStore current = new CurrentStore(assets, Duration.ZERO);
        Production production = new Production(
                () -> new MediaSinks(TestEncoders.h264().configured(), new JobPreviews()), provenance, files);
        Publication publication = new Publication(
                current,
                provenance,
                files,
                origins,
                new Admission(
                        TestAudit.audit(),
                        takedowns,
                        new PromptPolicies(),
                        TestAudit.unchecked(),
                        name -> Optional.empty()),
                TestAudit.audit(),
                "1.2.3",
                Instant::now);
        try (Publication.Draft draft = publication.begin(order, GenerationMonitor.UNWATCHED)) {
            Produced clip = production.produce(
                    order, model, draft.directory(), folder.resolve("work"), GenerationMonitor.UNWATCHED);
            Path copy = Files.createTempFile(folder, "made", ".tmp");
            Files.write(
                    copy,
                    Files.readAllBytes(
                            draft.directory().resolve(order.kind().file().fileName())));
            draft.publish(clip, Optional.empty(), GenerationMonitor.UNWATCHED);
            return copy;
        }
    }

    private List<Integer> indexes() {
        return known.stream().map(KnownFrame::index).toList();
    }

    /** The middle pixel of each frame. */
    private static List<Integer> frames(Path file) throws IOException {
        List<Integer> pixels = new ArrayList<>();
        try (ClipReader reader = ClipReader.open(file)) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                pixels.add(middle(frame.get()));
            }
        }
        return pixels;
    }

    private static void assertNear(int rgb, VideoFrame frame) {
        assertNear(rgb, middle(frame));
    }

    private static int middle(VideoFrame frame) {
        return TestFrames.pixel(frame, frame.width() / 2, frame.height() / 2);
    }

    private static void assertNear(int rgb, int other) {
        assertTrue(TestFrames.distance(rgb, other) <= CODED, () -> String.format("%06x is not near %06x", other, rgb));
    }
}
