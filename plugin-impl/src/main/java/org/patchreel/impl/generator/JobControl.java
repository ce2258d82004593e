package org.patchreel.impl.generator;

import java.io.IOException;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.Requester;

/**
 * What an operator does with the queue. Jobs of other processes on the same register are reached, too: those take notice within
 * about a second. Safe for use from any thread.
 */
public interface JobControl {

    /**
     * Pauses or resumes the queue: jobs at work go on, none begins. It stays so after a restart.
     *
     * @param paused whether no job shall begin
     * @throws IOException if that cannot be written
     */
    void pause(boolean paused) throws IOException;

    /**
     * Cancels a job that has not ended, of this run, of one that an earlier one has left, or of another process. Returns at once:
     * a job at work ends when its model notices.
     *
     * @param id of the job
     * @param by who wants that
     * @throws IllegalArgumentException if there is no such job, or it has ended
     * @throws IOException if the register cannot be used
     */
    void cancel(String id, Requester by) throws IOException;

    /**
     * Cancels all jobs of a user that have not ended.
     *
     * @param user who asked for them
     * @param by who cancels them
     * @return how many are cancelled by that; those at work end soon after
     * @throws IOException if the register cannot be used
     */
    int cancelAllOf(String user, Requester by) throws IOException;

    /**
     * Submits a job once more that has failed or was cancelled, as it was resolved then; policies judge it again.
     *
     * @param id of the job
     * @param by who wants that
     * @return the job
     * @throws IllegalArgumentException if there is no such job, it waits, runs or has made its clip, or a policy refuses it
     * @throws GenerationException if it cannot be taken
     */
    GenerationJob retry(String id, Requester by) throws GenerationException;

    /**
     * Lets a job go on that a policy holds.
     *
     * @param id of the job
     * @param by who wants that
     * @throws IllegalArgumentException if there is no such job, or no policy holds it
     * @throws IOException if the register cannot be written
     */
    void release(String id, Requester by) throws IOException;

    /**
     * Shows a made clip that a check of its frames holds.
     *
     * @param id of the job
     * @return its contact sheet, or another picture of it, as a JPEG file; empty if no clip of the job is held
     * @throws IOException if it cannot be read
     */
    Optional<byte[]> heldPicture(String id) throws IOException;

    /**
     * Lets a job that waits begin before all others.
     *
     * @param id of the job
     * @throws IllegalArgumentException if no such job waits
     * @throws IOException if the register cannot be written
     */
    void moveToFront(String id) throws IOException;

    /**
     * Gives a job that waits another priority.
     *
     * @param id of the job
     * @param priority a higher one comes first; 0 unless it was changed
     * @throws IllegalArgumentException if no such job waits
     * @throws IOException if the register cannot be written
     */
    void prioritise(String id, int priority) throws IOException;
}
