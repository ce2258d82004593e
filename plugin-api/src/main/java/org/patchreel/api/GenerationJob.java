package org.patchreel.api;

import java.util.concurrent.CompletionStage;
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
     * have been made from another request; its metadata say from which.
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
     * Completes, never exceptionally, when the job has ended. To wait, call {@code ended().toCompletableFuture().get()}.
     *
     * @return the final state. Dependent actions run on the thread that ends the job: the generator's only worker, the
     *     thread that cancels a waiting job, or the caller's own if the job has ended already. They must be short and must
     *     not wait for another job, which the worker could not run meanwhile; {@code thenAcceptAsync} and its like run them
     *     elsewhere
     */
    CompletionStage<JobState.Ended> ended();
}
