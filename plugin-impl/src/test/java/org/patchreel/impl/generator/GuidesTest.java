package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.SourceUse;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.Source;
import org.patchreel.api.Source.Control;
import org.patchreel.api.Source.Inpainting;
import org.patchreel.api.Source.Keyframe;
import org.patchreel.api.Source.Reference;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.ManifestDescription.Continued;
import org.patchreel.impl.c2pa.ManifestDescription.Created;
import org.patchreel.impl.c2pa.ManifestDescription.Ingredient;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.store.FileSourceStore;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.VideoFrame;

/** References, control clips and masks. The model here makes frames of 96x96 at 8 frames a second. */
class GuidesTest {

    private static final VideoFormat NATIVE = new VideoFormat(96, 96, 17, 8);
    private static final int WHITE = 0xffffff;

    @TempDir
    private Path folder;

    private FileSourceStore store;
    private SourceFiles files;

    @BeforeEach
    void open() throws IOException {
        store = TestSources.in(folder.resolve("sources"));
        files = new SourceFiles(
                store, new CurrentStore(new FakeStore(Files.createDirectory(folder.resolve("assets"))), Duration.ZERO));
    }

    @Test
    void aReferenceReachesTheModelInItsOwnShape() throws Exception {
        WorkOrder order = resolve(ball -> ball.source(new Reference(picture("wide.png", 400, 100, 0xdc2828), "ball"))
                .source(new Reference(picture("small.png", 20, 30, 0), "ball")));
        assertEquals(new FrameSize(320, 320), order.format().size(), "references do not shape the clip");
        try (GivenFrames.Task task = task(order)) {
            List<VideoFrame> references = task.task().guides().references();
            assertEquals(List.of("96x24", "20x30"), sizes(references));
            assertTrue((references.get(0).rgb().get(0) & 0xff) > 200);
        }
        assertEquals(
                List.of("reference ball", "reference ball"),
                order.sources().stream()
                        .map(source ->
                                Publication.use(source, SourceOrigin.UNKNOWN).use())
                        .toList());
        Ingredients ingredients = new Ingredients(order);
        assertTrue(ingredients.intent() instanceof Created);
        assertEquals(List.of(Relationship.INPUT_TO, Relationship.INPUT_TO), relationships(ingredients));
    }

    @Test
    void aControlClipGivesItsLengthAndShapeAndNothingOfItIsSeen() throws Exception {
        Media clip = clip("depth.mp4", 128, 64, 8, 9);
        WorkOrder order = resolve(ball -> ball.source(new Control(clip)));
        assertEquals(9, order.format().frameCount());
        assertEquals(new FrameSize(128, 64), order.generated().size());
        assertEquals(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, order.sourceType());
        try (GivenFrames.Task task = task(order)) {
            assertEquals(9, count(task.task().guides().control().orElseThrow()));
        }
        assertEquals(List.of(Relationship.INPUT_TO), relationships(new Ingredients(order)));
    }

    @Test
    void aMaskOfAnotherSizeIsScaledToItsClipWhichIsTheParent() throws Exception {
        Media clip = clip("clip.mp4", 64, 64, 8, 9);
        Media mask = picture("mask.png", 32, 32, (x, y) -> x < 16 ? WHITE : 0);
        WorkOrder order = resolve(ball -> ball.source(new Inpainting(clip, Optional.of(mask))));
        assertEquals(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, order.sourceType());
        try (GivenFrames.Task task = task(order)) {
            FrameSource masks = task.task().guides().inpainting().orElseThrow().mask();
            VideoFrame first = masks.next().orElseThrow();
            assertEquals("96x96", sizes(List.of(first)).get(0));
            assertEquals(255, level(first, 10, 50));
            assertEquals(0, level(first, 85, 50));
            assertEquals(8, count(masks));
            assertEquals(
                    9, count(task.task().guides().inpainting().orElseThrow().frames()));
        }
        Ingredients ingredients = new Ingredients(order);
        assertTrue(ingredients.intent() instanceof Continued);
        assertEquals(List.of(Relationship.PARENT_OF, Relationship.INPUT_TO), relationships(ingredients));
    }

