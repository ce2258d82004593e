package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.policy.Judgement.Score;

class PolicyTestCommandTest {

    private static final Judgement REFUSED = new Judgement(
            Optional.of(Finding.of("model-violence", Category.VIOLENCE)),
            Map.of(Category.VIOLENCE, new Score(0.98765, 0.95), Category.HATE, new Score(0.01, 0.8)));

    private static String print(Judgement judgement, boolean asJson) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PolicyTestCommand.print(judgement, asJson, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsDecisionCategoryRuleAndScores() {
        assertEquals("""
            decision  refused
            category  violence
            rule      model-violence: this installation makes no clips of graphic violence
            score     violence        0.988 of 0.950, reached
            score     hate            0.010 of 0.800
            """, print(REFUSED, false).replace("\r\n", "\n"));
    }

    @Test
    void printsJson() throws Exception {
        JsonNode json = new ObjectMapper().readTree(print(REFUSED, true));
        assertEquals("refused", json.get("decision").textValue());
        assertEquals("violence", json.get("category").textValue());
        assertEquals("model-violence", json.get("rule").textValue());
        assertEquals(0.988, json.at("/scores/violence/score").doubleValue());
        assertEquals(0.95, json.at("/scores/violence/threshold").doubleValue());
    }

    @Test
    void whatIsAllowedHasNeitherCategoryNorRule() throws Exception {
        JsonNode json = new ObjectMapper().readTree(print(new Judgement(Optional.empty(), Map.of()), true));
        assertEquals("allowed", json.get("decision").textValue());
        assertFalse(json.has("category") || json.has("rule"));
        assertTrue(json.get("scores").isEmpty());
    }
}
