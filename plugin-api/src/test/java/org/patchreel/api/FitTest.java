package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FitTest {
    @Test
    void isReadAsItIsWritten() {
        for (Fit each : Fit.values()) {
            assertEquals(each, Fit.parse("fit", each.label()));
        }
        assertEquals(Fit.CONTAIN, Fit.parse("fit", "Contain"));
    }

    @Test
    void refusesOtherWordsAndNamesThem() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Fit.parse("fit", "stretch"));
        assertEquals("fit must be cover or contain: stretch", e.getMessage());
    }
}
