package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
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
                mistake(() -> BALL.withSize(96, 9000), "96x9000"),
                mistake(() -> BALL.withSeconds(0), "seconds must be more than 0"),
                mistake(() -> BALL.withSeconds(Double.NaN), "NaN"),
                mistake(() -> BALL.withSeconds(1e6), "1000000.0"),
                mistake(() -> BALL.withFrameRate(0), "frame rate must be 1 to 120: 0"),
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
        assertEquals(16, request.frameRate().orElseThrow());
        assertEquals(-7, request.seed().orElseThrow());
        assertEquals(9, request.steps().orElseThrow());
        assertEquals(1, request.guidanceScale().orElseThrow());
    }
}
