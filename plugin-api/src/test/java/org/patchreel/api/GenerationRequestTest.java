package org.patchreel.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.api.Source.Continuation.Side;

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
                mistake(
                        () -> BALL.toBuilder().negativePrompt("\u0007").build(),
                        "negative prompt has a control character"),
                mistake(() -> BALL.toBuilder().model(" ").build(), "model name is empty"),
                mistake(() -> BALL.toBuilder().size(0, 96).build(), "0x96"),
                mistake(
                        () -> BALL.toBuilder().size(97, 96).build(),
                        "width must be a multiple of 2: 97, nearest are 96 and 98"),
                mistake(() -> BALL.toBuilder().frames(0).build(), "frames must be 1 to 3601: 0"),
                mistake(() -> BALL.toBuilder().size(96, 9000).build(), "96x9000"),
                mistake(() -> BALL.toBuilder().seconds(0).build(), "seconds must be more than 0"),
                mistake(() -> BALL.toBuilder().seconds(Double.NaN).build(), "NaN"),
                mistake(() -> BALL.toBuilder().seconds(1e6).build(), "1000000.0"),
                mistake(() -> BALL.toBuilder().frameRate(0).build(), "frame rate must be a whole number from 1 to 120"),
                mistake(() -> BALL.toBuilder().steps(0).build(), "steps must be 1 to 1000: 0"),
                mistake(() -> BALL.toBuilder().steps(1001).build(), "1001"),
                mistake(
                        () -> BALL.toBuilder().guidanceScale(Double.NaN).build(),
                        "guidance scale must be 1 to 100: NaN"),
                mistake(() -> BALL.toBuilder().guidanceScale(0.99).build(), "0.99"),
                mistake(
                        () -> BALL.toBuilder()
                                .guidanceScale(Double.POSITIVE_INFINITY)
                                .build(),
                        "Infinity"));
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
        assertEquals(prompt, prompt(GenerationRequest.of(prompt)));
        assertEquals(10_000, prompt(GenerationRequest.of("x".repeat(10_000))).length());
    }

    @Test
    void aLengthInFramesTakesThePlaceOfOneInSeconds() {
        assertEquals(
                BALL.toBuilder().frames(5).build(),
                BALL.toBuilder().seconds(2).frames(5).build());
        assertEquals(
                BALL.toBuilder().seconds(2).build(),
                BALL.toBuilder().frames(5).seconds(2).build());
    }

    /** Hashes of these bytes name stored clips: whatever is added to a request, they stay. */
    @Test
    void hasCanonicalBytesThatStayTheSame() {
        assertEquals(
                "GenerationRequest[prompt=a red ball, negativePrompt=blur, model=Optional[wan], size=Optional[640x368],"
                        + " seconds=OptionalDouble[2.0], frameRate=OptionalInt[24], seed=OptionalLong[-7],"
                        + " steps=OptionalInt[9], guidanceScale=OptionalDouble[1.0],"
                        + " destination=Destination[folder=Optional[/clips], title=Optional[Rot]]]",
                canonical(BALL.toBuilder()
                        .negativePrompt("blur")
                        .model("wan")
                        .size(640, 368)
                        .seconds(2)
                        .frameRate(24)
                        .seed(-7)
                        .steps(9)
                        .guidanceScale(1)
                        .destination(new Destination(Optional.of("/clips"), Optional.of("Rot")))
                        .build()));
        String plain =
                "GenerationRequest[prompt=a red ball, negativePrompt=, model=Optional.empty, size=Optional.empty,"
                        + " seconds=OptionalDouble.empty, frameRate=OptionalInt.empty, seed=OptionalLong.empty,"
                        + " steps=OptionalInt.empty, guidanceScale=OptionalDouble.empty,"
                        + " destination=Destination[folder=Optional.empty, title=Optional.empty]]";
        assertEquals(plain, canonical(BALL));
        assertEquals(
                plain + "\nframe rate 30000/1001\nframes 5\nframe interpolation blend",
                canonical(BALL.toBuilder()
                        .frames(5)
                        .frameRate(FrameRate.parse("rate", "29.97"))
                        .frameInterpolation(FrameInterpolation.BLEND)
                        .build()));
        assertEquals(
                plain + "\nstep cache fast\nguidance mode cfg-zero-star",
                canonical(BALL.toBuilder()
                        .denoising(new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)))
                        .build()));
        String sha256 = "0123456789abcdef".repeat(4);
        assertEquals(
                plain + "\nkeyframe first asset a1\nkeyframe last sha256 " + sha256 + "\nkeyframe 1.5 s asset a2"
                        + "\ncontinue after asset a3\nfit contain\nloop",
                canonical(BALL.toBuilder()
                        .source(new Source.Keyframe(new Media.Asset("a1"), Position.FIRST))
                        .source(new Source.Keyframe(new Media.Upload(sha256, "its name.png"), Position.LAST))
                        .source(new Source.Keyframe(new Media.Asset("a2"), Position.at(1.5)))
                        .source(new Source.Continuation(new Media.Asset("a3"), Side.AFTER))
                        .fit(Fit.CONTAIN)
                        .loop(true)
                        .build()));
        assertEquals(
                plain + "\nadapter snow:1.0\nadapter ball-v1.2:-0.5",
                canonical(BALL.toBuilder()
                        .adapters(List.of(new Adapter("snow", 1), new Adapter("ball-v1.2", -0.5)))
                        .build()));
        assertEquals(
                plain + "\ncreator Anna\ncopyright © Studio\nexpires 2027-06-30T00:00:00Z",
                canonical(BALL.toBuilder()
                        .rights(new Rights(
                                Optional.of("Anna"),
                                Optional.of("© Studio"),
                                Optional.of(Instant.parse("2027-06-30T00:00:00Z"))))
                        .build()));
        assertEquals(
                plain + "\nrestyle 0.6 asset a1",
                canonical(BALL.toBuilder()
                        .source(new Source.Restyle(new Media.Asset("a1"), 0.6))
                        .build()));
        assertEquals(
                plain + "\ninterpolate 4 asset a1",
                canonical(BALL.toBuilder()
                        .source(new Source.Interpolation(new Media.Asset("a1"), 4))
                        .build()));
        Media.Asset a1 = new Media.Asset("a1");
        assertEquals(
                plain + "\nreference ball asset a1\ncontrol asset a1\ninpaint asset a1 mask asset a2",
                canonical(BALL.toBuilder()
                        .source(new Source.Reference(a1, "ball"))
                        .source(new Source.Control(a1))
                        .source(new Source.Inpainting(a1, Optional.of(new Media.Asset("a2"))))
                        .build()));
        assertEquals(
                plain + "\ninpaint asset a1",
                canonical(BALL.toBuilder()
                        .source(new Source.Inpainting(a1, Optional.empty()))
                        .build()));
        assertEquals(
                plain + "\ncamera pan left, dolly in then tilt up",
                canonical(BALL.toBuilder()
                        .camera(Camera.parse("camera", "pan left, dolly in then tilt up"))
                        .build()));
        assertEquals(
                plain + "\nkind still",
                canonical(BALL.toBuilder().kind(OutputKind.STILL).build()));
    }

    @Test
    void refusesAStillWithWhatOnlyAClipHas() {
        GenerationRequest still = BALL.toBuilder().kind(OutputKind.STILL).build();
        assertEquals(OutputKind.STILL, still.toBuilder().size(64, 64).build().kind());
        assertNotEquals(BALL, still);
        Media picture = new Media.Asset("a1");
        Map.of(
                        "a still has no length", still.toBuilder().seconds(1),
                        "a still has no frame rate", still.toBuilder().frameRate(24),
                        "a still is no loop", still.toBuilder().loop(true),
                        "the picture would be the result",
                                still.toBuilder().source(new Source.Keyframe(picture, Position.FIRST)),
                        "a still continues no clip",
                                still.toBuilder().source(new Source.Continuation(picture, Side.AFTER)))
                .forEach((reason, builder) -> {
                    String message = String.valueOf(assertThrows(IllegalArgumentException.class, builder::build)
                            .getMessage());
                    assertTrue(message.contains(reason), message);
                });
        still.toBuilder().source(new Source.Restyle(picture, 0.5)).build();
    }

    @Test
    void refusesAnInterpolatedClipWithATimingOfItsOwn() {
        GenerationRequest.Builder smooth = BALL.toBuilder().source(new Source.Interpolation(new Media.Asset("a1"), 2));
        GenerationRequest request = smooth.build();
        Map.of(
                        "is as long as it was", request.toBuilder().seconds(1),
                        "has the frame rate of the clip, times the factor",
                                request.toBuilder().frameRate(24),
                        "it is no loop", request.toBuilder().loop(true),
                        "a still has no frames between", request.toBuilder().kind(OutputKind.STILL))
                .forEach((reason, builder) -> {
                    String message = String.valueOf(assertThrows(IllegalArgumentException.class, builder::build)
                            .getMessage());
                    assertTrue(message.contains(reason), message);
                });
    }

    /** A component that is forgotten there would give two different requests of a batch one ID, and one clip. */
    @Test
    void takesEveryComponentIntoItsCanonicalBytes() {
        Map<String, GenerationRequest> changed = Map.ofEntries(
                Map.entry("prompt", GenerationRequest.of("a blue ball")),
                Map.entry(
                        "negativePrompt",
                        BALL.toBuilder().negativePrompt("blur").build()),
                Map.entry("model", BALL.toBuilder().model("wan").build()),
                Map.entry("size", BALL.toBuilder().size(640, 368).build()),
                Map.entry("seconds", BALL.toBuilder().seconds(2).build()),
                Map.entry("frames", BALL.toBuilder().frames(5).build()),
                Map.entry("frameRate", BALL.toBuilder().frameRate(24).build()),
                Map.entry(
                        "frameInterpolation",
                        BALL.toBuilder()
                                .frameInterpolation(FrameInterpolation.BLEND)
                                .build()),
                Map.entry(
                        "camera",
                        BALL.toBuilder().camera(Camera.of(CameraMove.PAN_LEFT)).build()),
                Map.entry("seed", BALL.toBuilder().seed(7).build()),
                Map.entry("steps", BALL.toBuilder().steps(9).build()),
                Map.entry(
                        "denoising",
                        BALL.toBuilder()
                                .denoising(new Denoising(
                                        Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)))
                                .build()),
                Map.entry(
                        "source",
                        BALL.toBuilder()
                                .source(new Source.Keyframe(new Media.Asset("a1"), Position.FIRST))
                                .build()),
                Map.entry("fit", BALL.toBuilder().fit(Fit.CONTAIN).build()),
                Map.entry("kind", BALL.toBuilder().kind(OutputKind.STILL).build()),
                Map.entry("loop", BALL.toBuilder().loop(true).build()),
                Map.entry("guidanceScale", BALL.toBuilder().guidanceScale(2).build()),
                Map.entry(
                        "adapters",
                        BALL.toBuilder().adapters(List.of(new Adapter("a", 1))).build()),
                Map.entry(
                        "rights",
                        BALL.toBuilder()
                                .rights(new Rights(Optional.of("Anna"), Optional.empty(), Optional.empty()))
                                .build()),
                Map.entry(
                        "destination",
                        BALL.toBuilder()
                                .destination(new Destination(Optional.of("/clips"), Optional.empty()))
                                .build()));
        Set<String> settable = Stream.of(GenerationRequest.Builder.class.getMethods())
                .filter(method -> method.getReturnType() == GenerationRequest.Builder.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        // these set what others set, too
        settable.removeAll(Set.of("length", "sampling"));
        settable.add("prompt");
        assertEquals(settable, new TreeSet<>(changed.keySet()));
        changed.forEach((component, request) -> assertNotEquals(canonical(BALL), canonical(request), component));
    }

    @Test
    void aTextThatLooksLikeAnotherValueIsToldApart() {
        assertNotEquals(
                canonical(GenerationRequest.of("a, negativePrompt=b")),
                canonical(GenerationRequest.builder("a")
                        .negativePrompt("b, negativePrompt=")
                        .build()));
        assertEquals(
                canonical(BALL).replace("a red ball", "E=mc²") + "\nlengths 5 0 0 0 0",
                canonical(GenerationRequest.of("E=mc²")));
    }

    private static String canonical(GenerationRequest request) {
        return new String(request.canonical(), UTF_8);
    }

    private static String prompt(GenerationRequest request) {
        return request.shots().get(0).prompt();
    }

    @Test
    void refusesNoShotAndTooManyShots() {
        Shot ball = new Shot("a red ball", "", Optional.empty());
        for (int count : new int[] {0, 101, 10_000}) {
            assertShotsRefused("a request has 1 to 100 shots, this one has " + count, Collections.nCopies(count, ball));
        }
        assertEquals(
                100,
                GenerationRequest.builder(Collections.nCopies(100, ball))
                        .build()
                        .shots()
                        .size());
    }

    @Test
    void refusesShotsThatDoNotGoTogether() {
        Media picture = new Media.Asset("a1");
        Shot ball = shot("a red ball", Transition.CUT);
        Shot continued = shot("a red ball", Transition.CONTINUE);
        assertShotsRefused(
                "the last shot passes into no other one, its transition cannot be continue", List.of(ball, continued));
        assertShotsRefused(
                "the last shot passes into no other one, its transition cannot be dissolve",
                List.of(shot("a red ball", Transition.DISSOLVE)));
        assertShotsRefused(
                "shot 2 begins with the last frame of the one before and has no first picture of its own",
                List.of(
                        continued,
                        shot(
                                "a",
                                Transition.CUT,
                                new Source.Keyframe(picture, Position.LAST),
                                new Source.Keyframe(picture, Position.FIRST))));
        assertShotsRefused(
                "shot 2 continues the one before and cannot restyle a clip",
                List.of(continued, shot("a", Transition.CUT, new Source.Restyle(picture, 0.5))));
        assertShotsRefused(
                "shot 1 continues a clip: only a request of one shot can",
                List.of(shot("a", Transition.CUT, new Source.Continuation(picture, Side.AFTER)), ball));
        assertShotsRefused(
                "shot 2 interpolates a clip: only a request of one shot can",
                List.of(ball, shot("a", Transition.CUT, new Source.Interpolation(picture, 2))));
        assertShotsRefused(
                "the prompts of all shots have 100001 characters, at most 100000 are read",
                Stream.concat(
                                Stream.of(ball, shot("b".repeat(9_991), Transition.CUT)),
                                Collections.nCopies(9, shot("c".repeat(10_000), Transition.CUT)).stream())
                        .toList());
        assertEquals(
                "a still has one shot, this one has 2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> GenerationRequest.builder(List.of(ball, ball))
                                        .kind(OutputKind.STILL)
                                        .build())
                        .getMessage());
        assertEquals(
                "a loop has one shot, this one has 2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> GenerationRequest.builder(List.of(ball, ball))
                                        .loop(true)
                                        .build())
                        .getMessage());
    }

    private static void assertShotsRefused(String message, List<Shot> shots) {
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> GenerationRequest.builder(shots).build())
                        .getMessage());
    }

    private static Shot shot(String prompt, Transition next, Source... sources) {
        return new Shot(prompt, "", Optional.empty(), List.of(sources), Camera.UNSPECIFIED, next);
    }

    @Test
    void keepsTheTransitionsWhenAValueOfEveryShotChanges() {
        List<Shot> shots = List.of(shot("a", Transition.DISSOLVE), shot("b", Transition.CUT));
        GenerationRequest changed = GenerationRequest.builder(shots)
                .seconds(2)
                .negativePrompt("blur")
                .camera(Camera.of(CameraMove.PAN_LEFT))
                .source(new Source.Keyframe(new Media.Asset("a1"), Position.LAST))
                .build();
        assertEquals(
                List.of(Transition.DISSOLVE, Transition.CUT),
                changed.shots().stream().map(Shot::next).toList());
    }

    /** A batch names its clips by these bytes. */
    @Test
    void hasTheSameBytesForTheSameShotsInEveryVersion() {
        Shot second = new Shot(
                "a\nb",
                "blur",
                Optional.of(new ClipLength.Seconds(2)),
                List.of(new Source.Keyframe(new Media.Asset("a1"), Position.LAST)),
                Camera.of(CameraMove.PAN_LEFT),
                Transition.CONTINUE);
        Shot third = new Shot("c", "", Optional.of(new ClipLength.Frames(9)));
        assertEquals(
                canonical(BALL) + "\nshot 3 a\nb\nshot 4 blur\nseconds 2.0\nkeyframe last asset a1\ncamera pan left"
                        + "\nshot 1 c\nshot 0 \nframes 9\ntransitions dissolve continue cut",
                canonical(GenerationRequest.builder(List.of(shot("a red ball", Transition.DISSOLVE), second, third))
                        .build()));
    }

    @Test
    void isEqualToOneThatAsksForTheSame() {
        GenerationRequest copy = BALL.toBuilder().build();
        assertEquals(BALL, copy);
        assertEquals(BALL.hashCode(), copy.hashCode());
        assertEquals(BALL.toString(), copy.toString());
        assertEquals(
                BALL,
                GenerationRequest.builder(List.of(new Shot("a red ball", "", Optional.empty())))
                        .build());
    }

    @Test
    void refusesTwoLengths() {
        assertEquals(Optional.empty(), ClipLength.of(OptionalDouble.empty(), OptionalInt.empty()));
        assertEquals(
                "seconds and frames both say how long the clip is: 2.0 and 5; give one of them",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ClipLength.of(OptionalDouble.of(2), OptionalInt.of(5)))
                        .getMessage());
    }

    @Test
    void changesOneValueAtATime() {
        GenerationRequest request = BALL.toBuilder()
                .negativePrompt("blur")
                .model("wan")
                .size(640, 368)
                .seconds(2)
                .frameRate(16)
                .seed(-7)
                .steps(9)
                .guidanceScale(1)
                .build();
        assertEquals(List.of(new Shot("a red ball", "blur", Optional.of(new ClipLength.Seconds(2)))), request.shots());
        assertEquals("wan", request.model().orElseThrow());
        assertEquals(new FrameSize(640, 368), request.size().orElseThrow());
        assertEquals(FrameRate.of(16), request.frameRate().orElseThrow());
        assertEquals(FrameInterpolation.REPEAT, request.frameInterpolation());
        assertEquals(new Sampling(OptionalLong.of(-7), OptionalInt.of(9), OptionalDouble.of(1)), request.sampling());
    }
}
