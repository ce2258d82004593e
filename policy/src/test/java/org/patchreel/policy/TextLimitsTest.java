package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextLimitsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lone \uD83D",
                "lone \uDE00 low",
                "\uDE00\uD83D",
                "null \u0000",
                "escape \u001b[0m",
                "delete \u007f",
                "next \u0085"
            })
    void textsWithPartsOfCharactersOrControlCharactersAreFaulty(String text) {
        assertEquals(
                TextLimits.ENCODING,
                TextLimits.fault(List.of("a ball", text)).orElseThrow().rule());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tab\tand\nlines\r\n", "emoji \uD83D\uDE00", "family \uD83D\uDC68\u200D\uD83D\uDC69", "עברית", ""
            })
    void otherTextsAreNot(String text) {
        assertTrue(TextLimits.fault(List.of(text)).isEmpty());
    }

    @Test
    void aTextThatIsTooLongIsFaulty() {
        assertTrue(TextLimits.fault(List.of("a".repeat(TextLimits.MAX_LENGTH))).isEmpty());
        Finding fault =
                TextLimits.fault(List.of("a".repeat(TextLimits.MAX_LENGTH + 1))).orElseThrow();
        assertEquals(TextLimits.LENGTH, fault.rule());
        assertEquals("a text has 20001 characters, at most 20000 are judged", fault.explanation());
    }

    @Test
    void textsThatAreTooLongTogetherAreFaulty() {
        List<String> texts = Collections.nCopies(13, "a".repeat(TextLimits.MAX_LENGTH));
        assertEquals(TextLimits.LENGTH, TextLimits.fault(texts).orElseThrow().rule());
    }
}
