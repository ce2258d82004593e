package org.patchreel.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.Denoising;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.StepCache;
import org.patchreel.api.VideoFormat;
import org.patchreel.broker.FakeModel;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;

class WireMessageTest {

    private static final Attempt.Of OF = new Attempt.Of("01ABC", "a1", "w1", "gpu \u00e4");
    private static final FakeModel MODEL = new FakeModel("fake-1.0");

    static Stream<WireMessage> messages() {
        return Stream.of(
                new Announcement(
                        "w1",
                        "gpu",
                        Announcement.State.BUSY,
                        List.of(
                                new Announcement.Model(MODEL.descriptor(), MODEL.health()),
                                new Announcement.Model(
                                        new ModelDescriptor("gone", "", "unknown", "unknown", Optional.empty()),
                                        new ModelHealth(
                                                ModelHealth.Status.UNAVAILABLE,
                                                "cuda",
                                                Optional.empty(),
                                                Optional.empty(),
                                                0,
                                                Optional.of("no such folder"),
                                                List.of()))),
                        1L << 40,
                        Optional.of(3.25),
                        Optional.of("01ABC")),
                new Announcement(
                        "w2", "cpu", Announcement.State.GONE, List.of(), 0, Optional.empty(), Optional.empty()),
                new Attempt.Started(OF),
                new Attempt.Progress(OF, new GenerationProgress(Stage.ENCODING_PROMPT, 1, 2)),
                new Attempt.Finished(
                        OF, "{\"a\":\"\u8d64\"}", List.of(new Attempt.File("clip.mp4", 7, "ab".repeat(32)))),
                new Attempt.Failed(OF, Reason.NOT_FINITE, "NaN"),
                new Attempt.Returned(OF),
                new Control.Cancel("01ABC"),
                new Control.Drain("gpu 1"),
                new Control.Go("a1"),
                new Control.Stop("a1"),
                new Question.Plan(
                        "q1",
                        "h1",
                        "fake",
                        new ModelTask(
                                "a ball",
                                "",
                                new VideoFormat(96, 64, 17, new FrameRate(30000, 1001)),
                                new SamplingParameters(
                                        Long.MIN_VALUE,
                                        4,
                                        2.5,
                                        new Denoising(Optional.of(StepCache.SAFE), Optional.of(GuidanceMode.APG))),
                                List.of(),
                                Optional.empty(),
                                true,
                                Guides.NONE,
                                List.of(new Adapter("snow", 0.8), new Adapter("ball", -1)))),
                new Question.Source("q1", "w1", "ab".repeat(32), 1L << 31),
                new Answer.Planned("q1", new SamplingPlan(SamplingPlan.Method.CHAINED, 2, 17, 8, 4, 8)),
                new Answer.Refused("q1", Reason.STORAGE, "no source"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageIsReadAsItWasWritten(WireMessage message) throws WireException {
        assertEquals(message, WireMessage.read(message.text(), WireMessage.class));
        assertTrue(message.text().startsWith("{\"version\":1,\"type\":\"" + message.type() + "\""), message.text());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aDamagedMessageIsRefusedOrReadAsAnotherAndNothingElseIsThrown(WireMessage message) {
        String text = message.text();
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            int at = random.nextInt(text.length());
            String damaged = switch (i % 3) {
                case 0 -> text.substring(0, at);
                case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 3));
                default -> text.substring(0, at) + (char) (32 + random.nextInt(96)) + text.substring(at + 1);
            };
            try {
                WireMessage.read(damaged, WireMessage.class);
            } catch (WireException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
    }

    private static String refusal(String text) {
        return assertThrows(WireException.class, () -> WireMessage.read(text, WireMessage.class))
                .getMessage();
    }

    @Test
    void whatIsRefusedIsNamed() {
        assertEquals("version 2, version 1 is read", refusal("{\"version\":2,\"type\":\"go\"}"));
        assertEquals("version is missing", refusal("{\"type\":\"go\"}"));
        assertEquals("type is unknown: paint", refusal("{\"version\":1,\"type\":\"paint\"}"));
        assertEquals("attempt is missing", refusal("{\"version\":1,\"type\":\"go\"}"));
        assertEquals(
                "attempt is not 1 to 64 letters and digits: ../a",
                refusal("{\"version\":1,\"type\":\"go\",\"attempt\":\"../a\"}"));
        assertEquals("a text of 262145 characters, at most 262144 are read", refusal("x".repeat(Wire.MAX_TEXT + 1)));
        assertTrue(refusal("[".repeat(1000)).startsWith("not JSON: "));
        String model = new Announcement(
                        "w1",
                        "gpu",
                        Announcement.State.IDLE,
                        List.of(new Announcement.Model(MODEL.descriptor(), MODEL.health())),
                        0,
                        Optional.empty(),
                        Optional.empty())
                .text();
        assertEquals(
                "name of a model has other characters than letters, digits and . _ -: x' OR '1'='1",
                refusal(model.replace("fake-1.0", "x' OR '1'='1")));
        assertTrue(refusal(model.replace("\"windowFrames\":17", "\"windowFrames\":18"))
                .startsWith("worker: window must be"));
    }

    @Test
    void aMessageIsReadWhereItBelongsAlone() {
        String text = new Control.Drain("a").text();
        WireException refused = assertThrows(WireException.class, () -> WireMessage.read(text, Attempt.class));
        assertEquals("a message of the type drain does not belong here", refused.getMessage());
    }
}
