package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTextTest {

    @Test
    void staysOnOneLineAndControlsNoTerminal() {
        assertEquals("a b c", PrintableText.of(" a\r\nb\u2028\u001b\u009bc\n"));
        assertEquals("file 4pm.exe", PrintableText.of("file\u202e4pm.exe"));
        assertEquals("Größe 赤い", PrintableText.of("Größe 赤い"));
    }

    @Test
    void isCutOffBetweenCharacters() {
        assertEquals("\ud83c\udfac\u2026", PrintableText.of("\ud83c\udfac\ud83c\udfac", 1));
        assertEquals(501, PrintableText.of("a".repeat(1000)).length());
    }

    @Test
    void cannotCloseItsQuotationMarks() {
        assertEquals("\u201csigned', 'trusted\u201d", PrintableText.quoted("signed\u201d, \u201ctrusted"));
    }
}
