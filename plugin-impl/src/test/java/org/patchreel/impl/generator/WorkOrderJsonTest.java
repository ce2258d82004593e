package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.StepCache;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.generator.WorkSource.Guide.Role;
import org.patchreel.spi.Guides;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

class WorkOrderJsonTest {

    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private static final WorkOrder ORDER = order(
            "a red ball \u8d64\u3044 \"rolls\"\n",
            new SamplingParameters((1L << 53) - 1, 20, 3.1),
            new Destination(Optional.of("/content/dam/patchreel"), Optional.of("Größe")));

    /** Of an order that waits, or travels, while Patchreel is updated. */
    private static final String JSON = "{\"version\":2,\"id\":\"0Ab\",\"model\":\"starter\",\"shots\":["
            + "{\"prompt\":\"a red ball 赤い \\\"rolls\\\"\\n\",\"negativePrompt\":\"blurred\","
            + "\"generated\":{\"width\":96,\"height\":64,\"frames\":17,\"frameRate\":\"8/1\"},\"loop\":true,"
            + "\"sampling\":{\"seed\":9007199254740991,\"steps\":20,\"guidanceScale\":3.1},\"sources\":["
            + "{\"sha256\":\"" + SHA256 + "\",\"name\":\"a.png\",\"kind\":\"picture\",\"index\":16},"
            + "{\"sha256\":\"" + SHA256 + "\",\"name\":\"Ball\",\"asset\":\"20Ab\",\"kind\":\"continued\","
            + "\"side\":\"after\",\"index\":0,\"known\":9,\"length\":48,\"shown\":true},"
            + "{\"sha256\":\"" + SHA256 + "\",\"name\":\"b.mp4\",\"kind\":\"restyled\",\"strength\":0.6},"
            + "{\"sha256\":\"" + SHA256 + "\",\"name\":\"c.mp4\",\"kind\":\"interpolated\",\"factor\":4,"
            + "\"length\":15,\"known\":true}],"
            + "\"opening\":{\"transition\":\"cut\",\"frames\":0},\"used\":9,\"frames\":12}],"
            + "\"output\":{\"width\":320,\"height\":214,\"frames\":60,\"frameRate\":\"30000/1001\"},"
            + "\"frameInterpolation\":\"blend\",\"fit\":\"contain\","
            + "\"folder\":\"/content/dam/patchreel\",\"title\":\"Größe\","
            + "\"digitalSourceType\":\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\"}";

