package org.patchreel.api;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A part of a list of jobs. Jobs that are submitted while somebody reads it page by page do not move it: none is told twice,
 * none is left out.
 *
 * @param jobs those submitted last first
 * @param next where the next page begins, for {@link JobQuery#before}; empty if this is the last one
 */
public record JobPage(List<JobSummary> jobs, OptionalLong next) {

    /**
     * Copies the list.
     *
     * @throws NullPointerException if a value is null; the message is its name
     */
    public JobPage {
        jobs = List.copyOf(Objects.requireNonNull(jobs, "jobs"));
        Objects.requireNonNull(next, "next");
    }
}
