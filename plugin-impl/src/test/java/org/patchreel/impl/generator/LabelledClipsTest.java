package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Shot;
import org.patchreel.api.Source.Continuation;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.aigc.AigcLabel;
import org.patchreel.impl.label.TestLabels;
import org.patchreel.impl.label.VisibleLabel;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.VideoFrame;

/** The model here makes black frames of 8 a second: what is white in a clip is its label. */
class LabelledClipsTest {

    private static final Map<String, Object> EU = Map.of("profile", "eu", "seconds", 2);
    private static final Map<String, Object> CN = Map.of("profile", "cn", "producer", "Studio");
    private static final Map<String, Object> KR = Map.of("profile", "kr");

    @TempDir
    Path folder;

    private final FakeProvenance provenance = new FakeProvenance();
    private FakeStore assets;
    private CurrentStore stores;
    private SourceFiles files;
    private final FakeModel model = new FakeModel(
            FakeModel.describe("starter", 16, new VideoFormat(96, 96, 17, 8), ImageConditioning.OPTIONAL));

    @BeforeEach
    void open() throws IOException {
        assets = new FakeStore(Files.createDirectory(folder.resolve("assets")));
        stores = new CurrentStore(assets, Duration.ZERO);
        files = new SourceFiles(TestSources.in(folder.resolve("sources")), stores);
    }

    @Test
    void theLabelIsThereFromTheFirstFrameOnForItsSeconds() throws Exception {
        WorkOrder order = order("ID1", EU, ball -> ball.seconds(4));
        assertEquals(range(0, 16), shown(order, make(order)));
        assertEquals(
                Optional.of(new AssetMetadata.Label("AI GENERATED", "eu")),
                assets.find("ID1").orElseThrow().metadata().label());
    }

    @Test
    void aTimeIsRoundedUpToWholeFrames() throws Exception {
        WorkOrder order = order("ID1", EU, ball -> ball.seconds(3).frameRate(FrameRate.parse("rate", "29.97")));
        assertEquals(60, LabelledSpans.of(order).cardinality());
    }

    @Test
    void aClipThatIsShorterHasTheLabelThroughout() throws Exception {
        WorkOrder order = order("ID1", EU, ball -> ball.seconds(1));
        assertEquals(range(0, 8), shown(order, make(order)));
    }

    @Test
    void aLabelThatIsShownThroughoutNeverGoes() throws Exception {
        WorkOrder order = order("ID1", KR, ball -> ball.seconds(3));
        assertEquals(range(0, 24), shown(order, make(order)));
    }

    @Test
    void theLabelIsThereAgainAfterEachCutAndDissolve() throws Exception {
        Shot[] shots = {
            shot(24, Transition.CUT),
            shot(20, Transition.CONTINUE),
            shot(20, Transition.DISSOLVE),
            shot(30, Transition.CUT)
        };
        WorkOrder order = order("ID1", EU, ball -> ball, shots);
        // 24, 20, continued 20, of which 4 are those of the last one too
        BitSet expected = range(0, 16);
        expected.or(range(24, 40));
        expected.or(range(60, 76));
        assertEquals(90, order.format().frameCount());
        assertEquals(expected, shown(order, make(order)));
        WorkOrder once = order("ID2", Map.of("profile", "eu", "seconds", 2, "shots", false), ball -> ball, shots);
        assertEquals(range(0, 16), LabelledSpans.of(once));
    }

    @Test
    void thePosterIsAFrameWithTheLabel() throws Exception {
        WorkOrder order = order("ID1", EU, ball -> ball.seconds(6));
        assertEquals(range(0, 16), LabelledSpans.of(order));
        assertEquals(15, LabelledSpans.nearestToTheMiddle(order));
        Path clip = make(order);
        BufferedImage poster = ImageIO.read(clip.resolveSibling("poster.jpg").toFile());
        Rectangle box = box(order);
        int brightest = 0;
        for (int x = box.x; x < box.x + box.width; x++) {
            brightest = Math.max(brightest, poster.getRGB(x, (int) box.getCenterY()) >> 8 & 0xff);
        }
        assertTrue(brightest > 60, "the poster has no label: " + brightest);
        WorkOrder always = order("ID2", KR, ball -> ball.seconds(6));
        assertEquals(24, LabelledSpans.nearestToTheMiddle(always));
    }

