package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Camera;
import org.patchreel.api.Destination;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.Requester;
import org.patchreel.api.Rights;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.Submission;

class TextPolicyTest {

    private static final Requester ANNA =
            new Requester(Optional.of("anna"), Set.of("mouse-house"), Optional.empty(), Optional.empty());

    @TempDir
    Path home;

    private TextPolicy policy;

    @BeforeEach
    void create() {
        policy = policy(Map.of());
    }

    private TextPolicy policy(Map<String, Object> properties) {
        return new TextPolicy(new HomeFolder(Optional.of(home)), new Configured(properties), properties);
    }

    private static Shot shot(String prompt, String negativePrompt) {
        return new Shot(prompt, negativePrompt, Optional.empty());
    }

    private static GenerationRequest.Builder shots(Shot... shots) {
        return GenerationRequest.builder(List.of(shots));
    }

    private static String rule(PolicyDecision decision) {
        return decision instanceof Refused refused ? refused.rule() : "";
    }

    private String rule(GenerationRequest request) {
        PolicyDecision decision = policy.decide(new Submission(request, ANNA));
        return rule(decision);
    }

    @Test
    void anOrdinaryRequestIsAllowed() {
        assertInstanceOf(
                Allowed.class,
                policy.decide(new Submission(GenerationRequest.of("a red ball rolls past a tree"), Requester.UNKNOWN)));
    }

    @Test
    void promptsOfAllShotsAreJudged() {
        assertEquals(
                "terms-brands",
                rule(shots(shot("a ball", ""), shot("Pikachu", "")).build()));
    }

    @Test
    void aSentenceThatIsSpreadOverShotsIsJudged() {
        assertEquals(
                "terms-brands",
                rule(shots(shot("Mickey", ""), shot("Mouse", "")).build()));
    }

    @Test
    void negativePromptsAreJudged() {
        assertEquals("terms-brands", rule(shots(shot("a ball", "Pikachu")).build()));
    }

    @Test
    void whatTheModelWouldReadIsJudged() {
        PolicyDecision decision =
                policy.decide(new Submission(GenerationRequest.of("a mouse"), ANNA, List.of("Pikachu on a meadow")));
        assertEquals("terms-brands", rule(decision));
    }

    @Test
    void whatAnExpanderSpoilsIsRefused() {
        PolicyDecision decision =
                policy.decide(new Submission(GenerationRequest.of("a mouse"), ANNA, List.of("a \u0000")));
        assertEquals("text-encoding", rule(decision));
    }

    @Test
    void titlesAndNamesOfCharactersAreJudged() {
        assertEquals(
                "terms-brands",
                rule(GenerationRequest.builder("a ball")
                        .destination(new Destination(Optional.empty(), Optional.of("Pikachu")))
                        .build()));
        Shot named = new Shot(
                "a ball",
                "",
                Optional.empty(),
                List.of(new Source.Reference(new Media.Asset("picture"), "Pikachu")),
                Camera.UNSPECIFIED);
        assertEquals("terms-brands", rule(shots(named).build()));
    }

    /** They name companies and persons, and no model reads them. */
    @Test
    void statedRightsAreNotJudged() {
        GenerationRequest request = GenerationRequest.builder("a ball")
                .rights(new Rights(Optional.of("Pikachu"), Optional.of("© Pikachu"), Optional.empty()))
                .build();
        assertInstanceOf(Allowed.class, policy.decide(new Submission(request, ANNA)));
    }

    @Test
    void aRefusalNeverSaysTheWord() {
        PolicyDecision decision =
                policy.decide(new Submission(GenerationRequest.of("Pikachu on a meadow"), Requester.UNKNOWN));
        assertEquals(
                new Refused("terms-brands", "this installation makes no clips of brands or characters of others"),
                decision);
    }

    @Test
    void groupsOfTheRequesterCount() {
        policy = policy(Map.of("allow", new String[] {"mouse-house:Mickey Mouse"}));
        assertEquals("", rule(GenerationRequest.of("Mickey Mouse waves")));
        assertEquals("terms-brands", rule(GenerationRequest.of("Donald Duck waves")));
    }

    @Test
    void aConfigurationThatCannotBeUsedIsThrownAndTold() {
        policy = policy(Map.of("hate", "sometimes"));
        assertThrows(ConfigurationException.class, () -> rule(GenerationRequest.of("a ball")));
        assertTrue(policy.problem().orElseThrow().line().contains("hate = sometimes"));
        policy.update(new Configured(Map.of("hate", "allow")), Map.of("hate", "allow"));
        assertEquals("", rule(GenerationRequest.of("a ball")));
        assertEquals(Optional.empty(), policy.problem());
    }
}
