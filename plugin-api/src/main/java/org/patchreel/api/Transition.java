package org.patchreel.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** How one shot of a clip passes into the next. */
public enum Transition {
    /** The next shot begins after the last frame. */
    CUT,
    /** The last frames of the one and the first ones of the next are mixed, for about half a second. */
    DISSOLVE,
    /** The next shot goes on from the last frames, which its model knows. They are not shown twice. */
    CONTINUE;

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what a person has typed.
     *
     * @param name of what it is, for the message
     * @param text the label of a transition, in any case
     * @return the transition
     * @throws IllegalArgumentException if it is none; the message lists all
     */
    public static Transition parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        for (Transition each : values()) {
            if (each.label().equals(text.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(name + " must be one of "
                + Arrays.stream(values()).map(Transition::label).collect(Collectors.joining(", ")) + ": " + text);
    }
}
