package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Source.Continuation;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Source.Keyframe;
import org.patchreel.api.Source.Restyle;

class ShotTest {

    private static final Media CLIP = new Media.Asset("a1");
    private static final Media PICTURE = new Media.Upload("0123456789abcdef".repeat(4), "a.png");

    @Test
    void takesPicturesAtDifferentPlacesAndAClipOnEachSide() {
        List<Source> sources = List.of(
                new Keyframe(PICTURE, Position.at(1)),
                new Continuation(CLIP, Side.AFTER),
                new Keyframe(PICTURE, Position.LAST),
                new Continuation(CLIP, Side.BEFORE));
        assertEquals(sources, shot(sources).sources());
    }

    @Test
    void refusesSourcesThatContradictEachOther() {
        assertEquals(
                "two pictures for one frame of a shot: first",
                refusal(new Keyframe(PICTURE, Position.FIRST), new Keyframe(CLIP, Position.at(0))));
        assertEquals(
                "a shot continues one clip on each side, not two",
                refusal(new Continuation(CLIP, Side.AFTER), new Continuation(PICTURE, Side.AFTER)));
        assertEquals("a shot restyles one clip, not two", refusal(new Restyle(CLIP, 0.5), new Restyle(CLIP, 1)));
        assertEquals(
                "a shot that restyles a clip has no other picture or clip, this one has 1",
                refusal(new Restyle(CLIP, 0.5), new Keyframe(PICTURE, Position.LAST)));
    }

    @Test
    void refusesMoreSourcesThanAreUsed() {
        Source[] sources = IntStream.rangeClosed(0, Shot.MAX_SOURCES)
                .mapToObj(second -> new Keyframe(PICTURE, Position.at(second)))
                .toArray(Source[]::new);
        assertEquals("a shot has 17 pictures and clips, at most 16 are used", refusal(sources));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void refusesAStrengthThatIsOutOfRange(double strength) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Restyle(CLIP, strength))
                .getMessage();
        assertEquals("strength is above 0 and at most 1: " + strength, message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesAPlaceThatIsNone(double seconds) {
        assertThrows(IllegalArgumentException.class, () -> Position.at(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "../../etc/passwd"})
    void refusesADigestThatIsNone(String sha256) {
        assertThrows(IllegalArgumentException.class, () -> new Media.Upload(sha256, "a.png"));
    }

    private static Shot shot(List<Source> sources) {
        return new Shot("a ball", "", Optional.empty(), sources, Camera.UNSPECIFIED);
    }

    private static String refusal(Source... sources) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> shot(List.of(sources)))
                .getMessage());
    }
}
