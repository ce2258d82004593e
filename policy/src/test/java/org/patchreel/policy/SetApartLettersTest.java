package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SetApartLettersTest {
    private static final SetApartLetters APART = SetApartLetters.of(
            Set.of("dances", "from", "the", "table", "see", "here"),
            List.of(List.of("pikachu"), List.of("frida", "kahlo")));

    @Test
    void findsTheWordsOfLettersThatRunTogether() {
        assertEquals("pikachu dances on a table", APART.split("pikachudancesonatable"));
        assertEquals("see frida kahlo from here", APART.split("seefridakahlofromhere"));
    }

    @Test
    void leavesTogetherWhatIsAWordOrHasLettersOfNone() {
        assertEquals("table", APART.split("table"));
        assertEquals("pikachuxdances", APART.split("pikachuxdances"));
        assertEquals("", APART.split(""));
        assertEquals("a".repeat(100_000), APART.split("a".repeat(100_000)));
    }

    @Test
    void aTextKeepsTheWordsThatAreNotSetApart() {
        assertEquals(
                List.of("we", "see", "pikachu", "from", "the", "tablefrom", "here"),
                Normaliser.words("we see P i k a c h u f r o m the tablefrom here", APART));
        assertEquals(
                List.of("we", "see", "pikachufrom", "here"), Normaliser.words("we see P i k a c h u f r o m here"));
    }
}
