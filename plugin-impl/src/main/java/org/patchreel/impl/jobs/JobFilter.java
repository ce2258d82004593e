package org.patchreel.impl.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which jobs to list.
 *
 * @param states those to list; empty for all
 * @param user who asked; empty for everybody
 * @param since when they were submitted at the earliest
 * @param before the number of a submission, see {@link JobRecord.Place#number}: those submitted before it; empty for all
 * @param limit maximum number to list
 */
public record JobFilter(
        Set<RegisteredState> states, Optional<String> user, Optional<Instant> since, OptionalLong before, int limit) {

    /** Copies the states. */
    public JobFilter {
        states = Set.copyOf(states);
    }

    /**
     * Lists from the latest on.
     *
     * @param states those to list; empty for all
     * @param user who asked; empty for everybody
     * @param since when they were submitted at the earliest
     * @param limit maximum number to list
     */
    public JobFilter(Set<RegisteredState> states, Optional<String> user, Optional<Instant> since, int limit) {
        this(states, user, since, OptionalLong.empty(), limit);
    }

    /**
     * {@return all jobs}
     *
     * @param limit maximum number to list
     */
    public static JobFilter latest(int limit) {
        return new JobFilter(Set.of(), Optional.empty(), Optional.empty(), limit);
    }
}
