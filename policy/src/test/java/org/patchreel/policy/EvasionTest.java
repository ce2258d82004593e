package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the measurements stand on. */
class EvasionTest {

    private static final String TEXT = "a purple elephant dances beside the lighthouse";

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void changesATextAlwaysInTheSameWay(Evasion evasion) {
        assertNotEquals(TEXT, evasion.of(TEXT));
        assertEquals(evasion.of(TEXT), evasion.of(TEXT));
    }

    @ParameterizedTest
    @EnumSource(names = {"HOMOGLYPH", "LEET", "ZERO_WIDTH", "DIACRITICS", "FULL_WIDTH"})
    void theNormaliserUndoesWhatConcernsSingleCharacters(Evasion evasion) {
        assertEquals(TEXT, Normaliser.normalise(evasion.of(TEXT)));
    }

    /** By <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson's formula</a>, computed by hand. */
    @Test
    void intervalsAreWilsons() {
        assertArrayEquals(new double[] {0, 0.2775}, RedTeam.wilson(0, 10), 1e-4);
        assertArrayEquals(new double[] {0.2366, 0.7634}, RedTeam.wilson(5, 10), 1e-4);
    }
}
