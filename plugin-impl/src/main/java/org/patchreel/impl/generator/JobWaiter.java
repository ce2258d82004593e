package org.patchreel.impl.generator;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;

/** Waits for a job and reports its state meanwhile. */
public final class JobWaiter {

    /** Interval of the reports. */
    private static final int POLL_MILLIS = 100;

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
        CompletableFuture<JobState.Ended> ended = job.ended().toCompletableFuture();
        try {
            while (true) {
                progress.accept(job.state());
                try {
                    return ended.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // Still at work: show how far.
                }
            }
        } catch (InterruptedException e) {
            job.cancel();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