    private static WorkOrder order(String prompt, SamplingParameters sampling, Destination destination) {
        return new WorkOrder(
                "0Ab",
                "starter",
                List.of(new WorkShot(
                        new ModelTask(
                                prompt,
                                "blurred",
                                new VideoFormat(96, 64, 17, 8),
                                sampling,
                                List.of(),
                                Optional.empty(),
                                true,
                                Guides.NONE),
                        List.of(
                                new WorkSource.Picture(new Media.Upload(SHA256, "a.png"), Optional.empty(), 16),
                                new WorkSource.Continued(
                                        new Media.Upload(SHA256, "Ball"),
                                        Optional.of("20Ab"),
                                        Side.AFTER,
                                        0,
                                        9,
                                        48,
                                        true),
                                new WorkSource.Restyled(new Media.Upload(SHA256, "b.mp4"), Optional.empty(), 0.6),
                                new WorkSource.Interpolated(
                                        new Media.Upload(SHA256, "c.mp4"), Optional.empty(), 4, 15, true)),
                        new WorkShot.GivenPrompt(prompt, List.of()),
                        WorkShot.Opening.CUT,
                        9,
                        12)),
                new WorkOrder.Output(
                        OutputKind.CLIP,
                        new VideoFormat(320, 214, 60, new FrameRate(30000, 1001)),
                        FrameInterpolation.BLEND,
                        Fit.CONTAIN,
                        false),
                destination,
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
    }

    @Test
    void keepsHowTheRequestWantsTheClipDenoised() {
        SamplingParameters chosen = new SamplingParameters(
                7, 20, 3.1, new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)));
        WorkOrder order = order("a ball", chosen, new Destination(Optional.empty(), Optional.empty()));
        String json = WorkOrderJson.write(order);
        assertTrue(json.startsWith("{\"version\":7,"), json);
        assertTrue(json.contains("\"stepCache\":\"fast\",\"guidanceMode\":\"cfg-zero-star\""), json);
        assertEquals(chosen, WorkOrderJson.read(json).sampling());
        assertEquals(chosen.denoising(), RestoredRequest.of(order).sampling().denoising());
    }

    @Test
    void writesTheSameTextInEveryVersion() {
        assertEquals(JSON, WorkOrderJson.write(ORDER));
    }

    @Test
    void readsWhatItHasWritten() {
        assertEquals(ORDER, WorkOrderJson.read(JSON));
        WorkOrder small = order("a", new SamplingParameters(Long.MIN_VALUE, 1, 1), Destination.DEFAULT);
        assertEquals(small, WorkOrderJson.read(WorkOrderJson.write(small)));
    }

    @Test
    void keepsStatedRightsInATextThatEarlierVersionsRefuse() {
        Rights rights = new Rights(
                Optional.of("Anna Größe"), Optional.empty(), Optional.of(Instant.parse("2027-06-30T00:00:00Z")));
        WorkOrder stated = new WorkOrder(
                ORDER.id(),
                ORDER.model(),
                ORDER.shots(),
                ORDER.output(),
                ORDER.destination(),
                ORDER.sourceType(),
                Optional.empty(),
                rights);
        String json = WorkOrderJson.write(stated);
        assertEquals(stated, WorkOrderJson.read(json));
        assertTrue(json.startsWith("{\"version\":5,"), json);
        assertTrue(
                json.endsWith(",\"rights\":{\"creator\":\"Anna Größe\",\"expires\":\"2027-06-30T00:00:00Z\"}}"), json);
        assertThrows(
                IllegalArgumentException.class, () -> WorkOrderJson.read(json.replace("Anna Größe", "x".repeat(201))));
        assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(json.replace("2027-06", "later")));
    }

    @Test
    void keepsAdaptersInATextThatEarlierVersionsRefuse() {
        WorkShot shot = ORDER.shots().get(0);
        WorkOrder adapted = ORDER.with(List.of(new WorkShot(
                shot.task().withAdapters(List.of(new Adapter("snow", 0.1), new Adapter("ball", -1))),
                shot.sources(),
                shot.given(),
                shot.opening(),
                shot.used(),
                shot.frames())));
        String json = WorkOrderJson.write(adapted);
        assertEquals(adapted, WorkOrderJson.read(json));
        assertTrue(json.startsWith("{\"version\":4,"), json);
        assertTrue(json.contains("\"adapters\":[{\"name\":\"snow\",\"strength\":0.1},"), json);
    }

    @Test
    void keepsWhatTheModelFollowsAndMakesBesideIt() {
        Media.Upload file = new Media.Upload(SHA256, "a.mp4");
        WorkShot shot = ORDER.shots().get(0);
        WorkOrder guided = new WorkOrder(
                ORDER.id(),
                ORDER.model(),
                List.of(new WorkShot(
                        shot.task(),
                        List.of(
                                new WorkSource.Guide(file, Optional.of("20Ab"), Role.REFERENCE, Optional.of("anna")),
                                new WorkSource.Guide(file, Optional.empty(), Role.CONTROL, Optional.empty()),
                                new WorkSource.Guide(file, Optional.empty(), Role.INPAINTED, Optional.empty()),
                                new WorkSource.Guide(file, Optional.empty(), Role.MASK, Optional.empty())),
                        shot.given(),
                        shot.opening(),
                        shot.used(),
                        shot.frames())),
                new WorkOrder.Output(OutputKind.CLIP, ORDER.format(), FrameInterpolation.REPEAT, Fit.CONTAIN, true),
                ORDER.destination(),
                ORDER.sourceType());
        String json = WorkOrderJson.write(guided);
        assertEquals(guided, WorkOrderJson.read(json));
        String other = json.replace("\"mask\"", "\"veil\"");
        assertEquals(
                "work order: a source of an unknown kind: veil",
                assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(other))
                        .getMessage());
    }

    @Test
    void saysOfAStillThatItIsOne() {
        WorkOrder still = new WorkOrder(
                ORDER.id(),
                ORDER.model(),
                ORDER.shots(),
                new WorkOrder.Output(
                        OutputKind.STILL, new VideoFormat(320, 214, 1, 8), FrameInterpolation.REPEAT, Fit.COVER, false),
                ORDER.destination(),
                ORDER.sourceType());
        String json = WorkOrderJson.write(still);
        assertEquals(still, WorkOrderJson.read(json));
        String other = json.replace("\"still\"", "\"poster\"");
        assertEquals(
                "work order: unknown kind: poster",
                assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(other))
                        .getMessage());
    }

    @Test
    void carriesAPromptAsItWasGivenAndAsItWasExpanded() {
        WorkOrder expanded = ORDER.with(List.of(
                ORDER.shots().get(0).expanded("a red ball. The camera pans left.", List.of("a note", "\u8d64\u3044"))));
        String json = WorkOrderJson.write(expanded);
        assertEquals(
                JSON.replace("a red ball 赤い \\\"rolls\\\"\\n", "a red ball. The camera pans left.")
                        .replace(
                                "],\"opening\"",
                                "],\"givenPrompt\":\"a red ball 赤い \\\"rolls\\\"\\n\",\"promptNotes\":[\"a note\",\"赤い\"],"
                                        + "\"opening\""),
                json);
        assertEquals(expanded, WorkOrderJson.read(json));
        String wrong = json.replace("\"a note\"", "7");
        assertEquals(
                "work order: promptNotes has an entry that is not a text: 7",
                assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(wrong))
                        .getMessage());
    }

    @Test
    void refusesToWriteAnOrderWithFrames() {
        VideoFormat format = new VideoFormat(16, 16, 1, 8);
        WorkShot shot = ORDER.shots().get(0);
        ModelTask known = new ModelTask(
                "a",
                "",
                format,
                new SamplingParameters(1, 1, 1),
                List.of(new KnownFrame(0, new VideoFrame(16, 16, ByteBuffer.allocate(768)))));
        WorkOrder pictured =
                ORDER.with(List.of(shot, new WorkShot(known, List.of(), shot.given(), WorkShot.Opening.CUT, 1, 1)));
        assertEquals(
                "work order 0Ab has frames, which cannot be written",
                assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.write(pictured))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\":2 | \"version\":1 | work order of version 1, versions 2 to 7 are read",
                "\"transition\":\"cut\" | \"transition\":\"wipe\" | work order: transition must be one of cut, dissolve, continue: wipe",
                "\"shots\":[ | \"shots\":7,\"x\":[ | work order: shots are not a list: 7",
                "\"shots\":[ | \"shots\":[],\"x\":[ | work order 0Ab has no shot",
                "\"model\":\"starter\", | '' | work order: model is missing",
                "\"model\":\"starter\" | \"model\":7 | work order: model is not a text: 7",
                "\"steps\":20 | \"steps\":20.5 | work order: steps is not a whole number: 20.5",
                "\"steps\":20 | \"steps\":\"20\" | work order: steps is not a number: \"20\"",
                "\"steps\":20 | \"steps\":0 | steps must be 1 to 1000: 0",
                "\"frames\":17 | \"frames\":1000000 | frame count must be 1 to 3601: 1000000",
                "\"blend\" | \"melt\" | frameInterpolation must be repeat or blend: melt",
                "\"picture\" | \"painting\" | work order: a source of an unknown kind: painting",
                "\"after\" | \"beside\" | work order: side is neither after nor before: beside",
                "\"shown\":true | \"shown\":1 | work order: shown is neither true nor false: 1",
                "\"sources\":[ | \"sources\":7,\"x\":[ | work order: sources are not a list: 7",
            })
    void namesWhatIsWrong(String text, String instead, String message) {
        String wrong = JSON.replace(text, instead);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(wrong))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "null", "7", "[]", "{}", "\"\""})
    void refusesWhatIsNoOrder(String text) {
        assertEquals(
                "work order: version is missing",
                assertThrows(IllegalArgumentException.class, () -> WorkOrderJson.read(text))
                        .getMessage());
    }
}
