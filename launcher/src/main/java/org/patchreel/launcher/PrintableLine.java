package org.patchreel.launcher;

import java.util.regex.Pattern;

/** Messages quote names of files and texts of others, which must neither control a terminal nor begin a line. */
final class PrintableLine {

    /** Java's {@code \p{Cntrl}} is ASCII only; what turns the direction of writing is no control character. */
    private static final Pattern NOT_PRINTABLE =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private PrintableLine() {}

    /** {@return the text on one line, with U+FFFD for each character that is none to look at} */
    static String of(String text) {
        return NOT_PRINTABLE.matcher(text.replaceAll("\\s*\\R\\s*", " ")).replaceAll("\ufffd");
    }
}
