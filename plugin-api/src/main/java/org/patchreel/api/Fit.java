package org.patchreel.api;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a picture fills a frame of another shape. */
public enum Fit {
    /** It covers the frame; what stands out is cut off on both sides alike. */
    COVER,
    /** It is wholly visible; borders stay on both sides alike. */
    CONTAIN;

    /** {@return the name in arguments and files} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a label.
     *
     * @param name of the value, for the message
     * @param text the label
     * @return the value
     * @throws IllegalArgumentException if there is none of this label; the message lists them
     */
    public static Fit parse(String name, String text) {
        return Stream.of(values())
                .filter(each -> each.label().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + ": " + text + " is none of "
                        + Stream.of(values()).map(Fit::label).collect(Collectors.joining(", "))));
    }
}
