package org.patchreel.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A movement of the camera, by its term in film making. */
public enum CameraMove {
    /** The camera does not move. */
    STATIC,
    /** Turns to the left on its stand. */
    PAN_LEFT,
    /** Turns to the right on its stand. */
    PAN_RIGHT,
    /** Turns upward on its stand. */
    TILT_UP,
    /** Turns downward on its stand. */
    TILT_DOWN,
    /** The lens narrows what is seen; the camera stays where it is. */
    ZOOM_IN,
    /** The lens widens what is seen; the camera stays where it is. */
    ZOOM_OUT,
    /** Moves toward the subject. */
    DOLLY_IN,
    /** Moves away from the subject. */
    DOLLY_OUT,
    /** Moves sideways to the left. */
    TRUCK_LEFT,
    /** Moves sideways to the right. */
    TRUCK_RIGHT,
    /** Moves around the subject, to the left. */
    ORBIT_LEFT,
    /** Moves around the subject, to the right. */
    ORBIT_RIGHT,
    /** Rises. */
    CRANE_UP,
    /** Sinks. */
    CRANE_DOWN,
    /** Moves along with the subject. */
    FOLLOW,
    /** Carried by hand: it sways. */
    HANDHELD;

    /** Other terms for the same. */
    private static final Map<String, CameraMove> SYNONYMS = Map.ofEntries(
            Map.entry("fixed", STATIC),
            Map.entry("locked off", STATIC),
            Map.entry("push in", DOLLY_IN),
            Map.entry("pull out", DOLLY_OUT),
            Map.entry("pull back", DOLLY_OUT),
            Map.entry("track left", TRUCK_LEFT),
            Map.entry("track right", TRUCK_RIGHT),
            Map.entry("arc left", ORBIT_LEFT),
            Map.entry("arc right", ORBIT_RIGHT),
            Map.entry("pedestal up", CRANE_UP),
            Map.entry("pedestal down", CRANE_DOWN),
            Map.entry("tracking", FOLLOW),
            Map.entry("tracking shot", FOLLOW));

    private static final List<List<CameraMove>> OPPOSITES = List.of(
            List.of(PAN_LEFT, PAN_RIGHT),
            List.of(TILT_UP, TILT_DOWN),
            List.of(ZOOM_IN, ZOOM_OUT),
            List.of(DOLLY_IN, DOLLY_OUT),
            List.of(TRUCK_LEFT, TRUCK_RIGHT),
            List.of(ORBIT_LEFT, ORBIT_RIGHT),
            List.of(CRANE_UP, CRANE_DOWN));

    /** {@return the term, in lower case: {@code pan left}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * Finds a move by its term or by another term for the same.
     *
     * @param term in any case; words may be joined with hyphens
     * @return the move, or empty if it is not one
     */
    public static Optional<CameraMove> find(String term) {
        String normal = term.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s-]+", " ");
        for (CameraMove move : values()) {
            if (move.label().equals(normal)) {
                return Optional.of(move);
            }
        }
        return Optional.ofNullable(SYNONYMS.get(normal));
    }

    /** Whether one camera cannot do both at once. */
    boolean excludes(CameraMove other) {
        return this == other
                || this == STATIC
                || other == STATIC
                || OPPOSITES.stream().anyMatch(pair -> pair.contains(this) && pair.contains(other));
    }
}
