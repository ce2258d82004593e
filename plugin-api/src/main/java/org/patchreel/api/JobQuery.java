package org.patchreel.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which jobs to list.
 *
 * @param states those to list; empty for all
 * @param user who asked; empty for everybody
 * @param since when they were submitted at the earliest
 * @param before continues a list behind one of its pages, see {@link JobPage#next}; empty to begin with the latest
 * @param limit maximum number to list, 1 to {@value #MAX_LIMIT}
 */
public record JobQuery(
        Set<JobSummary.State> states, Optional<String> user, Optional<Instant> since, OptionalLong before, int limit) {

    /** Maximum number of jobs of a page. */
    public static final int MAX_LIMIT = 1000;

    /**
     * Copies the states.
     *
     * @throws IllegalArgumentException if the limit is out of range; the message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public JobQuery {
        states = Set.copyOf(Objects.requireNonNull(states, "states"));
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(before, "before");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ": " + limit);
        }
    }

    /**
     * The latest jobs, whoever asked.
     *
     * @param limit maximum number to list
     * @return the query
     */
    public static JobQuery latest(int limit) {
        return new JobQuery(Set.of(), Optional.empty(), Optional.empty(), OptionalLong.empty(), limit);
    }
}
