package org.patchreel.impl.media;

import java.util.Locale;
import java.util.stream.Stream;

/** Where a label stands in the frame. */
public enum LabelPosition {
    TOP_LEFT(0, 0),
    TOP(0.5, 0),
    TOP_RIGHT(1, 0),
    BOTTOM_LEFT(0, 1),
    BOTTOM(0.5, 1),
    BOTTOM_RIGHT(1, 1);

    private final double x;
    private final double y;

    LabelPosition(double x, double y) {
        this.x = x;
        this.y = y;
    }

    /** {@return the share of free room, 0 to 1, that is left of something at this position} */
    double left() {
        return x;
    }

    /** {@return the share of free room, 0 or 1, that is above something at this position} */
    double above() {
        return y;
    }

    /** {@return the name in lower case with hyphens, for configurations} */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Finds a position.
     *
     * @param label of it
     * @return the position
     * @throws IllegalArgumentException if there is none; the message has the label
     */
    public static LabelPosition parse(String label) {
        return Stream.of(values())
                .filter(position -> position.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown position of a label: " + label));
    }
}
