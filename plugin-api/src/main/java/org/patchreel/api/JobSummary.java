package org.patchreel.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a job at one moment, also of one of an earlier run of the framework.
 *
 * @param id of the job and its asset
 * @param requester who asked
 * @param subject what is made
 * @param status where it stands
 * @param times when what happened
 * @param effort what it takes
 */
public record JobSummary(String id, Requester requester, Subject subject, Status status, Times times, Effort effort) {

    /**
     * Checks that all is there.
     *
     * @throws NullPointerException if a value is null; the message is its name
     */
    public JobSummary {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(requester, "requester");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(effort, "effort");
    }

    /** The states of a job. */
    public enum State {
        /** It waits for its turn. */
        QUEUED,
        /** It waits for something else, which its message names. */
        WAITING,
        /** It is at work. */
        RUNNING,
        /** Its asset is stored. */
        COMPLETED,
        /** A policy did not allow it. */
        REFUSED,
        /** It could not be made. */
        FAILED,
        /** Somebody cancelled it. */
        CANCELLED;

        /** {@return the name in lower case, for people and JSON} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** {@return whether no other state follows, unless the job is tried again} */
        public boolean isEnded() {
            return compareTo(RUNNING) > 0;
        }

        /**
         * Reads a label.
         *
         * @param name of what it is, for the message
         * @param label as {@link #label} writes it
         * @return the state
         * @throws IllegalArgumentException if there is no such state; the message lists them
         */
        public static State parse(String name, String label) {
            Objects.requireNonNull(label, "label");
            return Stream.of(values())
                    .filter(state -> state.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(name + " must be one of "
                            + Stream.of(values()).map(State::label).collect(Collectors.joining(", ")) + ": " + label));
        }
    }

    /**
     * What is made.
     *
     * @param model name of the model
     * @param prompt as given; empty if a policy refused it: what is refused is not kept
     */
    public record Subject(String model, String prompt) {}

    /**
     * Where a job stands.
     *
     * @param state the state
     * @param reason a word to branch on: the rule of a refusal, {@link GenerationException.Reason#label} of a failure, the rule
     *     that holds a waiting one until somebody releases it; empty otherwise
     * @param message for people, one line: why it was refused or failed, what it waits for; the location of the asset of a
     *     completed one, see {@link AssetReference}; empty if there is nothing to say
     * @param progress of a running job; empty otherwise, and if it is not known yet
     */
    public record Status(State state, String reason, String message, Optional<GenerationProgress> progress) {}

    /**
     * When what happened, by the clock of the machine.
     *
     * @param submitted when the job was taken
     * @param started when it was begun the last time
     * @param ended when it ended
     */
    public record Times(Instant submitted, Optional<Instant> started, Optional<Instant> ended) {}

    /**
     * What a job takes.
     *
     * @param tries how often it was begun; one that was returned to the queue in order does not count
     * @param priority a higher one comes first; 0 unless somebody changed it
     * @param front whether somebody moved it to the front of the queue
     * @param estimated for how long it was expected to keep the device busy; empty if there was nothing to tell by
     * @param used for how long it has kept the device busy, by all tries
     */
    public record Effort(int tries, int priority, boolean front, Optional<Duration> estimated, Duration used) {}
}
