package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ModelDescriptor.ImageConditioning;

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
        GenerationPlan plan = resolver.resolve(REQUEST);
        assertEquals(new VideoFormat(320, 320, 17, 8), plan.output());
        assertEquals(new VideoFormat(96, 96, 17, 8), plan.task().format());
        assertEquals("blurred", plan.task().negativePrompt());
        assertEquals(20, plan.task().sampling().steps());
        assertEquals(3.0, plan.task().sampling().guidanceScale());
    }

    @Test
    void keepsWhatTheRequestSays() throws GenerationException {
        GenerationPlan plan = resolver.resolve(REQUEST.withNegativePrompt("grey")
                .withModel("wan")
                .withSize(640, 384)
                .withSeconds(2)
                .withFrameRate(24)
                .withSeed(-7)
                .withSteps(3)
                .withGuidanceScale(1));
        assertSame(wan, plan.model());
        assertEquals(new VideoFormat(640, 384, 49, 24), plan.output());
        assertEquals(new SamplingParameters(-7, 3, 1), plan.task().sampling());
        assertEquals("grey", plan.task().negativePrompt());
    }

    @Test
    void choosesTheHighestRankingModel() throws GenerationException {
        assertSame(starter, resolver.resolve(REQUEST).model());
        models.addModel(wan, new FakeReference(200, 3));
        assertSame(wan, resolver.resolve(REQUEST).model());
    }

    @Test
    void drawsSeedsThatEveryJsonReaderKeeps() throws GenerationException {
        for (int i = 0; i < 100; i++) {
            long seed = resolver.resolve(REQUEST).task().sampling().seed();
            assertTrue(seed >= 0 && seed == (long) (double) seed && seed < 1L << 53, "seed " + seed);
        }
    }

    @Test
    void takesTheNearestFrameCountOfTheForm4nPlus1() throws GenerationException {
        assertEquals(1, frames(0.125));
        assertEquals(1, frames(0.25));
        assertEquals(5, frames(0.5));
        assertEquals(17, frames(2));
        assertEquals(81, frames(10));
    }

    private int frames(double seconds) throws GenerationException {
        return resolver.resolve(REQUEST.withSeconds(seconds)).task().format().frameCount();
    }

    @Test
    void refusesAnUnknownModelAndNamesTheInstalledOnes() {
        assertRefused(REQUEST.withModel("sora"), "unknown model: sora, installed: starter, wan");
    }

    @Test
    void refusesASizeOffTheModelsGridAndNamesTheNearest() {
        assertRefused(
                REQUEST.withSize(640, 360).withModel("wan"),
                "height must be a multiple of 32: 360, nearest are 352 and 384");
        assertRefused(REQUEST.withSize(7, 16), "width must be a multiple of 16: 7, nearest is 16");
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
                "seconds: 3600.0 at 8 frames per second are 28801 frames, model starter makes at most 81 (10.125 seconds)");
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
    void saysThatNoModelIsInstalled() {
        var none = new RequestResolver(new InstalledModels(), new Random(1));
        GenerationException failure = assertThrows(GenerationException.class, () -> none.resolve(REQUEST));
        assertEquals(Reason.NO_MODEL, failure.reason());
    }

    @Test
    void generatesALargeClipInTheSizeTheModelKnows() throws GenerationException {
        GenerationPlan plan = resolver.resolve(REQUEST.withSize(1920, 1088));
        assertEquals(new FrameSize(1920, 1088), plan.output().size());
        assertTrue(plan.task().format().width() * plan.task().format().height() <= 96 * 96 * 1.02);
    }

    private void assertRefused(GenerationRequest request, String message) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> resolver.resolve(request));
        assertEquals(message, refusal.getMessage());
    }
}
