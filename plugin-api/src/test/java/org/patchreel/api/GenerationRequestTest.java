package org.patchreel.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationRequestTest {
    private static final GenerationRequest BALL = GenerationRequest.of("a red ball");

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(() -> GenerationRequest.of(""), "prompt is empty"),
                mistake(() -> GenerationRequest.of(" \n\t"), "prompt is empty"),
                mistake(() -> GenerationRequest.of("x".repeat(100_000)), "prompt has 100000 characters"),
                mistake(() -> GenerationRequest.of("a\u0000b"), "prompt has a control character U+0000 at character 1"),
                mistake(() -> GenerationRequest.of("a\u001b[2J"), "control character U+001B"),
                mistake(() -> GenerationRequest.of("a\u009fb"), "control character U+009F"),
                mistake(() -> GenerationRequest.of("a \ud83d b"), "unpaired surrogate U+D83D at character 2"),
                mistake(() -> GenerationRequest.of("\ude00"), "unpaired surrogate U+DE00 at character 0"),
                mistake(() -> GenerationRequest.of("cut off \ud83d"), "unpaired surrogate U+D83D at character 8"),
                mistake(() -> BALL.withNegativePrompt("\u0007"), "negative prompt has a control character"),
                mistake(() -> BALL.withModel(" "), "model name is empty"),
                mistake(() -> BALL.withSize(0, 96), "0x96"),
                mistake(() -> BALL.withSize(97, 96), "width must be a multiple of 2: 97, nearest are 96 and 98"),
                mistake(() -> BALL.withFrames(0), "frames must be 1 to 3601: 0"),
                mistake(() -> BALL.withSize(96, 9000), "96x9000"),
                mistake(() -> BALL.withSeconds(0), "seconds must be more than 0"),
                mistake(() -> BALL.withSeconds(Double.NaN), "NaN"),
                mistake(() -> BALL.withSeconds(1e6), "1000000.0"),
                mistake(() -> BALL.withFrameRate(0), "frame rate must be a whole number from 1 to 120"),
                mistake(() -> BALL.withSteps(0), "steps must be 1 to 1000: 0"),
                mistake(() -> BALL.withSteps(1001), "1001"),
                mistake(() -> BALL.withGuidanceScale(Double.NaN), "guidance scale must be 1 to 100: NaN"),
                mistake(() -> BALL.withGuidanceScale(0.99), "0.99"),
                mistake(() -> BALL.withGuidanceScale(Double.POSITIVE_INFINITY), "Infinity"));
    }

    private static Arguments mistake(Supplier<GenerationRequest> request, String message) {
        return Arguments.of(request, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refusesAMistakeAndNamesIt(Supplier<GenerationRequest> request, String message) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, request::get);
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }

    @Test
    void takesAnyWritingAndLineEnds() {
        String prompt = "\u8d64\u3044\u30dc\u30fc\u30eb \ud83d\ude80\r\n\tred ball";
        assertEquals(prompt, GenerationRequest.of(prompt).prompt());
        assertEquals(10_000, GenerationRequest.of("x".repeat(10_000)).prompt().length());
    }

    @Test
    void aLengthInFramesTakesThePlaceOfOneInSeconds() {
        assertEquals(BALL.withFrames(5), BALL.withSeconds(2).withFrames(5));
        assertEquals(BALL.withSeconds(2), BALL.withFrames(5).withSeconds(2));
    }

    /** Hashes of these bytes name stored clips: whatever is added to a request, they stay. */
    @Test
    void hasCanonicalBytesThatStayTheSame() {
        assertEquals(
                "GenerationRequest[prompt=a red ball, negativePrompt=blur, model=Optional[wan], size=Optional[640x368],"
                        + " seconds=OptionalDouble[2.0], frameRate=OptionalInt[24], seed=OptionalLong[-7],"
                        + " steps=OptionalInt[9], guidanceScale=OptionalDouble[1.0],"
                        + " destination=Destination[folder=Optional[/clips], title=Optional[Rot]]]",
                canonical(BALL.withNegativePrompt("blur")
                        .withModel("wan")
                        .withSize(640, 368)
                        .withSeconds(2)
                        .withFrameRate(24)
                        .withSeed(-7)
                        .withSteps(9)
                        .withGuidanceScale(1)
                        .withDestination(new Destination(Optional.of("/clips"), Optional.of("Rot")))));
        String plain =
                "GenerationRequest[prompt=a red ball, negativePrompt=, model=Optional.empty, size=Optional.empty,"
                        + " seconds=OptionalDouble.empty, frameRate=OptionalInt.empty, seed=OptionalLong.empty,"
                        + " steps=OptionalInt.empty, guidanceScale=OptionalDouble.empty,"
                        + " destination=Destination[folder=Optional.empty, title=Optional.empty]]";
        assertEquals(plain, canonical(BALL));
        assertEquals(
                plain + "\nframe rate 30000/1001\nframes 5\nframe interpolation blend",
                canonical(BALL.withFrames(5)
                        .withFrameRate(FrameRate.parse("rate", "29.97"))
                        .withFrameInterpolation(FrameInterpolation.BLEND)));
    }

    /** A component that is forgotten there would give two different requests of a batch one ID, and one clip. */
    @Test
    void takesEveryComponentIntoItsCanonicalBytes() {
        Map<String, GenerationRequest> changed = Map.ofEntries(
                Map.entry("prompt", GenerationRequest.of("a blue ball")),
                Map.entry("negativePrompt", BALL.withNegativePrompt("blur")),
                Map.entry("model", BALL.withModel("wan")),
                Map.entry("size", BALL.withSize(640, 368)),
                Map.entry("seconds", BALL.withSeconds(2)),
                Map.entry("frames", BALL.withFrames(5)),
                Map.entry("frameRate", BALL.withFrameRate(24)),
                Map.entry("frameInterpolation", BALL.withFrameInterpolation(FrameInterpolation.BLEND)),
                Map.entry("seed", BALL.withSeed(7)),
                Map.entry("steps", BALL.withSteps(9)),
                Map.entry("guidanceScale", BALL.withGuidanceScale(2)),
                Map.entry(
                        "destination", BALL.withDestination(new Destination(Optional.of("/clips"), Optional.empty()))));
        assertEquals(
                Stream.of(GenerationRequest.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(Collectors.toSet()),
                changed.keySet());
        changed.forEach((component, request) -> assertNotEquals(canonical(BALL), canonical(request), component));
    }

    @Test
    void aTextThatLooksLikeAnotherValueIsToldApart() {
        assertNotEquals(
                canonical(GenerationRequest.of("a, negativePrompt=b")),
                canonical(GenerationRequest.of("a").withNegativePrompt("b, negativePrompt=")));
        assertEquals(
                canonical(BALL).replace("a red ball", "E=mc²") + "\nlengths 5 0 0 0 0",
                canonical(GenerationRequest.of("E=mc²")));
    }

    private static String canonical(GenerationRequest request) {
        return new String(request.canonical(), UTF_8);
    }

    @Test
    void changesOneValueAtATime() {
        GenerationRequest request = BALL.withNegativePrompt("blur")
                .withModel("wan")
                .withSize(640, 368)
                .withSeconds(2)
                .withFrameRate(16)
                .withSeed(-7)
                .withSteps(9)
                .withGuidanceScale(1);
        assertEquals("a red ball", request.prompt());
        assertEquals("blur", request.negativePrompt());
        assertEquals("wan", request.model().orElseThrow());
        assertEquals(new FrameSize(640, 368), request.size().orElseThrow());
        assertEquals(2, request.seconds().orElseThrow());
        assertEquals(FrameRate.of(16), request.frameRate().orElseThrow());
        assertEquals(FrameInterpolation.REPEAT, request.frameInterpolation());
        assertEquals(-7, request.seed().orElseThrow());
        assertEquals(9, request.steps().orElseThrow());
        assertEquals(1, request.guidanceScale().orElseThrow());
    }
}
