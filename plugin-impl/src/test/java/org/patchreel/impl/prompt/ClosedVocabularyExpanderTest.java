package org.patchreel.impl.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Camera;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.PromptExpander.Draft;
import org.patchreel.spi.PromptExpander.Expansion;

/** With the words of the starter checkpoint. */
class ClosedVocabularyExpanderTest {

    private static final ClosedVocabulary STARTER = starter();

    private final ClosedVocabularyExpander expander = new ClosedVocabularyExpander();

    private static ClosedVocabulary starter() {
        try {
            JsonNode json = new ObjectMapper()
                    .readTree(Path.of("../models/starter/checkpoint/patchreel.json")
                            .toFile());
            Set<String> words = new HashSet<>();
            json.get("vocabulary").forEach(word -> words.add(word.textValue()));
            Map<String, String> synonyms = new HashMap<>();
            json.get("synonyms")
                    .properties()
                    .forEach(each -> synonyms.put(each.getKey(), each.getValue().textValue()));
            return new ClosedVocabulary(words, synonyms);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a crimson orb rolls at sundown|a red ball rolls at sunset",
                "A Crimson Orb|A red Ball",
                "Crimson balls|Red balls",
                "a tennis ball and a ball|a yellow ball and a ball",
                "an emerald cube|a green cube",
                "An azure ball, a amber ball|A blue ball, an orange ball",
                "under clear skies|under a blue sky",
                "a ball under a clear sky|a ball under a blue sky",
                "on a misty morning|on a foggy day",
                "two toys|two objects",
                "a jet-black drum|a black drum",
                "a palm tree, a tree|a tree, a tree",
                "the ball doesn\u2019t move|the ball does not move",
                "rolling,rolling.|rolls,rolls.",
                "a red ball at sunset|a red ball at sunset",
                "goldfish, bushel|goldfish, bushel",
                "a navy  blue cube|a blue cube",
            })
    void writesSynonymsInTheModelsWords(String prompt, String expanded) {
        assertEquals(expanded, expand(prompt).prompt());
    }

    @Test
    void namesTheWordsThatTheModelDoesNotKnow() {
        assertEquals(List.of(), expand("A crimson orb rolls past a tree.").notes());
        assertEquals(
                List.of("the model does not know these words of the prompt: Dragon, \u8d64\u3044"),
                expand("a crimson Dragon! a Dragon \u8d64\u3044").notes());
        assertEquals(
                List.of("the model does not know these words of the negative prompt: blurry"),
                expander.expand(new Draft(
                                "a ball", "blurry", Camera.UNSPECIFIED, Models.withVocabulary(Optional.of(STARTER))))
                        .notes());
        String many = "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 y0 y1 y2 y3 y4 y5 y6 y7 y8 y9 z";
        assertTrue(expand(many).notes().get(0).endsWith("y8, y9"));
    }

    @Test
    void replacesEveryPhraseByWordsThatTheModelKnows() {
        STARTER.synonyms().forEach((phrase, replacement) -> {
            Expansion expansion = expand("a red ball " + phrase);
            assertEquals("a red ball " + replacement, expansion.prompt());
            assertEquals(List.of(), expansion.notes(), phrase);
        });
    }

    @Test
    void leavesPromptsOfOtherModelsAsTheyAre() {
        assertEquals(
                new Expansion("a crimson Dragon", List.of()),
                expander.expand(new Draft(
                        "a crimson Dragon", "blurry", Camera.UNSPECIFIED, Models.withVocabulary(Optional.empty()))));
    }

    private Expansion expand(String prompt) {
        return expander.expand(new Draft(prompt, "", Camera.UNSPECIFIED, Models.withVocabulary(Optional.of(STARTER))));
    }
}
