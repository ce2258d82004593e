package org.patchreel.api;

import java.util.Locale;
import java.util.Objects;

/** How a picture or a frame is brought to a size whose aspect ratio is another. Nothing is distorted either way. */
public enum Fit {
    /** It covers the size: what stands over is cut off, the same on both sides. */
    COVER,
    /** All of it is seen: what stays empty is black, the same on both sides. */
    CONTAIN;

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what a person has typed.
     *
     * @param name of what it is, for the message
     * @param text {@code cover} or {@code contain}
     * @return the fit
     * @throws IllegalArgumentException if it is neither
     */
    public static Fit parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        for (Fit each : values()) {
            if (each.label().equals(text.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(name + " must be cover or contain: " + text);
    }
}
