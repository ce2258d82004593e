package org.patchreel.api;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The jobs of the installation as its register tells of them: for pages, reports and interfaces to other machines, which
 * show jobs of this run and of earlier ones alike. One service; may be called from any thread. An argument that is null is
 * refused with a {@link NullPointerException} whose message is the parameter's name.
 */
@ProviderType
public interface Jobs {

    /**
     * Lists jobs, those submitted last first.
     *
     * @param query which ones
     * @return a page of them
     * @throws IOException if the register cannot be read
     */
    JobPage list(JobQuery query) throws IOException;

    /**
     * Finds a job. Those that ended long ago are forgotten after a configured time; their assets stay.
     *
     * @param id of the job
     * @return the job as it is now, or empty if it is not known
     * @throws IOException if the register cannot be read
     */
    Optional<JobSummary> find(String id) throws IOException;

    /**
     * Counts the jobs.
     *
     * @return how many the register has in each state; every state has a number
     * @throws IOException if the register cannot be read
     */
    Map<JobSummary.State, Long> counts() throws IOException;

    /**
     * Submits a request under an ID that the caller has chosen, once: the same call leads to the same job, whether it waits,
     * runs or has ended, however it has. {@link #retry} tries one again.
     *
     * @param id of the job and its asset: 1 to 64 letters and digits
     * @param request what to generate
     * @param by who asks
     * @return the job
     * @throws ConflictException if a job or an asset has this ID that was not submitted here, or for another request or
     *     project
     * @throws IllegalArgumentException as {@link VideoGenerator#submit(String, GenerationRequest, Requester)} does
     * @throws GenerationException as there
     * @throws IllegalStateException as there
     */
    JobSummary submit(String id, GenerationRequest request, Requester by) throws GenerationException, ConflictException;

    /**
     * Submits a request under an ID of its own.
     *
     * @param request what to generate
     * @param by who asks
     * @return the job
     * @throws IllegalArgumentException as {@link VideoGenerator#submit(GenerationRequest, Requester)} does
     * @throws GenerationException as there
     * @throws IllegalStateException as there
     */
    JobSummary submit(GenerationRequest request, Requester by) throws GenerationException;

    /**
     * Cancels a job. One that waits has ended when this method returns; one that runs ends soon after, within one layer of
     * the network or one block of the decoder.
     *
     * @param id of the job
     * @return the job as it is then; empty if it is not known
     * @throws ConflictException if it has ended, or another process works on it
     * @throws IOException if the register cannot be used
     */
    Optional<JobSummary> cancel(String id) throws ConflictException, IOException;

    /**
     * As {@link #cancel(String)}, and it is recorded who wanted that.
     *
     * @param id of the job
     * @param by who wants it
     * @return as there
     * @throws ConflictException as there
     * @throws IOException as there
     */
    default Optional<JobSummary> cancel(String id, Requester by) throws ConflictException, IOException {
        return cancel(id);
    }

    /**
     * Tries a job again that has failed or was cancelled, as it was resolved then, with the same seed; policies judge it again.
     *
     * @param id of the job
     * @return the job as it is then; empty if it is not known
     * @throws ConflictException if it waits, runs, was refused or has made its clip, another process works on it, or a policy
     *     refuses it now
     * @throws GenerationException if it cannot be taken, as by {@link VideoGenerator#submit(GenerationRequest, Requester)}
     */
    Optional<JobSummary> retry(String id) throws ConflictException, GenerationException;

    /**
     * As {@link #retry(String)}, and it is recorded who wanted that.
     *
     * @param id of the job
     * @param by who wants it
     * @return as there
     * @throws ConflictException as there
     * @throws GenerationException as there
     */
    default Optional<JobSummary> retry(String id, Requester by) throws ConflictException, GenerationException {
        return retry(id);
    }

    /**
     * Lets a job go on that a policy holds, see {@link org.patchreel.spi.PolicyDecision.Held}. Who shall not be made is cancelled.
     *
     * @param id of the job
     * @return the job as it is then; empty if it is not known
     * @throws ConflictException if no policy holds it, or not any more
     * @throws IOException if that cannot be written
     */
    Optional<JobSummary> release(String id) throws ConflictException, IOException;

    /**
     * As {@link #release(String)}, and it is recorded who wanted that.
     *
     * @param id of the job
     * @param by who wants it
     * @return as there
     * @throws ConflictException as there
     * @throws IOException as there
     */
    default Optional<JobSummary> release(String id, Requester by) throws ConflictException, IOException {
        return release(id);
    }

    /**
     * {@return whether no job begins until somebody resumes}
     *
     * @throws IOException if the register cannot be read
     */
    boolean isPaused() throws IOException;

    /**
     * Pauses or resumes the queue: jobs at work go on, none begins. It stays so after a restart.
     *
     * @param paused whether no job shall begin
     * @throws IOException if that cannot be written
     */
    void pause(boolean paused) throws IOException;

    /**
     * Follows all jobs: calls a listener with the ID of each job that was submitted, or whose state or progress has changed;
     * {@link #find} tells what it is now. The calls come one at a time, from a thread that publishes changes and holds no job
     * up. Progress within a stage is told twice a second at most.
     *
     * @param listener receives IDs; must be short. One that throws is logged, and called again at the next change
     * @return the subscription
     */
    GenerationJob.Subscription observe(Consumer<String> listener);

    /**
     * Shows what becomes of a job whose frames are being decoded here.
     *
     * @param id of the job
     * @return one of its latest frames as a JPEG file of at most 320 pixels a side; of a made clip that waits to be released, frames
     *     from all over it, which reviewers alone may see; empty before the first frame, after the last one, and of what another
     *     process makes
     */
    Optional<byte[]> preview(String id);

    /**
     * Reports for how long the device was busy, and for whom.
     *
     * @param by what is told apart
     * @param since the first day, by this machine's time zone
     * @return the accounts that used something, the highest use first
     * @throws IOException if the register cannot be read
     */
    List<DeviceUsage> usage(DeviceUsage.Kind by, LocalDate since) throws IOException;

    /** A job is not as it would have to be. The message is one line for people and names it. */
    final class ConflictException extends Exception {

        private static final long serialVersionUID = 1;

        /**
         * Says how it is.
         *
         * @param message names the job and how it is
         */
        public ConflictException(String message) {
            super(message);
        }

        /** {@return one line that names the job} */
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
