package org.patchreel.runtime.family.wan.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against {@code cleaned-prompts.json}: rows of a text, what Python 3.11's {@code html.unescape} makes of it, and what
 * diffusers' {@code prompt_clean} does (without ftfy; regex 2026.5.9).
 */
class PromptCleanerTest {

    static Stream<JsonNode> rows() throws IOException {
        Path file = Path.of("src/test/resources/org/patchreel/runtime/family/wan/text/cleaned-prompts.json");
        return StreamSupport.stream(new ObjectMapper().readTree(file.toFile()).spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void resolvesCharacterReferencesAsPythonDoes(JsonNode row) {
        assertEquals(row.path(1).textValue(), HtmlEntities.unescape(row.path(0).textValue()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void cleansAsTheReferenceDoes(JsonNode row) {
        assertEquals(row.path(2).textValue(), PromptCleaner.clean(row.path(0).textValue()));
    }

    @Test
    void staysQuickOnTextsMadeToBeSlow() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String piece : new String[] {"&", "&#", "&a", "&#1", " ", "\u001c", "&ampamp"}) {
                PromptCleaner.clean(piece.repeat(200_000));
            }
            PromptCleaner.clean("&#" + "1".repeat(1_000_000));
            PromptCleaner.clean("a" + " ".repeat(1_000_000) + "b");
        });
    }
}
