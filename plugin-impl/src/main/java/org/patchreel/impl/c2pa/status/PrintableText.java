package org.patchreel.impl.c2pa.status;

/** Makes text from a hostile file fit for a line of a report. */
public final class PrintableText {
    private static final int MAX = 500;

    private PrintableText() {}

    /**
     * {@return the text on one line, without characters that control a terminal or the direction of writing, and cut off
     * after 500 characters}
     */
    public static String of(String text) {
        return of(text, MAX);
    }

    /** {@return the same with another length} */
    public static String of(String text, int max) {
        String visible = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ")
                .strip();
        return visible.codePointCount(0, visible.length()) <= max
                ? visible
                : visible.substring(0, visible.offsetByCodePoints(0, max)) + "\u2026";
    }
}
