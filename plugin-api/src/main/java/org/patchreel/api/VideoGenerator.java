package org.patchreel.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes video clips from prompts. One service of this type stands for the whole installation; it may be called from any
 * thread.
 *
 * <p>Jobs run one after the other, in the order of their submission: a model fills the machine alone.
 */
@ProviderType
public interface VideoGenerator {

    /**
     * Takes a request, checks it and queues it. Returns at once; nothing has been generated yet.
     *
     * @param request what to generate
     * @return the queued job
     * @throws IllegalArgumentException if the request can be seen to be wrong now: an unknown model, a size that is not
     *     a multiple of the model's stride, more frames than the model can make. The message names the thing, the value
     *     and what would be accepted. No job exists then.
     * @throws GenerationException with {@link GenerationException.Reason#NO_MODEL} if no model is installed
     */
    GenerationJob submit(GenerationRequest request) throws GenerationException;

    /**
     * The jobs of this run of the framework, the latest first: all that have not ended, and the last 100 that have.
     *
     * @return a snapshot
     */
    List<GenerationJob> jobs();

    /**
     * Finds a job.
     *
     * @param id the job's ID, which is also the ID of the asset it makes
     * @return the job, or empty if this run of the framework does not know it
     */
    default Optional<GenerationJob> job(String id) {
        return jobs().stream().filter(job -> job.id().equals(id)).findFirst();
    }
}
