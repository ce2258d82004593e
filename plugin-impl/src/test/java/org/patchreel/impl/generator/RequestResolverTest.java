package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDescriptor;

class RequestResolverTest {

    private static final GenerationRequest REQUEST = GenerationRequest.of("a red ball");

    private final InstalledModels models = new InstalledModels();
    private final RequestResolver resolver = new RequestResolver(models, new Random(1));
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
        assertEquals(new VideoFormat(96, 96, 17, 8), order.task().format());
        assertEquals("blurred", order.task().negativePrompt());
        assertEquals(20, order.task().sampling().steps());
        assertEquals(3.0, order.task().sampling().guidanceScale());
    }

    @Test
    void keepsWhatTheRequestSays() throws GenerationException {
        WorkOrder order = resolve(REQUEST.withNegativePrompt("grey")
                .withModel("wan")
                .withSize(640, 384)
                .withSeconds(2)
                .withFrameRate(24)
                .withSeed(-7)
                .withSteps(3)
                .withGuidanceScale(1));
        assertEquals("wan", order.model());
        assertEquals(new VideoFormat(640, 384, 48, 24), order.format());
        assertEquals(new SamplingParameters(-7, 3, 1), order.task().sampling());
        assertEquals("grey", order.task().negativePrompt());
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
            long seed = resolve(REQUEST).task().sampling().seed();
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
        "10.125,81,81"
    })
    void aClipHasSecondsTimesRateFramesAndTheModelMakesAtLeastSoMany(double seconds, int delivered, int generated)
            throws GenerationException {
        WorkOrder order = resolve(REQUEST.withSeconds(seconds));
        assertEquals(delivered, order.format().frameCount());
        assertEquals(generated, order.task().format().frameCount());
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
        WorkOrder order = resolve(REQUEST.withModel("wan").withSeconds(5).withFrameRate(asked));
        assertEquals(new VideoFormat(320, 320, delivered, asked), order.format());
        assertEquals(FrameRate.of(16), order.task().format().frameRate());
        assertEquals(generated, order.task().format().frameCount());
    }

    @Test
    void aClipCanBeGivenInFrames() throws GenerationException {
        assertEquals(30, resolve(REQUEST.withFrames(30)).format().frameCount());
        WorkOrder order = resolve(REQUEST.withFrames(100).withFrameRate(30));
        assertEquals(100, order.format().frameCount());
        assertEquals(29, order.task().format().frameCount()); // 27 frames of 8 in 3.33 s
    }

    @Test
    void aRateAloneKeepsTheModelsLength() throws GenerationException {
        VideoFormat output = resolve(REQUEST.withFrameRate(24)).format();
        assertEquals(51, output.frameCount());
        assertEquals(2.125, output.seconds());
    }

    @Test
    void mixingFramesTakesTheOneBehindTheLast() throws GenerationException {
        GenerationRequest request = REQUEST.withFrames(50).withFrameRate(24); // the last is due at 16.33 of 8
        assertEquals(17, resolve(request).task().format().frameCount());
        assertEquals(
                21,
                resolve(request.withFrameInterpolation(FrameInterpolation.BLEND))
                        .task()
                        .format()
                        .frameCount());
    }

    @Test
    void refusesAnUnknownModelAndNamesTheInstalledOnes() {
        assertRefused(REQUEST.withModel("sora"), "unknown model: sora, installed: starter, wan");
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
            WorkOrder order = resolve(REQUEST.withSize(width, height).withModel(model));
            assertEquals(new FrameSize(width, height), order.format().size());
            models.find(model)
                    .orElseThrow()
                    .descriptor()
                    .capabilities()
                    .orElseThrow()
                    .grid()
                    .check(order.task().format());
        }
    }

    @Test
    void refusesLessThanOneFrame() {
        assertRefused(
                REQUEST.withSeconds(1e-9),
                "seconds: 1.0E-9 at 8 frames per second are less than one frame, at least 0.125 are needed");
    }

    @Test
    void refusesMoreFramesThanTheModelMakes() {
        assertRefused(
                REQUEST.withSeconds(3600),
                "seconds: 3600.0 at 8 frames per second are 28800 frames, model starter makes at most 81 (10.125 seconds)");
        assertRefused(
                REQUEST.withFrames(400).withFrameRate(24),
                "frames: 400 at 24 frames per second, model starter makes at most 243 (10.125 seconds)");
        assertRefused(
                REQUEST.withModel("wan").withSeconds(61).withFrameRate(60),
                "seconds: 61.0 at 60 frames per second are 3660 frames, model wan makes at most 304 (5.067 seconds)");
    }

    @Test
    void refusesATextRequestToAnImageModel() {
        models.addModel(
                new FakeModel(
                        FakeModel.describe("i2v", 16, new VideoFormat(832, 480, 81, 16), ImageConditioning.REQUIRED)),
                new FakeReference(0, 9));
        assertRefused(
                REQUEST.withModel("i2v"),
                "model i2v starts from an image, which a text request does not have; choose a text-to-video model");
    }

    @Test
    void refusesAModelThatCannotBeRead() {
        models.addModel(
                new FakeModel(new ModelDescriptor("broken", "/models/broken", "cpu", "fp32", Optional.empty())),
                new FakeReference(0, 9));
        GenerationException failure =
                assertThrows(GenerationException.class, () -> resolve(REQUEST.withModel("broken")));
        assertEquals(Reason.NO_MODEL, failure.reason());
        assertEquals("model broken cannot be read: /models/broken", failure.getMessage());
    }

    @Test
    void saysThatNoModelIsInstalled() {
        var none = new RequestResolver(new InstalledModels(), new Random(1));
        GenerationException failure = assertThrows(GenerationException.class, () -> none.resolve("ID1", REQUEST));
        assertEquals(Reason.NO_MODEL, failure.reason());
    }

    @Test
    void generatesALargeClipInTheSizeTheModelKnows() throws GenerationException {
        WorkOrder order = resolve(REQUEST.withSize(1920, 1088));
        assertEquals(new FrameSize(1920, 1088), order.format().size());
        assertTrue(order.task().format().width() * order.task().format().height() <= 96 * 96 * 1.02);
    }

    private WorkOrder resolve(GenerationRequest request) throws GenerationException {
        return resolver.resolve("ID1", request).order();
    }

    private void assertRefused(GenerationRequest request, String message) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> resolve(request));
        assertEquals(message, refusal.getMessage());
    }
}
