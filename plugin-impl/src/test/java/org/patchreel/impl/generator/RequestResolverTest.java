package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.PromptLanguage;

class RequestResolverTest {

    private static final GenerationRequest REQUEST = GenerationRequest.of("a red ball");

    private final InstalledModels models = new InstalledModels();
    private final RequestResolver resolver = new RequestResolver(models, TestSources.none(), new Random(1));
    private final FakeModel starter = new FakeModel(FakeModel.starter());
    private final FakeModel wan =
            new FakeModel(FakeModel.describe("wan", 32, new VideoFormat(832, 480, 81, 16), ImageConditioning.OPTIONAL));

    @BeforeEach
    void install() {
        models.addModel(starter, new FakeReference(100, 1));
        models.addModel(wan, new FakeReference(0, 2));
    }

    @Test
    void fillsWhatIsLeftOutFromTheModelsDescription() throws GenerationException {
        WorkOrder order = resolve(REQUEST);
        assertEquals(new VideoFormat(320, 320, 17, 8), order.format());
        assertEquals(new VideoFormat(96, 96, 17, 8), order.generated());
        assertEquals("blurred", order.shots().get(0).task().negativePrompt());
        assertEquals(20, order.shots().get(0).task().sampling().steps());
        assertEquals(3.0, order.shots().get(0).task().sampling().guidanceScale());
    }

    @Test
    void keepsWhatTheRequestSays() throws GenerationException {
        WorkOrder order = resolve(REQUEST.toBuilder()
                .negativePrompt("grey")
                .model("wan")
                .size(640, 384)
                .seconds(2)
                .frameRate(24)
                .seed(-7)
                .steps(3)
                .guidanceScale(1)
                .build());
        assertEquals("wan", order.model());
        assertEquals(new VideoFormat(640, 384, 48, 24), order.format());
        assertEquals(
                new SamplingParameters(-7, 3, 1), order.shots().get(0).task().sampling());
        assertEquals("grey", order.shots().get(0).task().negativePrompt());
    }

    @Test
    void takesStatedRightsOver() throws GenerationException {
        Rights rights = new Rights(Optional.of("Anna"), Optional.empty(), Optional.empty());
        WorkOrder order = resolve(REQUEST.toBuilder().rights(rights).build());
        assertEquals(rights, order.rights());
        assertEquals(rights, RestoredRequest.of(order).rights());
    }

    @Test
    void choosesAmongTheAdaptersOfTheModel() throws GenerationException {
        models.addModel(new FakeModel(FakeModel.adaptable("snow", "ball")), new FakeReference(300, 9));
        List<Adapter> chosen = List.of(new Adapter("snow", 0.8));
        WorkOrder order = resolve(REQUEST.toBuilder().adapters(chosen).build());
        assertEquals(chosen, order.adapters());
        assertEquals(chosen, RestoredRequest.of(order).adapters());
        GenerationRequest unknown =
                REQUEST.toBuilder().adapters(List.of(new Adapter("rain", 1))).build();
        assertEquals(
                "model starter has no adapter rain; it has snow, ball; no installed model can",
                assertThrows(IllegalArgumentException.class, () -> resolve(unknown))
                        .getMessage());
        GenerationRequest elsewhere =
                REQUEST.toBuilder().model("wan").adapters(chosen).build();
        assertEquals(
                "model wan has no adapter snow, and no other one; these can: starter",
                assertThrows(IllegalArgumentException.class, () -> resolve(elsewhere))
                        .getMessage());
    }

    @Test
    void saysTheCamerasMovesInTheModelsWords() throws GenerationException {
        PromptLanguage words = new PromptLanguage(
                Optional.empty(),
                Map.of(
                        CameraMove.PAN_LEFT, "the camera pans left",
                        CameraMove.DOLLY_IN, "the camera pushes in",
                        CameraMove.TILT_UP, "the camera tilts up"));
        models.addModel(new FakeModel(FakeModel.starter(words)), new FakeReference(300, 9));
        WorkOrder order = resolve(REQUEST.toBuilder()
                .camera(Camera.parse("camera", "pan left, dolly in then tilt up"))
                .build());
        assertEquals(
                "a red ball. The camera pans left and the camera pushes in, then the camera tilts up.",
                order.shots().get(0).task().prompt());
        assertEquals("a red ball", order.shots().get(0).given().text());
        assertEquals(
                "What a ball! The camera tilts up.",
                resolve(GenerationRequest.builder("What a ball! ")
                                .camera(Camera.of(CameraMove.TILT_UP))
                                .build())
                        .shots()
                        .get(0)
                        .task()
                        .prompt());
        assertCameraRefused(
                "camera: model starter has no words for handheld, it has them for: pan left, tilt up, dolly in",
                "pan left and handheld");
    }

