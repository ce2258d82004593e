package org.patchreel.launcher.main;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recognises arguments that Java could not decode: what they were is lost, and must not be stored and signed. */
final class Encoding {

    /** What Java puts in the place of bytes that it cannot decode. */
    private static final char REPLACEMENT = '\ufffd';

    private Encoding() {}

    /**
     * Looks for an argument with characters that were lost.
     *
     * @param arguments of the process
     * @return what is wrong and what to do about it; null if nothing is
     */
    static @Nullable String unreadable(List<String> arguments) {
        for (String argument : arguments) {
            if (argument.indexOf(REPLACEMENT) >= 0) {
                return "an argument cannot be read as " + System.getProperty("sun.jnu.encoding") + " text: " + argument
                        + ": write it in UTF-8, in a locale of UTF-8 that is installed (locale -a lists them, C.UTF-8"
                        + " is one)";
            }
        }
        return null;
    }
}
