package org.patchreel.impl.jobs;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a registered job stands. */
public enum RegisteredState {
    /** It waits for its turn. */
    QUEUED,
    /** It waits for something else, which its message names. */
    WAITING,
    /** It is at work, or was when its process died. */
    RUNNING,
    /** Its asset is stored; the message is the asset's location. */
    COMPLETED,
    /** A policy did not allow it; the reason is the rule. */
    REFUSED,
    /** It could not be made; the reason is that of the failure. */
    FAILED,
    /** Somebody cancelled it. */
    CANCELLED;

    /** {@return the name in lower case, for people and JSON} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether no other state follows, unless the job is submitted again} */
    public boolean isEnded() {
        return compareTo(RUNNING) > 0;
    }

    /**
     * Reads a label.
     *
     * @param label as {@link #label} writes it
     * @return the state
     * @throws IllegalArgumentException if there is no such state; the message lists them
     */
    public static RegisteredState parse(String label) {
        return Stream.of(values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown state: " + label + ", expected "
                        + Stream.of(values()).map(RegisteredState::label).collect(Collectors.joining(", "))));
    }
}