    @Test
    void whatAClipLeavesEmptyIsMadeAnew() throws Exception {
        Media clip = clip("clip.mp4", 64, 64, 8, 9);
        WorkOrder order = resolve(ball -> ball.source(new Inpainting(clip, Optional.empty()))
                .fit(Fit.CONTAIN)
                .size(200, 100));
        assertEquals(new FrameSize(128, 64), order.generated().size());
        try (GivenFrames.Task task = task(order)) {
            VideoFrame mask = task.task()
                    .guides()
                    .inpainting()
                    .orElseThrow()
                    .mask()
                    .next()
                    .orElseThrow();
            assertEquals(List.of(255, 255, 0, 0, 255, 255), levels(mask, 30, 0, 32, 33, 94, 95, 127));
        }
    }

    @Test
    void aPictureThatIsContainedIsKnownButForItsBorders() throws Exception {
        Media picture = picture("a.png", 64, 64, 0xdc2828);
        WorkOrder order = resolve(ball -> ball.source(new Keyframe(picture, Position.FIRST))
                .fit(Fit.CONTAIN)
                .size(200, 100));
        try (GivenFrames.Task task = task(order)) {
            VideoFrame mask = task.task().known().get(0).mask().orElseThrow();
            assertEquals(List.of(255, 0, 255), levels(mask, 30, 10, 64, 120));
        }
        WorkOrder covered = resolve(
                ball -> ball.source(new Keyframe(picture, Position.FIRST)).size(200, 100));
        try (GivenFrames.Task task = task(covered)) {
            assertEquals(Optional.empty(), task.task().known().get(0).mask());
        }
    }

    @Test
    void bordersStayBlackOnAModelThatMakesNoPartsAnew() throws Exception {
        Media picture = picture("a.png", 64, 64, 0xdc2828);
        FakeModel other = new FakeModel(FakeModel.describe("ti2v", 16, NATIVE, ImageConditioning.OPTIONAL));
        WorkOrder order = resolver(other)
                .resolve(
                        "ID1",
                        GenerationRequest.builder("a ball")
                                .source(new Keyframe(picture, Position.FIRST))
                                .fit(Fit.CONTAIN)
                                .size(200, 100)
                                .build())
                .order();
        assertEquals(false, order.output().outpaints());
        try (GivenFrames.Task task = task(order)) {
            assertEquals(Optional.empty(), task.task().known().get(0).mask());
        }
    }

    @Test
    void aStillOfAPictureIsMadeAnewInParts() throws Exception {
        Media picture = picture("a.png", 64, 64, 0xdc2828);
        Media mask = picture("mask.png", 64, 64, (x, y) -> y < 32 ? WHITE : 0);
        WorkOrder order =
                resolve(ball -> ball.kind(OutputKind.STILL).source(new Inpainting(picture, Optional.of(mask))));
        assertEquals(1, order.generated().frameCount());
        assertEquals(
                List.of("inpainted", "mask"),
                order.sources().stream()
                        .map(source ->
                                Publication.use(source, SourceOrigin.UNKNOWN).use())
                        .toList());
        assertEquals(
                new SourceUse("mask", order.sources().get(1).file().sha256(), Optional.empty(), "mask.png"),
                Publication.use(order.sources().get(1), SourceOrigin.UNKNOWN));
    }

    @Test
    void refusesWhatDoesNotGoTogether() throws Exception {
        Media clip = clip("clip.mp4", 64, 48, 8, 12);
        Media picture = picture("a.png", 64, 64, 0);
        assertEquals(
                "the mask a.png has 64x64 pixels, clip.mp4 has 64x48: a mask has the shape of its clip, in any size",
                refusal(ball -> ball.source(new Inpainting(clip, Optional.of(picture)))));
        Media shorter = clip("shorter.mp4", 32, 24, 8, 6);
        assertEquals(
                "the mask shorter.mp4 has 6 frames in 0.750 s, clip.mp4 has 12 in 1.500 s: a mask is a picture, or as"
                        + " long as its clip",
                refusal(ball -> ball.source(new Inpainting(clip, Optional.of(shorter)))));
        assertEquals(
                "nothing of clip.mp4, 64x48 pixels, is left empty in 370x278: give a mask, or a size of another shape"
                        + " with fit contain",
                refusal(ball -> ball.source(new Inpainting(clip, Optional.empty()))));
        assertEquals(
                "tiny.png has 1x1 pixels, at least 16 a side are needed",
                refusal(ball -> ball.source(new Reference(picture("tiny.png", 1, 1, 0), "ball"))));
        assertEquals("a.png is a picture, a clip is needed here", refusal(ball -> ball.source(new Control(picture))));
        String message = refusal(ball -> ball.source(new Reference(clip, "ball")));
        assertTrue(message.startsWith("clip.mp4 has 12 frames, a picture is needed here"), message);
    }

