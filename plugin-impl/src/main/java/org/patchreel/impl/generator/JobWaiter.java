package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;

/**
 * Waits for a job and shows its state meanwhile. The state is shown again and again although it has not changed: a terminal
 * shows the time that has passed.
 */
public final class JobWaiter {

    /** Between two looks: no terminal needs more, however often the state changes. */
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private JobWaiter() {}

    /**
     * Waits for a job.
     *
     * @param job to wait for
     * @param progress called with the job's state several times a second, from this thread
     * @return the final state
     * @throws InterruptedException if the thread is interrupted; the job is cancelled then
     */
    public static JobState.Ended await(GenerationJob job, Consumer<JobState> progress) throws InterruptedException {
        try {
            Optional<JobState.Ended> end = Optional.empty();
            while (end.isEmpty()) {
                progress.accept(job.state());
                end = job.await(INTERVAL);
            }
            return end.get();
        } catch (InterruptedException e) {
            job.cancel();
            throw e;
        }
    }
}
