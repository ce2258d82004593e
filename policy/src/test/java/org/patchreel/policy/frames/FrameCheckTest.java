package org.patchreel.policy.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.OutputCheck.Subject;
import org.patchreel.spi.PictureClassifier;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Held;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.Submission;
import org.patchreel.spi.VideoFrame;

class FrameCheckTest {

    private static final Submission SUBMISSION = new Submission(GenerationRequest.of("a red ball"), Requester.UNKNOWN);

    private static final Held EXPLICIT =
            new Held("frames-explicit-porn", "this installation makes no clips of sexual content");

    private static final Refused REFUSED = new Refused(EXPLICIT.rule(), EXPLICIT.explanation());

    private static final Held FROZEN = new Held("frames-frozen", "nothing moves in the clip");

    private static final DrawnScene SCENE = new DrawnScene(3);
    private static final List<VideoFrame> MOVING = List.of(SCENE.frame(0), SCENE.frame(10), SCENE.frame(20));
    private static final List<VideoFrame> STILL = List.of(SCENE.frame(0), SCENE.frame(0), SCENE.frame(0));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path home;

    private final Classifier classifier = new Classifier();

    /** Gives each picture the same scores. */
    private static final class Classifier implements PictureClassifier {

        private final Map<String, Double> scores = new HashMap<>(Map.of("neutral", 0.9, "porn", 0.05, "hentai", 0.05));
        private int asked;

        @Nullable
        private IOException failure;

        @Override
        public String name() {
            return "a test";
        }

        @Override
        public List<String> labels() {
            return List.of("neutral", "porn", "hentai");
        }

        @Override
        public Map<String, Double> scores(VideoFrame picture) throws IOException {
            asked++;
            if (failure != null) {
                throw failure;
            }
            return scores;
        }
    }