    @Test
    void theMetadataOfTheFileNameProducerAndJob() throws Exception {
        Path clip = make(order("ID1", CN, ball -> ball.seconds(1)));
        assertEquals(Optional.of(AigcLabel.generated("Studio", "ID1")), AigcLabel.of(clip));
        assertEquals(Optional.empty(), AigcLabel.of(make(order("ID2", EU, ball -> ball.seconds(1)))));
    }

    @Test
    void aStillHasBothLabels() throws Exception {
        WorkOrder order = order("ID1", CN, ball -> ball.kind(OutputKind.STILL).size(640, 360));
        Path still = make(order);
        Rectangle box = box(order);
        var picture = ImageIO.read(still.toFile());
        boolean white = false;
        for (int x = box.x; x < box.x + box.width; x++) {
            white |= (picture.getRGB(x, (int) box.getCenterY()) & 0xffffff) == 0xffffff;
        }
        assertEquals(true, white);
        assertEquals(Optional.of(AigcLabel.generated("Studio", "ID1")), AigcLabel.of(still));
    }

    @Test
    void aContinuedClipWithoutTheLabelIsEncodedAgainWithIt() throws Exception {
        make(order("ID1", Map.of(), ball -> ball.seconds(3)));
        WorkOrder order = order("ID2", EU, LabelledClipsTest::extended);
        assertEquals(List.of(), new GivenFrames(order, files).kept());
        assertEquals(range(0, 16), shown(order, make(order)));
    }

    @Test
    void aContinuedClipThatBearsTheLabelKeepsItsCodedFrames() throws Exception {
        Path first = make(order("ID1", EU, ball -> ball.seconds(3)));
        WorkOrder order = order("ID2", EU, LabelledClipsTest::extended);
        assertEquals(1, new GivenFrames(order, files).kept().size());
        Path made = make(order);
        assertEquals(range(0, 16), shown(order, made), "the label of the clip that it continues");
        assertEquals(frames(first), frames(made).subList(0, 24), "they are not encoded again");
    }

    @Test
    void aShortBeginningThatBearsTheLabelIsFollowedByTheRestOfItsTime() throws Exception {
        make(order("ID1", EU, ball -> ball.seconds(1)));
        WorkOrder order = order("ID2", EU, LabelledClipsTest::extended);
        assertEquals(range(8, 16), LabelledSpans.of(order));
        assertEquals(range(0, 16), shown(order, make(order)));
    }

    @Test
    void aLabelOfOtherTextProfileOrSizeIsNotTheLabel() throws Exception {
        make(order("ID1", EU, ball -> ball.seconds(3)));
        for (Map<String, Object> other : List.of(KR, Map.<String, Object>of("profile", "eu", "text", "KI"))) {
            WorkOrder order = order("ID2", other, LabelledClipsTest::extended);
            assertEquals(0, LabelledSpans.of(order).nextSetBit(0));
        }
        WorkOrder larger = order("ID2", EU, ball -> extended(ball).size(512, 512));
        assertEquals(0, LabelledSpans.of(larger).nextSetBit(0));
    }

    @Test
    void aClipThatLeadsToALabelledOneBeginsWithTheLabel() throws Exception {
        make(order("ID1", EU, ball -> ball.seconds(3)));
        WorkOrder order = order(
                "ID2",
                EU,
                ball -> ball.source(new Continuation(new Media.Asset("ID1"), Side.BEFORE))
                        .seconds(3));
        BitSet drawn = LabelledSpans.of(order);
        assertEquals(range(0, 16), drawn);
        assertEquals(1, new GivenFrames(order, files).kept().size());
    }

