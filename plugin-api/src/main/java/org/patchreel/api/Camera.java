package org.patchreel.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the camera moves in a shot: moves that are made at once, and others after them. A generator says it to the model in the
 * words that the model was trained with.
 *
 * @param steps one after the other, at most {@value #MAX_STEPS}; each of one move or of several at once. None if nothing is
 *     said of the camera but in the prompt
 */
public record Camera(List<List<CameraMove>> steps) {

    /** Nothing is said of the camera but in the prompt. */
    public static final Camera UNSPECIFIED = new Camera(List.of());

    /** Maximum number of steps: a clip has seconds. */
    public static final int MAX_STEPS = 4;

    private static final Pattern THEN = Pattern.compile("[\\s,]+(?:and\\s+)?then\\s+", Pattern.CASE_INSENSITIVE);

    private static final Pattern AND =
            Pattern.compile("\\s*,\\s*and\\s+|\\s*,\\s*|\\s+and\\s+", Pattern.CASE_INSENSITIVE);

    /**
     * Checks the moves.
     *
     * @throws IllegalArgumentException if there are too many steps, one has no move, or one has moves that a camera cannot make
     *     at once; the message names them
     * @throws NullPointerException if the list is null; the message is its name
     */
    public Camera {
        Objects.requireNonNull(steps, "steps");
        steps = steps.stream().map(List::copyOf).toList();
        if (steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "a camera makes at most " + MAX_STEPS + " moves after one another, not " + steps.size());
        }
        steps.forEach(Camera::check);
    }

    private static void check(List<CameraMove> step) {
        if (step.isEmpty()) {
            throw new IllegalArgumentException("a step of the camera has no move");
        }
        for (int i = 0; i < step.size(); i++) {
            for (CameraMove other : step.subList(i + 1, step.size())) {
                if (step.get(i) == other) {
                    throw new IllegalArgumentException("the camera move " + other.label() + " is given twice");
                }
                if (step.get(i).excludes(other)) {
                    throw new IllegalArgumentException("a camera cannot make the moves "
                            + step.get(i).label() + " and " + other.label() + " at once");
                }
            }
        }
    }

    /**
     * A single step.
     *
     * @param moves all at once
     * @return the camera
     * @throws IllegalArgumentException if a camera cannot make them at once
     */
    public static Camera of(CameraMove... moves) {
        return new Camera(List.of(List.of(moves)));
    }

    /**
     * Reads what a person has typed: moves by their terms, with commas or {@code and} between those that are made at once, and
     * {@code then} between those that are made one after the other: {@code pan left, dolly in then tilt up}.
     *
     * @param name of what it is, for the message
     * @param text the moves
     * @return the camera
     * @throws IllegalArgumentException if a move is unknown, where the message lists all, or they cannot be made at once
     */
    public static Camera parse(String name, String text) {
        Objects.requireNonNull(text, "text");
        List<List<CameraMove>> steps = new ArrayList<>();
        for (String step : THEN.split(text.strip(), -1)) {
            steps.add(Arrays.stream(AND.split(step, -1))
                    .map(term -> move(name, term))
                    .toList());
        }
        try {
            return new Camera(steps);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private static CameraMove move(String name, String term) {
        return CameraMove.find(term)
                .orElseThrow(() -> new IllegalArgumentException(name + ": unknown move "
                        + (term.isBlank() ? "(empty)" : term.strip())
                        + ", known: "
                        + Arrays.stream(CameraMove.values())
                                .map(CameraMove::label)
                                .collect(Collectors.joining(", "))));
    }

    /** {@return the moves as {@link #parse} reads them; empty if nothing is said} */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step.stream().map(CameraMove::label).collect(Collectors.joining(", ")))
                .collect(Collectors.joining(" then "));
    }
}
