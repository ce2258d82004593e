package org.patchreel.api;

import java.util.Locale;
import java.util.Objects;

/**
 * What is shown at times between two frames of the model, when a clip has another frame rate than the model makes. The
 * motion keeps its speed either way.
 */
public enum FrameInterpolation {
    /** The latest frame, until its time is over: every frame is one that the model made. */
    REPEAT,
    /** Both neighbours, mixed by their distance in time: smoother, and fast edges show double. */
    BLEND;

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what a person has typed.
     *
     * @param name of what it is, for the message
     * @param text {@code repeat} or {@code blend}
     * @return the interpolation
     * @throws IllegalArgumentException if it is neither
     */
    public static FrameInterpolation parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        for (FrameInterpolation each : values()) {
            if (each.label().equals(text.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        throw new IllegalArgumentException(name + " must be repeat or blend: " + text);
    }
}