    private static FrameSource source(List<VideoFrame> frames) {
        Iterator<VideoFrame> next = new ArrayList<>(frames).iterator();
        return new FrameSource() {
            @Override
            public Optional<VideoFrame> next() {
                return next.hasNext() ? Optional.of(next.next()) : Optional.empty();
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
    }

    private FrameCheck check(Map<String, Object> properties) {
        FrameCheck check =
                new FrameCheck(new HomeFolder(Optional.of(home)), new ConfiguredFrames(properties), properties);
        check.setClassifier(classifier);
        return check;
    }

    private PolicyDecision decide(Map<String, Object> properties, List<VideoFrame> frames) throws IOException {
        return check(properties).check(source(frames), Subject.MADE, SUBMISSION);
    }

    private void protect(long seed) throws IOException {
        Path folder = Files.createDirectories(home.resolve("policy").resolve("pictures"));
        ImageIO.write(
                new DrawnScene(seed).image(0), "png", folder.resolve("ours.png").toFile());
    }

    @Test
    void aSoundClipIsAllowedAndEveryFrameIsLookedAt() throws Exception {
        assertEquals(new Allowed(), decide(Map.of(), MOVING));
        assertEquals(3, classifier.asked);
    }

    @Test
    void aClipInWhichNothingMovesIsHeld() throws Exception {
        assertEquals(FROZEN, decide(Map.of(), STILL));
        assertEquals(new Refused(FROZEN.rule(), FROZEN.explanation()), decide(Map.of("broken", "refuse"), STILL));
        assertEquals(new Allowed(), decide(Map.of("broken", "off"), STILL));
    }

    @Test
    void aSourceMayBeStill() throws Exception {
        assertEquals(new Allowed(), check(Map.of()).check(source(STILL), Subject.SOURCE, SUBMISSION));
    }

    @Test
    void aClipWithAnExplicitFrameIsHeldOrRefusedAsSoonAsItIsSeen() throws Exception {
        classifier.scores.put("porn", 0.95);
        assertEquals(EXPLICIT, decide(Map.of(), MOVING));
        assertEquals(3, classifier.asked);
        assertEquals(EXPLICIT, check(Map.of()).check(source(MOVING), Subject.SOURCE, SUBMISSION));
        classifier.asked = 0;
        assertEquals(REFUSED, decide(Map.of("explicit", "refuse"), MOVING));
        assertEquals(1, classifier.asked);
        assertEquals(new Allowed(), decide(Map.of("explicit", "off"), MOVING));
        assertEquals(new Allowed(), decide(Map.of("thresholds", new String[] {"hentai:0.5, porn:0.96"}), MOVING));
    }

    @Test
    void aFrameLikeAProtectedPictureRefuses() throws Exception {
        protect(8);
        Refused likeness = new Refused("frames-likeness", "a frame is like a picture that is protected here");
        List<VideoFrame> shows = List.of(SCENE.frame(0), new DrawnScene(8).frame(0), SCENE.frame(10));
        assertEquals(likeness, decide(Map.of(), shows));
        assertEquals(new Held(likeness.rule(), likeness.explanation()), decide(Map.of("likeness", "hold"), shows));
        assertEquals(new Allowed(), decide(Map.of("likeness", "off"), shows));
        assertEquals(new Allowed(), decide(Map.of(), MOVING));
        assertEquals(new Allowed(), decide(Map.of("protected.pictures", "elsewhere"), shows));
    }

    @Test
    void aRefusalCountsMoreThanWhatIsHeldBefore() throws Exception {
        protect(8);
        List<VideoFrame> shows = List.of(new DrawnScene(8).frame(0), SCENE.frame(10));
        classifier.scores.put("porn", 0.99);
        assertEquals(REFUSED, decide(Map.of("likeness", "hold", "explicit", "refuse"), shows));
        classifier.scores.put("porn", 0.0);
        assertEquals(
                "frames-likeness",
                decide(Map.of("likeness", "hold"), shows)
                        .<String, RuntimeException>fold(allowed -> "", Refused::rule, Held::rule));
    }

    @Test
    void withoutAClassifierOnlyThoseWhoRequireOneAreRefused() throws Exception {
        FrameCheck check = check(Map.of());
        check.unsetClassifier(classifier);
        assertEquals(new Allowed(), check.check(source(MOVING), Subject.MADE, SUBMISSION));
        assertEquals(Optional.empty(), check.problem());
        FrameCheck strict = check(Map.of("classifier.required", true));
        assertEquals(new Allowed(), strict.check(source(MOVING), Subject.MADE, SUBMISSION));
        strict.unsetClassifier(classifier);
        IOException refusal =
                assertThrows(IOException.class, () -> strict.check(source(MOVING), Subject.MADE, SUBMISSION));
        assertEquals(
                "no picture classifier is installed, and org.patchreel.policy.frames requires one",
                refusal.getMessage());
        assertEquals(
                refusal.getMessage(),
                strict.problem().map(ComponentStatus.Problem::description).orElse(""));
    }

    @Test
    void aClassifierThatFailsRefuses() {
        classifier.failure = new IOException("no luck");
        assertEquals(
                "no luck",
                assertThrows(IOException.class, () -> decide(Map.of(), MOVING)).getMessage());
    }

    @Test
    void scoresThatAreNoNumbersCountAsReached() throws Exception {
        classifier.scores.put("porn", Double.NaN);
        assertEquals(EXPLICIT, decide(Map.of(), MOVING));
    }

    @Test
    void aClassThatTheClassifierDoesNotHaveIsNamed() {
        IOException refusal = assertThrows(
                IOException.class, () -> decide(Map.of("thresholds", new String[] {"violence:0.5"}), MOVING));
        assertEquals(
                "org.patchreel.policy.frames: thresholds: the classifier a test has no class \"violence\", it has neutral,"
                        + " porn, hentai",
                refusal.getMessage());
    }

    @Test
    void aProtectedPictureThatCannotBeReadRefusesUntilItIsCorrected() throws Exception {
        protect(8);
        Path broken = Files.writeString(home.resolve("policy/pictures/broken.png"), "no picture");
        FrameCheck check = check(Map.of());
        assertThrows(IOException.class, () -> check.check(source(MOVING), Subject.MADE, SUBMISSION));
        ComponentStatus.Problem problem = check.problem().orElseThrow();
        assertTrue(problem.description().startsWith(broken.toString()), problem.description());
        assertFalse(problem.usable());
        Files.delete(broken);
        assertEquals(Optional.empty(), check.problem());
        assertEquals(new Allowed(), check.check(source(MOVING), Subject.MADE, SUBMISSION));
    }

    @Test
    void aConfigurationThatCannotBeUsedIsRefusedByKeyAndValue() {
        assertProblem("frames.per.second", Map.of("frames.per.second", 0));
        assertProblem("broken = maybe", Map.of("broken", "maybe"));
        assertProblem("\"porn\"", Map.of("thresholds", new String[] {"porn"}));
        assertProblem("\"porn:2\"", Map.of("thresholds", new String[] {"porn:2"}));
        assertProblem("\":0.5\"", Map.of("thresholds", new String[] {":0.5"}));
        assertEquals(5, check(Map.of("frames.per.second", 5)).framesPerSecond());
    }

    private void assertProblem(String part, Map<String, Object> properties) {
        FrameCheck check = check(properties);
        String text = check.problem().orElseThrow().description();
        assertTrue(text.contains(part), text);
        assertThrows(RuntimeException.class, () -> check.check(source(MOVING), Subject.MADE, SUBMISSION), "it refuses");
    }
}
