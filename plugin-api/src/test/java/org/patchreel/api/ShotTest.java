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
import org.patchreel.api.Source.Interpolation;
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
    void showsCharactersBesideOtherSources() {
        List<Source> sources = List.of(
                new Source.Reference(PICTURE, "ball"),
                new Source.Reference(PICTURE, "zoë"),
                new Source.Inpainting(CLIP, Optional.of(PICTURE)),
                new Source.Control(CLIP),
                new Keyframe(PICTURE, Position.FIRST));
        assertEquals(sources, shot(sources).sources());
        shot(List.of(new Source.Reference(PICTURE, "ball"), new Restyle(CLIP, 0.5)));
        shot(List.of(new Source.Reference(PICTURE, "ball"), new Continuation(CLIP, Side.AFTER)));
    }

    @Test
    void refusesGuidesThatContradictEachOther() {
        assertEquals(
                "the same picture twice for ball",
                refusal(new Source.Reference(PICTURE, "ball"), new Source.Reference(PICTURE, "ball")));
        assertEquals(
                "a shot follows one control clip, not two",
                refusal(new Source.Control(CLIP), new Source.Control(PICTURE)));
        assertEquals(
                "parts of one clip are made anew in a shot, not of two",
                refusal(
                        new Source.Inpainting(CLIP, Optional.empty()),
                        new Source.Inpainting(PICTURE, Optional.empty())));
        assertEquals(
                "a shot that follows a control clip continues no other clip",
                refusal(new Source.Control(CLIP), new Continuation(CLIP, Side.AFTER)));
        assertEquals(
                "a shot that interpolates a clip has no other picture or clip, this one has 1",
                refusal(new Interpolation(CLIP, 2), new Source.Reference(PICTURE, "ball")));
        Source[] many = new Source[9];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Source.Reference(PICTURE, "ball" + i);
        }
        assertEquals("a shot has 9 pictures of characters and things, at most 8 are used", refusal(many));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nend", "a.b", "x=y"})
    void refusesANameThatIsNone(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Source.Reference(PICTURE, name))
                .getMessage();
        assertEquals("the name of a character has 1 to 40 letters, digits, _ and -: " + name, message);
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
        assertEquals(
                "a shot interpolates one clip, not two",
                refusal(new Interpolation(CLIP, 2), new Interpolation(PICTURE, 2)));
        assertEquals(
                "a shot that interpolates a clip has no other picture or clip, this one has 1",
                refusal(new Continuation(CLIP, Side.AFTER), new Interpolation(CLIP, 2)));
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
    @ValueSource(ints = {-2, 0, 1, 9})
    void refusesAFactorThatIsOutOfRange(int factor) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Interpolation(CLIP, factor))
                .getMessage();
        assertEquals("factor is from 2 to 8: " + factor, message);
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
