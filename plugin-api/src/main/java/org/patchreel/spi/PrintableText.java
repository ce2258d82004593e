package org.patchreel.spi;

/**
 * Makes text that comes from outside (files, manifests, requests, messages that quote them) fit for a line of a log or a
 * report. Safe for use from any thread.
 */
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

    /** {@return the same in quotation marks, which the text itself cannot close} */
    public static String quoted(String text) {
        return quoted(text, MAX);
    }

    /** {@return the same with another length} */
    public static String quoted(String text, int max) {
        return "\u201c" + of(text.replaceAll("[\u201c\u201d\u201e\u201f]", "'"), max) + "\u201d";
    }

    /** {@return the text with another length} */
    public static String of(String text, int max) {
        String visible =
                text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ").strip();
        return visible.codePointCount(0, visible.length()) <= max
                ? visible
                : visible.substring(0, visible.offsetByCodePoints(0, max)) + "\u2026";
    }
}
