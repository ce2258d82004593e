package org.patchreel.impl.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator says of jobs.
 *
 * @param register the file
 * @param kept how long ended jobs are kept
 * @param limits of the queue
 * @param patience for what goes and may come back
 * @param budgets of device time
 * @param price of device time
 */
public record JobSettings(
        Path register, Duration kept, Limits limits, Patience patience, Budgets budgets, Optional<Price> price) {

    /** The value of a limit that does not limit. */
    public static final int UNLIMITED = 0;

    /**
     * Limits of the queue; {@link #UNLIMITED} for none.
     *
     * @param queued jobs that may wait
     * @param queuedOfUser jobs of one user that may wait
     * @param runningOfUser jobs of one user that may be at work at a time
     */
    public record Limits(int queued, int queuedOfUser, int runningOfUser) {}

    /**
     * How long is waited.
     *
     * @param tries how often a job is begun whose process dies with it
     * @param drain for a running job when the generator stops; it is returned to the queue then
     * @param model for a model that is not there; the jobs that need it fail then
     */
    public record Patience(int tries, Duration drain, Duration model) {}
}
