package org.patchreel.impl.admin;

import java.util.regex.Pattern;

/**
 * Text from outside, on its way to a terminal: names of files, titles of others, messages that quote them. It may hold
 * whatever controls a terminal, ends a line, or turns the direction of writing round, so that it reads as something else.
 */
final class PrintableLine {

    private static final String BIDI = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
    private static final String LINES = "\\p{Zl}\\p{Zp}";

    /** Java's {@code \p{Cntrl}} is ASCII only: U+009B begins a control sequence, too. */
    static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cs}" + LINES + BIDI + "]");

    private PrintableLine() {}

    /** {@return the text with U+FFFD for each character that is none to look at} */
    static String of(String text) {
        return NOT_PRINTABLE.matcher(text).replaceAll("\ufffd");
    }
}
