package org.patchreel.api;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A place in a shot.
 *
 * @param seconds from the shot's first frame; empty for its last frame
 */
public record Position(OptionalDouble seconds) {

    /** The first frame. */
    public static final Position FIRST = at(0);

    /** The last frame. */
    public static final Position LAST = new Position(OptionalDouble.empty());

    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException if it is negative or not a number; the message names it
     */
    public Position {
        Objects.requireNonNull(seconds, "seconds");
        if (seconds.isPresent() && !(seconds.getAsDouble() >= 0 && Double.isFinite(seconds.getAsDouble()))) {
            throw new IllegalArgumentException("a place in a shot is 0 seconds or more: " + seconds.getAsDouble());
        }
    }

    /**
     * A place by its time.
     *
     * @param seconds from the shot's first frame, 0 or more
     * @return the place
     */
    public static Position at(double seconds) {
        return new Position(OptionalDouble.of(seconds));
    }

    /** {@return the place, for people: {@code first}, {@code last} or seconds} */
    @Override
    public String toString() {
        if (seconds.isEmpty()) {
            return "last";
        }
        return seconds.getAsDouble() == 0 ? "first" : seconds.getAsDouble() + " s";
    }
}
