package org.patchreel.api;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes video clips from prompts. One service of this type stands for the whole installation; it may be called from any
 * thread. An argument that is null is refused with a {@link NullPointerException} whose message is the parameter's name.
 *
 * <p>Jobs run one after the other, as a model fills the machine alone: those of a higher priority first, and the requesters in
 * turn. They outlive the process: a job that was taken is kept in a register until it has ended, whatever happens to the process.
 */
@ProviderType
public interface VideoGenerator {

    /**
     * Takes a request, checks it, expands its prompt and queues it. Returns at once, unless an endpoint expands prompts, which
     * is waited for; nothing has been generated yet.
     *
     * @param request what to generate
     * @param by who asks; {@link Requester#UNKNOWN} if that is not known
     * @return the queued job, or one that a policy has refused already
     * @throws IllegalArgumentException if the request can be seen to be wrong now: an unknown model, more frames
     *     than the model can make. The message names the thing, the value
     *     and what would be accepted. No job exists then, and no policy was asked.
     * @throws GenerationException with {@link GenerationException.Reason#NO_MODEL} if no model is installed, with
     *     {@link GenerationException.Reason#PROMPT} if the prompt could not be expanded
     * @throws GenerationException with {@link GenerationException.Reason#BUSY} if the queue is full, with {@link
     *     GenerationException.Reason#STORAGE} if the job cannot be registered; no job exists then
     * @throws IllegalStateException if this generator has stopped, because its bundle or a service that it needs goes; a new
     *     one is registered when they are back
     */
    GenerationJob submit(GenerationRequest request, Requester by) throws GenerationException;

    /**
     * As {@link #submit(GenerationRequest, Requester)}, under an ID that the caller has chosen, so that asking again does no
     * harm: after a restart of the caller or of this process, the same call leads to the same clip. A job of this ID that
     * waits, runs or is completed is returned as it is, whoever asks now, also if an earlier run has taken it; a stored asset of
     * this ID whose job is no longer known is returned as a completed job, which {@link #jobs()} does not list and of which no
     * event tells; a job that was refused, failed or was cancelled is tried again.
     *
     * @param id of the job and its asset: 1 to 64 letters and digits
     * @param request what to generate; not looked at if there is a job or an asset already
     * @param by who asks; {@link Requester#UNKNOWN} if that is not known
     * @return the job
     * @throws IllegalArgumentException if the ID is malformed, or as above
     * @throws GenerationException as above, or with {@link GenerationException.Reason#STORAGE} if the asset store cannot
     *     be read
     * @throws IllegalStateException as above
     */
    GenerationJob submit(String id, GenerationRequest request, Requester by) throws GenerationException;

    /**
     * Checks a request as {@link #submit(GenerationRequest, Requester)} does, and queues nothing. Asks no policy and
     * does not expand the prompt.
     *
     * @param request what to generate
     * @throws IllegalArgumentException if the request can be seen to be wrong now
     * @throws GenerationException with {@link GenerationException.Reason#NO_MODEL} if no model is installed
     */
    void check(GenerationRequest request) throws GenerationException;

    /**
     * Tells what a request would lead to. Generates nothing, reads no weights, asks no policy.
     *
     * @param request what to generate
     * @return the clip, and how it would be made
     * @throws IllegalArgumentException if the request can be seen to be wrong now
     * @throws GenerationException with {@link GenerationException.Reason#NO_MODEL} if no model is installed or it cannot be
     *     read
     */
    PlannedClip plan(GenerationRequest request) throws GenerationException;

    /**
     * Reads a storyboard: several shots that become one clip. Cheap; finds no picture and asks no model.
     *
     * @param name of the text, for messages: a file's name or a path
     * @param text in JSON or YAML, at most {@value Storyboard#MAX_LENGTH} characters
     * @return the storyboard, whose {@link Storyboard#shots} a {@link GenerationRequest} takes
     * @throws IllegalArgumentException if it is none; the message names the text, the shot, the key and the value
     */
    Storyboard storyboard(String name, String text);

    /**
     * Finds a stored clip, also of an earlier run of the framework.
     *
     * @param id the asset's ID
     * @return the asset, or empty if there is none
     * @throws IOException if the asset store cannot be read, or the asset is damaged
     */
    Optional<StoredAsset> asset(String id) throws IOException;

    /**
     * The stored clips, also of earlier runs of the framework, those stored last first, as far as the asset store knows.
     *
     * @return a snapshot; {@link #asset} reads one of them, and finds none if it was deleted meanwhile
     * @throws IOException if the asset store cannot be read
     */
    List<AssetReference> assets() throws IOException;

    /**
     * Deletes a stored clip or still with all its files. What is known of its origin stays: a copy is still recognised.
     *
     * @param id the asset's ID
     * @return whether there was one
     * @throws UnsupportedOperationException if the asset store leaves that to its host
     * @throws IOException if it cannot be deleted
     */
    default boolean delete(String id) throws IOException {
        throw new UnsupportedOperationException("assets cannot be deleted here");
    }

    /**
     * As {@link #delete(String)}, and it is recorded who wanted that.
     *
     * @param id the asset's ID
     * @param by who wants it
     * @return as there
     * @throws UnsupportedOperationException as there
     * @throws IOException as there, or if it cannot be recorded
     */
    default boolean delete(String id, Requester by) throws IOException {
        return delete(id);
    }

    /**
     * The jobs, the latest first: all of this process that have not ended, those that an earlier run has left among them, and the
     * last 100 that have.
     *
     * @return a snapshot
     */
    List<GenerationJob> jobs();

    /**
     * Finds a job, also one that ended in an earlier run and that the register still has.
     *
     * @param id the job's ID, which is also the ID of the asset it makes
     * @return the job, or empty if it is not known
     */
    default Optional<GenerationJob> job(String id) {
        Objects.requireNonNull(id, "id");
        return jobs().stream().filter(job -> job.id().equals(id)).findFirst();
    }
}
