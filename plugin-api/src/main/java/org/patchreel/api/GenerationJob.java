package org.patchreel.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** One request on its way to an asset. Safe for use from any thread. */
@ProviderType
public interface GenerationJob {

    /**
     * The job's ID, which is also the asset's: the one that the caller chose, or else 26 characters of Crockford's base 32
     * that sort by time.
     *
     * @return 1 to 64 letters and digits
     */
    String id();

    /**
     * What was asked for in the call that returned this job. Where an ID led to an asset that was stored before, that asset may
     * have been made from another request; its metadata say from which. Of a job that an earlier run has taken, the request has
     * all choices made, and not the pictures and clips; of one that a policy refused then, the prompt was not kept.
     *
     * @return the request
     */
    GenerationRequest request();

    /**
     * Who asked in the call that returned this job. Where that call found a job of this ID, that is who asked for it first.
     *
     * @return the requester
     */
    Requester requester();

    /** {@return where the job stands now} */
    JobState state();

    /**
     * Asks the job to stop, and returns at once. The job ends within one layer of the network or one block of the decoder;
     * nothing of the clip remains. A job that has ended stays as it is.
     */
    void cancel();

    /**
     * Follows the job: calls a listener with the state in which it is now, before this method returns, and with every further
     * state, until the job has ended or the subscription is closed.
     *
     * <p>The states come in their order and one call at a time, the first on the calling thread, the others on the thread that
     * changes the job: a worker of the generator, the thread that cancels a waiting job, or the one that is in the listener
     * already. No lock is held. A listener must be short, because the generator makes nothing meanwhile, and must not wait for
     * another job; it may call every method of this job. One that throws is logged, and called again at the next state.
     *
     * @param listener receives the states
     * @return the subscription; a job that has ended lets its listeners go by itself
     */
    Subscription observe(Consumer<? super JobState> listener);

    /**
     * Waits until the job has ended. An interruption does not cancel it.
     *
     * @return the final state
     * @throws InterruptedException if the thread is interrupted
     */
    default JobState.Ended await() throws InterruptedException {
        try {
            return ended().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * As {@link #await()}, no longer than a given time.
     *
     * @param timeout maximum time to wait; 0 or less looks and does not wait
     * @return the final state, or empty if the job has not ended in that time
     * @throws InterruptedException if the thread is interrupted
     */
    default Optional<JobState.Ended> await(Duration timeout) throws InterruptedException {
        try {
            return Optional.of(ended().toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Completes, never exceptionally, when the job has ended.
     *
     * @return the final state. Dependent actions run on the thread that ends the job: the generator's only worker, the
     *     thread that cancels a waiting job, or the caller's own if the job has ended already. They must be short and must
     *     not wait for another job, which the worker could not run meanwhile; {@code thenAcceptAsync} and its like run them
     *     elsewhere
     */
    CompletionStage<JobState.Ended> ended();

    /** A listener's connection to a job. Safe for use from any thread. */
    @ProviderType
    interface Subscription extends AutoCloseable {

        /**
         * Ends it: the listener gets no state any more. A thread that has just taken one for it may still be in the call, or
         * about to begin it, when this method returns; a listener that ends its own subscription is not called again. Does
         * nothing if it has ended already.
         */
        @Override
        void close();
    }
}
