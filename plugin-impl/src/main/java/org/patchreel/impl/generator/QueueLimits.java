package org.patchreel.impl.generator;

import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.impl.jobs.FairQueue;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobSettings.Limits;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.spi.ConfigurationException;

/**
 * How many jobs may wait.
 *
 * @param configuration has the limits
 */
record QueueLimits(JobsConfiguration configuration) {

    /**
     * Refuses a job for which the queue has no room.
     *
     * @param record of the job
     * @param queue in which it would wait
     * @throws GenerationException with {@link Reason#BUSY} if the queue is full, {@link Reason#STORAGE} if nothing is configured
     */
    void check(JobRecord record, FairQueue queue) throws GenerationException {
        Limits limits = limits();
        if (limits.queued() != JobSettings.UNLIMITED && queue.size() >= limits.queued()) {
            throw new GenerationException(
                    Reason.BUSY,
                    "the queue is full: " + queue.size() + " jobs wait, the maximum is " + limits.queued()
                            + "; submit it later");
        }
        if (limits.queuedOfUser() != JobSettings.UNLIMITED) {
            long own = queue.sizeOf(record);
            if (own >= limits.queuedOfUser()) {
                throw new GenerationException(
                        Reason.BUSY,
                        "the queue takes no more jobs of user "
                                + record.by().user().orElse("-") + ": " + own + " wait, the maximum is "
                                + limits.queuedOfUser() + "; submit it later");
            }
        }
    }

    private Limits limits() throws GenerationException {
        try {
            return configuration.get().limits();
        } catch (ConfigurationException e) {
            throw new GenerationException(Reason.STORAGE, "no job is taken: " + e.getMessage(), e);
        }
    }
}
