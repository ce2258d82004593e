package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormaliserTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "case, A RED Ball, a red ball",
        "full width, ｂａｌｌｏｏｎ, balloon",
        "diacritics, bállóon, balloon",
        "stacked marks, b\u0301\u0308a\u0323ll, ball",
        "Cyrillic letters, b\u0430ll\u043e\u043en, balloon",
        "a word of Cyrillic letters alone, \u0441\u043e\u0440\u0435, cope",
        "Greek letters, b\u03b1lloon, balloon",
        "zero width, ba\u200bll\u200doon\ufeff, balloon",
        "soft hyphen, ball\u00adoon, balloon",
        "mathematical letters, \uD835\uDC1B\uD835\uDC1A\uD835\uDC25\uD835\uDC25, ball",
        "negative squared letters, \uD83C\uDD71\uD83C\uDD70, ba",
        "figures for letters, b4ll00n, balloon",
        "signs for letters, b@lloon$, balloons",
        "numbers stay, 80s 4k 1080p 3d 21st, 80s 4k 1080p 3d 21st",
        "an age stays, 13-year-old, 13-year-old",
        "letters apart, b a l l o o n, balloon",
        "letters with dots, b.a.l.l.o.o.n, balloon",
        "letters with stars, b*a*l*l, ball",
        "figures apart, b 4 l l, ball",
        "long letters, balllllloon, balloon",
        "single letters that are words, plan a b, plan a b",
        "sharp s, Straße, strasse",
        "tags that are not drawn, \uDB40\uDC62\uDB40\uDC61, ba",
    })
    void readsWhatAReaderSees(String what, String text, String expected) {
        assertEquals(expected, Normaliser.normalise(text), what);
    }

    @Test
    void leavesWordsOfOtherScriptsAsTheyAre() {
        assertEquals("девочка бежит", Normaliser.normalise("Девочка бежит"));
    }

    @Test
    void wordsLosePossessivesAndSigns() {
        assertEquals(List.of("anna", "dog", "dont", "run"), Normaliser.words("Anna's dog: don't (run)!"));
    }

    @Test
    void anEmptyTextHasNoWords() {
        assertEquals(List.of(), Normaliser.words(" \u200b ... "));
    }
}
