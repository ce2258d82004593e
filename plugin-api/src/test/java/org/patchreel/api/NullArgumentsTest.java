package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers in Java can pass null whatever the annotations say; they learn which argument it was. */
@SuppressWarnings("NullAway") // it is what is tested
class NullArgumentsTest {

    private static final GenerationRequest BALL = GenerationRequest.of("a red ball");

    private static final JobSummary JOB = new JobSummary(
            "a1",
            Requester.of("anna"),
            new JobSummary.Subject("starter", "a red ball"),
            new JobSummary.Status(JobSummary.State.QUEUED, "", "", Optional.empty()),
            new JobSummary.Times(Instant.EPOCH, Optional.empty(), Optional.empty()),
            new JobSummary.Effort(0, 0, false, Optional.empty(), Duration.ZERO));

    static Stream<Arguments> calls() {
        return Stream.of(
                call("prompt", () -> GenerationRequest.of(null)),
                call("shots", () -> GenerationRequest.builder((List<Shot>) null)),
                call("length", () -> BALL.toBuilder().length(null)),
                call("size", () -> BALL.toBuilder().size(null)),
                call("camera", () -> BALL.toBuilder().camera(null)),
                call("text", () -> Camera.parse("camera", null)),
                call("sampling", () -> BALL.toBuilder().sampling(null)),
                call("seconds", () -> ClipLength.of(null, OptionalInt.empty())),
                call("frames", () -> ClipLength.of(OptionalDouble.empty(), null)),
                call("user", () -> Requester.of(null)),
                call(
                        "negativePrompt",
                        () -> BALL.toBuilder().negativePrompt(null).build()),
                call("model", () -> BALL.toBuilder().model(null).build()),
                call("frameRate", () -> BALL.toBuilder().frameRate(null).build()),
                call(
                        "frameInterpolation",
                        () -> BALL.toBuilder().frameInterpolation(null).build()),
                call("source", () -> BALL.toBuilder().source(null)),
                call("fit", () -> BALL.toBuilder().fit(null)),
                call("rights", () -> BALL.toBuilder().rights(null)),
                call("destination", () -> BALL.toBuilder().destination(null).build()),
                call("id", () -> AssetId.check(null)),
                call("id", () -> AssetId.isValid(null)),
                call("text", () -> FrameRate.parse("frame rate", null)),
                call("text", () -> FrameInterpolation.parse("interpolation", null)),
                call("text", () -> Fit.parse("fit", null)),
                call("states", () -> new JobQuery(null, Optional.empty(), Optional.empty(), OptionalLong.empty(), 1)),
                call("label", () -> JobSummary.State.parse("state", null)),
                call("label", () -> DeviceUsage.Kind.parse("by", null)),
                call("metadata", () -> AssetFacts.of((AssetMetadata) null)),
                call("values", () -> AssetFacts.of((Map<String, ?>) null)));
    }

    private static Arguments call(String argument, Executable call) {
        return Arguments.of(argument, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void areRefusedByTheirName(String argument, Executable call) {
        assertEquals(argument, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void areRefusedByTheirNameWhereACallerMakesARecord() throws Exception {
        for (Record whole : List.of(
                new Shot("a red ball", "blur", Optional.of(new ClipLength.Frames(5))),
                new Source.Keyframe(new Media.Asset("a1"), Position.FIRST),
                new Source.Continuation(new Media.Asset("a1"), Source.Continuation.Side.AFTER),
                new Media.Upload("0123456789abcdef".repeat(4), "a.png"),
                Position.LAST,
                Camera.UNSPECIFIED,
                Sampling.DEFAULT,
                Requester.of("anna"),
                new JobPage(List.of(), OptionalLong.empty()),
                JOB,
                new Destination(Optional.of("/clips"), Optional.of("Ball")),
                Rights.NONE,
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)) {
            RecordComponent[] components = whole.getClass().getRecordComponents();
            for (int i = 0; i < components.length; i++) {
                Object[] values = new Object[components.length];
                Class<?>[] types = new Class<?>[components.length];
                for (int j = 0; j < components.length; j++) {
                    values[j] = j == i ? null : components[j].getAccessor().invoke(whole);
                    types[j] = components[j].getType();
                }
                Constructor<?> constructor = whole.getClass().getDeclaredConstructor(types);
                Throwable refusal = assertThrows(InvocationTargetException.class, () -> constructor.newInstance(values))
                        .getCause();
                assertInstanceOf(NullPointerException.class, refusal);
                assertEquals(components[i].getName(), refusal.getMessage());
            }
        }
    }
}
