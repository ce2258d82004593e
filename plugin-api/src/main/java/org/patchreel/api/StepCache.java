package org.patchreel.api;

import java.util.Locale;
import java.util.Objects;

/** How much of the denoising may be estimated instead of computed. A clip that is estimated differs from one that is not. */
public enum StepCache {
    /** Every step is computed. */
    OFF,
    /** The threshold of the method's authors: clips look the same but for details. */
    SAFE,
    /** Twice that: what happens in a clip may differ. */
    FAST;

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what a person has typed.
     *
     * @param name of what it is, for the message
     * @param text {@code off}, {@code safe} or {@code fast}
     * @return the step cache
     * @throws IllegalArgumentException if it is none of these
     */
    public static StepCache parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        for (StepCache each : values()) {
            if (each.label().equals(text.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(name + " must be off, safe or fast: " + text);
    }
}