    @Test
    void refusesMovesThatAClosedVocabularyHasNoWordsFor() {
        ClosedVocabulary known = new ClosedVocabulary(Set.of("the", "camera", "pans", "left", "is", "still"), Map.of());
        PromptLanguage words = new PromptLanguage(
                Optional.of(known),
                Map.of(CameraMove.PAN_LEFT, "the camera pans left", CameraMove.STATIC, "the camera is still"));
        models.addModel(new FakeModel(FakeModel.starter(words)), new FakeReference(300, 9));
        assertCameraRefused(
                "camera: model starter has no words for crane up, it has them for: static, pan left", "crane up");
        assertCameraRefused(
                "camera: model starter has no words for moves that follow one another: static then pan left; it has"
                        + " single ones: static, pan left",
                "static then pan left");
        models.addModel(new FakeModel(FakeModel.starter()), new FakeReference(400, 10));
        assertCameraRefused("camera: model starter has no words for pan left, it has none for any move", "pan left");
    }

    private void assertCameraRefused(String message, String moves) {
        GenerationRequest request =
                REQUEST.toBuilder().camera(Camera.parse("camera", moves)).build();
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> resolve(request))
                        .getMessage());
    }

    @Test
    void choosesTheHighestRankingModel() throws GenerationException {
        assertSame(starter, resolver.resolve("ID1", REQUEST).model());
        models.addModel(wan, new FakeReference(200, 3));
        assertSame(wan, resolver.resolve("ID1", REQUEST).model());
    }

    @Test
    void drawsSeedsThatEveryJsonReaderKeeps() throws GenerationException {
        for (int i = 0; i < 100; i++) {
            long seed = resolve(REQUEST).sampling().seed();
            assertTrue(seed >= 0 && seed == (long) (double) seed && seed < 1L << 53, "seed " + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.125,1,1",
        "0.25,2,5",
        "0.5,4,5",
        "0.3,2,5", // 2.4 frames
        "0.0625,1,1", // half a frame
        "2,16,17",
        "2.125,17,17",
        "10,80,81",
        "10.125,81,81",
        "60.125,481,481"
    })
    void aClipHasSecondsTimesRateFramesAndTheModelMakesAtLeastSoMany(double seconds, int delivered, int generated)
            throws GenerationException {
        WorkOrder order = resolve(REQUEST.toBuilder().seconds(seconds).build());
        assertEquals(delivered, order.format().frameCount());
        assertEquals(generated, order.generated().frameCount());
    }

    @ParameterizedTest
    @CsvSource({
        "24,120,81",
        "25,125,81",
        "29.97,150,81",
        "30,150,81",
        "60,300,81",
        "23.976,120,81",
        "59.94,300,81",
        "16,80,81",
        "15,75,81",
        "30000/1001,150,81",
        "12,60,81",
        "1,5,65"
    })
    void theMotionKeepsItsSpeedAtEveryRate(String rate, int delivered, int generated) throws GenerationException {
        FrameRate asked = FrameRate.parse("rate", rate);
        WorkOrder order = resolve(
                REQUEST.toBuilder().model("wan").seconds(5).frameRate(asked).build());
        assertEquals(new VideoFormat(320, 320, delivered, asked), order.format());
        assertEquals(FrameRate.of(16), order.generated().frameRate());
        assertEquals(generated, order.generated().frameCount());
    }

    @Test
    void aClipCanBeGivenInFrames() throws GenerationException {
        assertEquals(
                30, resolve(REQUEST.toBuilder().frames(30).build()).format().frameCount());
        WorkOrder order = resolve(REQUEST.toBuilder().frames(100).frameRate(30).build());
        assertEquals(100, order.format().frameCount());
        assertEquals(29, order.generated().frameCount()); // 27 frames of 8 in 3.33 s
    }

    @Test
    void aRateAloneKeepsTheModelsLength() throws GenerationException {
        VideoFormat output = resolve(REQUEST.toBuilder().frameRate(24).build()).format();
        assertEquals(51, output.frameCount());
        assertEquals(2.125, output.seconds());
    }

    @Test
    void mixingFramesTakesTheOneBehindTheLast() throws GenerationException {
        GenerationRequest request =
                REQUEST.toBuilder().frames(50).frameRate(24).build(); // the last is due at 16.33 of 8
        assertEquals(17, resolve(request).generated().frameCount());
        assertEquals(
                21,
                resolve(request.toBuilder()
                                .frameInterpolation(FrameInterpolation.BLEND)
                                .build())
                        .generated()
                        .frameCount());
    }

    @Test
    void refusesAnUnknownModelAndNamesTheInstalledOnes() {
        assertRefused(REQUEST.toBuilder().model("sora").build(), "unknown model: sora, installed: starter, wan");
    }

    @ParameterizedTest
    @CsvSource({
        "1920,1080",
        "1280,720",
        "640,360",
        "854,480",
        "1080,1920",
        "960,540",
        "720,1280",
        "64,64",
        "1000,1002",
        "16,16",
        "64,800"
    })
    void makesEverySizeOfEvenSidesWithEveryModel(int width, int height) throws GenerationException {
        for (String model : List.of("starter", "wan")) {
            WorkOrder order =
                    resolve(REQUEST.toBuilder().size(width, height).model(model).build());
            assertEquals(new FrameSize(width, height), order.format().size());
            models.find(model)
                    .orElseThrow()
                    .descriptor()
                    .capabilities()
                    .orElseThrow()
                    .grid()
                    .check(order.generated());
        }
    }

    @Test
    void refusesLessThanOneFrame() {
        assertRefused(
                REQUEST.toBuilder().seconds(1e-9).build(),
                "seconds: 1.0E-9 at 8 frames per second are less than one frame, at least 0.125 are needed");
    }

    @Test
    void refusesMoreFramesThanAVideoMayHave() {
        assertRefused(
                REQUEST.toBuilder().seconds(3600).build(),
                "seconds: 3600.0 at 8 frames per second are 28800 frames, model starter makes at most 3601 (450.125"
                        + " seconds)");
        assertRefused(
                REQUEST.toBuilder().model("wan").seconds(61).frameRate(60).build(),
                "seconds: 61.0 at 60 frames per second are 3660 frames, model wan makes at most 3601 (60.017 seconds)");
    }

    @ParameterizedTest
    @CsvSource({"8,480,481", "24,1440,481", "30,1800,481", "60,3600,481"})
    void aMinuteIsLongerThanWhatTheModelMakesAtOnce(int rate, int delivered, int generated) throws GenerationException {
        WorkOrder order =
                resolve(REQUEST.toBuilder().seconds(60).frameRate(rate).build());
        assertEquals(delivered, order.format().frameCount());
        assertEquals(generated, order.generated().frameCount());
    }

    @Test
    void refusesATextRequestToAnImageModel() {
        models.addModel(
                new FakeModel(
                        FakeModel.describe("i2v", 16, new VideoFormat(832, 480, 81, 16), ImageConditioning.REQUIRED)),
                new FakeReference(0, 9));
        assertRefused(
                REQUEST.toBuilder().model("i2v").build(),
                "model i2v starts from an image, which this request does not have; choose a text-to-video model");
    }

    @Test
    void refusesAModelThatCannotBeRead() {
        models.addModel(
                new FakeModel(new ModelDescriptor("broken", "/models/broken", "cpu", "fp32", Optional.empty())),
                new FakeReference(0, 9));
        GenerationException failure = assertThrows(
                GenerationException.class,
                () -> resolve(REQUEST.toBuilder().model("broken").build()));
        assertEquals(Reason.NO_MODEL, failure.reason());
        assertEquals("model broken cannot be read: /models/broken", failure.getMessage());
    }

    @Test
    void saysThatNoModelIsInstalled() {
        var none = new RequestResolver(new InstalledModels(), TestSources.none(), new Random(1));
        GenerationException failure = assertThrows(GenerationException.class, () -> none.resolve("ID1", REQUEST));
        assertEquals(Reason.NO_MODEL, failure.reason());
    }

    @Test
    void generatesALargeClipInTheSizeTheModelKnows() throws GenerationException {
        WorkOrder order = resolve(REQUEST.toBuilder().size(1920, 1088).build());
        assertEquals(new FrameSize(1920, 1088), order.format().size());
        assertTrue(order.generated().width() * order.generated().height() <= 96 * 96 * 1.02);
    }

    private WorkOrder resolve(GenerationRequest request) throws GenerationException {
        return resolver.resolve("ID1", request).order();
    }

    private void assertRefused(GenerationRequest request, String message) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> resolve(request));
        assertEquals(message, refusal.getMessage());
    }
}