    @Test
    void namesTheModelsThatCan() throws Exception {
        Media clip = clip("clip.mp4", 64, 64, 8, 9);
        InstalledModels models = new InstalledModels();
        models.addModel(new FakeModel(FakeModel.starter()), new FakeReference(1, 1));
        assertEquals(
                "model starter follows no control clip; no installed model can", refusal(models, new Control(clip)));
        models.addModel(new FakeModel(FakeModel.guided("vace", NATIVE)), new FakeReference(0, 2));
        assertEquals("model starter follows no control clip; these can: vace", refusal(models, new Control(clip)));
        assertEquals(
                "model starter shows no given characters or things; these can: vace",
                refusal(models, new Reference(picture("a.png", 64, 64, 0), "ball")));
        assertEquals(
                "model starter makes no parts of a clip anew; these can: vace",
                refusal(models, new Inpainting(clip, Optional.empty())));
    }

    private String refusal(InstalledModels models, Source source) {
        RequestResolver alone = new RequestResolver(models, files, new Random(1));
        GenerationRequest request =
                GenerationRequest.builder("a ball").source(source).build();
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> alone.resolve("ID1", request))
                .getMessage());
    }

    private List<Relationship> relationships(Ingredients ingredients) throws IOException {
        return ingredients.list(files, source -> SourceOrigin.UNKNOWN).stream()
                .map(Ingredient::relationship)
                .toList();
    }

    private GivenFrames.Task task(WorkOrder order) throws GenerationException {
        return new GivenFrames(order, files).task(order.shots().get(0), List.of());
    }

    private static List<String> sizes(List<VideoFrame> frames) {
        return frames.stream()
                .map(frame -> frame.width() + "x" + frame.height())
                .toList();
    }

    private static int count(FrameSource frames) throws IOException {
        int count = 0;
        while (frames.next().isPresent()) {
            count++;
        }
        return count;
    }

    private static List<Integer> levels(VideoFrame frame, int row, int... columns) {
        List<Integer> levels = new ArrayList<>();
        for (int column : columns) {
            levels.add(level(frame, column, row));
        }
        return levels;
    }

    /** The red of a pixel. */
    private static int level(VideoFrame frame, int column, int row) {
        return frame.rgb().get(3 * (row * frame.width() + column)) & 0xff;
    }

    private Media.Upload picture(String name, int width, int height, int rgb) throws IOException {
        return picture(name, width, height, (x, y) -> rgb);
    }

    private Media.Upload picture(String name, int width, int height, IntBinaryOperator rgb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, rgb.applyAsInt(i % width, i / width));
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return put(file);
    }

    private Media.Upload clip(String name, int width, int height, int rate, int frames) throws IOException {
        Path file = folder.resolve(name);
        try (FrameSink sink = TestEncoders.h264().open(file, new VideoFormat(width, height, frames, rate))) {
            for (int i = 0; i < frames; i++) {
                sink.accept(TestFrames.solid(width, height, (60 + 4 * i) << 16));
            }
        }
        return put(file);
    }

    private Media.Upload put(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return store.put(in, String.valueOf(file.getFileName()));
        }
    }

    private RequestResolver resolver(FakeModel model) {
        InstalledModels models = new InstalledModels();
        models.addModel(model, new FakeReference(0, 1));
        return new RequestResolver(models, files, new Random(1));
    }

    /** Something that a test asks for. */
    private interface Asking {
        GenerationRequest.Builder ask(GenerationRequest.Builder ball) throws IOException;
    }

    private WorkOrder resolve(Asking asked) throws GenerationException, IOException {
        GenerationRequest request =
                asked.ask(GenerationRequest.builder("a ball")).build();
        WorkOrder order = resolver(new FakeModel(FakeModel.guided("vace", NATIVE)))
                .resolve("ID1", request)
                .order();
        assertEquals(order, WorkOrderJson.read(WorkOrderJson.write(order)));
        return order;
    }

    private String refusal(Asking asked) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> resolve(asked))
                .getMessage());
    }
}