    @Test
    void anOrderWithALabelReachesOtherMachines() throws Exception {
        make(order("ID1", CN, ball -> ball.seconds(3)));
        WorkOrder order = order("ID2", CN, LabelledClipsTest::extended);
        assertEquals(Set.of("ID1"), order.label().orElseThrow().bearers());
        String json = WorkOrderJson.write(order);
        assertEquals(order, WorkOrderJson.read(json));
        assertEquals(true, json.startsWith("{\"version\":3,"), "earlier versions would leave the label out: " + json);
        for (String[] wrong : new String[][] {
            {"\"profile\":\"cn\"", "\"profile\":\"us\"", "unknown profile of a label: us"},
            {"\"heightPercent\":5", "\"heightPercent\":50", "the height of a label is 1 to 30 %, not 50"},
            {"\"position\":\"top-left\"", "\"position\":\"left\"", "unknown position of a label: left"},
            {"\"afterCuts\":true", "\"afterCuts\":1", "work order: afterCuts is neither true nor false: 1"}
        }) {
            String changed = json.replace(wrong[0], wrong[1]);
            assertEquals(
                    wrong[2],
                    assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(changed))
                            .getMessage());
        }
    }

    @Test
    void nothingIsMadeWithoutAUsableConfiguration() throws Exception {
        ResolvedRequest work = resolve("ID1", ball -> ball);
        Labelling labelling = labelling(Map.of("profile", "cn", "producer", "Studio", "seconds", 1));
        GenerationException refused = assertThrows(GenerationException.class, () -> labelling.labelled(work));
        assertEquals(
                "no clip can be labelled: org.patchreel.label: seconds = 1, profile cn expects 2 or more, or 0 for"
                        + " throughout",
                refused.getMessage());
    }

    @Test
    void aClipThatIsTooSmallForItsLabelIsRefusedWhenItIsAskedFor() {
        assertEquals(
                "the label “AI GENERATED” in letters of 8 pixels has no room in frames of 64x48",
                assertThrows(IllegalArgumentException.class, () -> order("ID1", EU, ball -> ball.size(64, 48)))
                        .getMessage());
    }

    @Test
    void footageOfOthersMakesTheClipAModifiedOne() throws Exception {
        WorkOrder order = resolve("ID1", ball -> ball).order();
        WorkOrder composite = new WorkOrder(
                order.id(),
                order.model(),
                order.shots(),
                order.output(),
                order.destination(),
                DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA);
        assertEquals(
                "AI MODIFIED",
                labelling(EU)
                        .labelled(new ResolvedRequest(model, composite))
                        .order()
                        .label()
                        .orElseThrow()
                        .look()
                        .text());
    }

    @Test
    void aMasterHasTheFramesWithoutTheLabel() throws Exception {
        WorkOrder order = order("ID1", mastered(CN), ball -> ball.seconds(3));
        Path clip = make(order);
        assertEquals(range(0, 16), shown(order, clip));
        Path master = clip.resolveSibling("master.mp4");
        assertEquals(new BitSet(), shown(order, master));
        assertEquals(AigcLabel.of(clip), AigcLabel.of(master), "the label in the metadata stays");
        assertEquals(List.of("ID1", "ID1 master"), provenance.records);
    }

    @Test
    void withoutAMasterThereIsOneFile() throws Exception {
        for (Map<String, Object> properties : List.of(EU, Map.<String, Object>of("master", true))) {
            provenance.records.clear();
            WorkOrder order = order("ID" + properties.size(), properties, ball -> ball.seconds(1));
            assertFalse(order.hasMaster());
            assertFalse(Files.exists(make(order).resolveSibling("master.mp4")));
            assertEquals(List.of(order.id()), provenance.records);
        }
    }

    @Test
    void aStillHasNoMaster() throws Exception {
        WorkOrder order = order("ID1", mastered(EU), ball -> ball.kind(OutputKind.STILL));
        assertTrue(order.label().isPresent());
        assertFalse(order.hasMaster());
    }

    @Test
    void aClipThatIsMadeOfALabelledOneHasNoMasterAndSaysSo() throws Exception {
        make(order("ID1", mastered(EU), ball -> ball.seconds(3)));
        // of another text, which is drawn over the first one
        for (Map<String, Object> properties : List.of(EU, Map.<String, Object>of("profile", "eu", "text", "KI"))) {
            WorkOrder order = order("ID2", mastered(properties), LabelledClipsTest::extended);
            assertFalse(order.hasMaster());
            assertEquals(
                    List.of("No master without a label was kept: the clip is made of ID1, which bears one."),
                    order.shots().get(0).given().notes());
        }
    }

    @Test
    void anUnlabelledClipMayBeContinuedWithAMaster() throws Exception {
        make(order("ID1", Map.of(), ball -> ball.seconds(3)));
        WorkOrder order = order("ID2", mastered(EU), LabelledClipsTest::extended);
        assertEquals(new BitSet(), shown(order, make(order).resolveSibling("master.mp4")));
    }

    @Test
    void workersOfEarlierVersionsRefuseOrdersWithAMaster() throws Exception {
        WorkOrder order = order("ID1", mastered(EU), ball -> ball.seconds(1));
        String json = WorkOrderJson.write(order);
        assertTrue(json.startsWith("{\"version\":6,"), json);
        assertEquals(order, WorkOrderJson.read(json));
    }

    private static Map<String, Object> mastered(Map<String, Object> properties) {
        Map<String, Object> mastered = new HashMap<>(properties);
        mastered.put("master", true);
        return mastered;
    }

    private static GenerationRequest.Builder extended(GenerationRequest.Builder ball) {
        return ball.source(new Continuation(new Media.Asset("ID1"), Side.AFTER)).seconds(2);
    }

    private static BitSet range(int from, int to) {
        BitSet range = new BitSet();
        range.set(from, to);
        return range;
    }

    private static Shot shot(int frames, Transition next) {
        return new Shot("a ball", "", Optional.of(new ClipLength.Frames(frames)), List.of(), Camera.UNSPECIFIED, next);
    }

    private ResolvedRequest resolve(String id, UnaryOperator<GenerationRequest.Builder> asked, Shot... shots)
            throws GenerationException {
        InstalledModels models = new InstalledModels();
        models.addModel(model, new FakeReference(0, 1));
        GenerationRequest.Builder request =
                shots.length == 0 ? GenerationRequest.builder("a ball") : GenerationRequest.builder(List.of(shots));
        return new RequestResolver(models, files, new Random(1))
                .resolve(id, asked.apply(request.size(256, 256)).build());
    }

    private Labelling labelling(Map<String, Object> properties) {
        return new Labelling(composite -> label(properties, composite), stores);
    }

    private static Optional<VisibleLabel> label(Map<String, Object> properties, boolean composite) {
        return TestLabels.label(new HashMap<>(properties), composite);
    }

    private WorkOrder order(
            String id, Map<String, Object> properties, UnaryOperator<GenerationRequest.Builder> asked, Shot... shots)
            throws GenerationException {
        return labelling(properties).labelled(resolve(id, asked, shots)).order();
    }

    private Path make(WorkOrder order) throws Exception {
        Production production = new Production(
                () -> new MediaSinks(TestEncoders.h264().configured(), new JobPreviews()), provenance, files);
        Publication publication = new Publication(
                stores,
                provenance,
                files,
                (source, file) -> SourceOrigin.UNKNOWN,
                TestAudit.admission(),
                TestAudit.audit(),
                "1.2.3",
                Instant::now);
        try (Publication.Draft draft = publication.begin(order, GenerationMonitor.UNWATCHED)) {
            Produced clip = production.produce(
                    order, model, draft.directory(), folder.resolve("work"), GenerationMonitor.UNWATCHED);
            draft.publish(clip, Optional.empty(), GenerationMonitor.UNWATCHED);
        }
        return folder.resolve("assets")
                .resolve(order.id())
                .resolve(order.kind().file().fileName());
    }

    private static Rectangle box(WorkOrder order) {
        return LabelImage.of(order.label().orElseThrow().look(), order.format().size())
                .box();
    }

    /** The frames that are white somewhere in the label's box. */
    private static BitSet shown(WorkOrder order, Path clip) throws IOException {
        Rectangle box = box(order);
        BitSet shown = new BitSet();
        List<VideoFrame> frames = frames(clip);
        assertEquals(order.format().frameCount(), frames.size());
        for (int i = 0; i < frames.size(); i++) {
            int brightest = 0;
            for (int x = box.x; x < box.x + box.width; x++) {
                brightest = Math.max(
                        brightest, TestFrames.distance(TestFrames.pixel(frames.get(i), x, (int) box.getCenterY()), 0));
            }
            assertFalse(
                    brightest > 60 && brightest < 180, "frame " + i + " is neither labelled nor black: " + brightest);
            shown.set(i, brightest > 60);
        }
        return shown;
    }

    private static List<VideoFrame> frames(Path clip) throws IOException {
        TestFrames.Collector frames = new TestFrames.Collector();
        try (ClipReader reader = ClipReader.open(clip)) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                frames.accept(frame.get());
            }
        }
        return new ArrayList<>(frames.frames);
    }
}
