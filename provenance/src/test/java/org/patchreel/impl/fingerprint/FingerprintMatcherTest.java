package org.patchreel.impl.fingerprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Effort;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Match;

class FingerprintMatcherTest {

    /** Of times in seconds: what is promised. */
    private static final double TOLERANCE = 0.1;

    private static final Scene OURS = new Scene(11);
    private static final Scene OTHER = new Scene(12);
    private static final Fingerprint CLIP = OURS.fingerprint(new VideoFormat(192, 112, 97, 24));
    private static final double LENGTH = 97 / 24.0;
    private static final DoubleUnaryOperator AS_IT_IS = DoubleUnaryOperator.identity();

    private final FingerprintMatcher matcher = new FingerprintMatcher();

    @Test
    void findsAClipInAFileThatShowsIt() {
        Match match = match(OURS::luma, 4, AS_IT_IS);
        assertRanges(match, 0, 4, 0, 4);
        assertTrue(match.similarity() > 0.9, "" + match.similarity());
    }

    @Test
    void tellsTheSameClipFromAnotherAndFromAPartOfIt() {
        assertTrue(FingerprintMatcher.isSame(CLIP, OURS.fingerprint(new VideoFormat(96, 64, 97, 24))));
        assertFalse(FingerprintMatcher.isSame(CLIP, OTHER.fingerprint(new VideoFormat(192, 112, 97, 24))));
        assertFalse(FingerprintMatcher.isSame(CLIP, OURS.fingerprint(new VideoFormat(192, 112, 49, 24))));
    }

    @Test
    void findsTheSecondsOfATrimmedCopy() {
        assertRanges(match(OURS::luma, 1.5, time -> time + 1.2), 0, 1.5, 1.2, 2.7);
    }

    @Test
    void findsTheSecondsWithinOtherFootage() {
        Scene.View view = (x, y, t) -> (t < 2 || t >= 4 ? OTHER : OURS).luma(x, y, t < 2 || t >= 4 ? t : t - 1);
        assertRanges(match(view, 7, AS_IT_IS), 2, 4, 1, 3);
    }

    @Test
    void findsAClipThatIsShownTwice() {
        Scene.View view = (x, y, t) -> (t >= 2 && t < 4 ? OTHER : OURS).luma(x, y, t < 2 ? t : t - 3.5);
        assertRanges(match(view, 6, AS_IT_IS), 0, 2, 0, 2, 4, 6, 0.5, 2.5);
    }

    @Test
    void findsMirroredAndTurnedPictures() {
        assertRanges(match((x, y, t) -> OURS.luma(1 - x, y, t), 4, AS_IT_IS), 0, 4, 0, 4);
        assertRanges(match((x, y, t) -> OURS.luma(y, 1 - x, t), 4, AS_IT_IS), 0, 4, 0, 4);
    }

    @Test
    void findsAClipThatRunsFasterOrSlower() {
        assertRanges(match(OURS::luma, 3.2, time -> 1.25 * time), 0, 3.2, 0, 4);
        assertRanges(match(OURS::luma, 4.5, time -> 0.85 * time), 0, 4.5, 0, 0.85 * 4.5);
    }

    /** Narrow edges leave pictures that look like the whole, wide ones do not. */
    @ParameterizedTest
    @ValueSource(doubles = {0.95, 0.9, 0.8, 0.6})
    void findsAllSecondsOfACropThatIsMirroredAndRunsFaster(double side) {
        double edge = (1 - side) / 2;
        Scene.View cropped = (x, y, t) -> OURS.luma(edge + side * (1 - x), edge + side * y, t);
        assertRanges(match(cropped, 3.2, time -> 1.25 * time), 0, 3.2, 0, 4);
    }

    @Test
    void findsASinglePicture() {
        FilePictures still = new FilePictures();
        still.add(Scene.picture(OURS::luma, 96, 54, 2.0), 96, 54, 0);
        Match match = matcher.match(still, CLIP, Effort.WHOLE).orElseThrow();
        assertEquals(Duration.ofSeconds(2), match.ranges().get(0).clip().start());
    }

    @Test
    void findsCroppedPicturesWhenItLooksAtParts() {
        Scene.View cropped = (x, y, t) -> OURS.luma(0.3 + 0.5 * x, 0.15 + 0.5 * y, t);
        FilePictures file = Scene.film(cropped, 4, AS_IT_IS);
        assertEquals(Optional.empty(), matcher.match(file, CLIP, Effort.WHOLE));
        assertRanges(matcher.match(file, CLIP, Effort.PARTS).orElseThrow(), 0, 4, 0, 4);
    }

    @Test
    void findsTheClipInAPartOfThePictures() {
        Scene.View letterbox = (x, y, t) -> y < 0.2 || y >= 0.8 ? 16 : OURS.luma(x, (y - 0.2) / 0.6, t);
        assertRanges(match(letterbox, 4, AS_IT_IS), 0, 4, 0, 4);
        Scene.View besides = (x, y, t) -> x < 0.5 ? OTHER.luma(2 * x, y, t) : OURS.luma(2 * x - 1, y, t);
        assertRanges(match(besides, 4, AS_IT_IS), 0, 4, 0, 4);
    }

    @Test
    void findsNothingInOtherFootage() {
        for (int seed = 100; seed < 104; seed++) {
            FilePictures other = Scene.film(new Scene(seed)::luma, 3, AS_IT_IS);
            assertEquals(Optional.empty(), matcher.match(other, CLIP, Effort.PARTS), "seed " + seed);
        }
    }

    @Test
    void findsNothingInBlackPictures() {
        FilePictures black = Scene.film((x, y, t) -> 0, 3, AS_IT_IS);
        assertEquals(Optional.empty(), matcher.match(black, CLIP, Effort.PARTS));
        Fingerprint blackClip = new Fingerprint(
                List.of(new Fingerprint.Sample(
                        0,
                        FrameSignature.of(black.pictures().get(0)),
                        Optional.of(black.pictures().get(0)))),
                3000);
        assertEquals(Optional.empty(), matcher.match(black, blackClip, Effort.PARTS));
    }

    private Match match(Scene.View view, double seconds, DoubleUnaryOperator time) {
        return matcher.match(Scene.film(view, seconds, time), CLIP, Effort.PARTS)
                .orElseThrow();
    }

    /** Start and end in the file, then in the clip, of each range. */
    private static void assertRanges(Match match, double... expected) {
        List<MatchedRange> ranges = match.ranges();
        String all = ranges.toString();
        assertEquals(expected.length / 4, ranges.size(), all);
        for (int i = 0; i < ranges.size(); i++) {
            MatchedRange range = ranges.get(i);
            assertEquals(expected[4 * i], seconds(range.file().start()), TOLERANCE, all);
            assertEquals(expected[4 * i + 1], seconds(range.file().end()), TOLERANCE, all);
            assertEquals(expected[4 * i + 2], seconds(range.clip().start()), TOLERANCE, all);
            assertEquals(
                    Math.min(LENGTH, expected[4 * i + 3]), seconds(range.clip().end()), TOLERANCE, all);
        }
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
