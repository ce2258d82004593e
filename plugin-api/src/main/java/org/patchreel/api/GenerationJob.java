package org.patchreel.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** One request on its way to an asset. Safe for use from any thread. */
@ProviderType
public interface GenerationJob {

    /** {@return the job's ID: 26 characters of Crockford's base 32, sortable by time; also the asset's ID} */
    String id();

    /** {@return what was asked for} */
    GenerationRequest request();

    /** {@return where the job stands now} */
    JobState state();

    /**
     * Asks the job to stop. Takes effect within one denoising step or one decoded latent frame; nothing of the clip
     * remains. A job that has ended stays as it is.
     */
    void cancel();

    /**
     * Completes, never exceptionally, when the job has ended.
     *
     * @return the final state; its dependent actions run on the job's thread and must be short
     */
    CompletionStage<JobState.Ended> ended();
}
