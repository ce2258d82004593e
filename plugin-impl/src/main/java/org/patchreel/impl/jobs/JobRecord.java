package org.patchreel.impl.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.Requester;

/**
 * What the register holds of a job. Its work order, which is larger, is read apart.
 *
 * @param id of the job and its asset
 * @param by who asked
 * @param subject what is made
 * @param place in the queue
 * @param status where it stands
 * @param times when what happened, by the clock of this machine, which may have been set meanwhile
 * @param tries how often it was begun; one that was returned to the queue in order does not count
 * @param device how long it keeps the device busy
 * @param owner the process that works on it or has done so
 */
public record JobRecord(
        String id,
        Requester by,
        Subject subject,
        Place place,
        Status status,
        Times times,
        int tries,
        DeviceTime device,
        String owner) {

    /**
     * What is made.
     *
     * @param model name of the model
     * @param prompt as given; empty if a policy refused it: what is refused is not kept
     */
    public record Subject(String model, String prompt) {}

    /**
     * A place in the queue: a higher value of {@code front} comes first, then a higher priority.
     *
     * @param number of the submission, which grows; 0 before the job is registered
     * @param priority 0 unless somebody changed it
     * @param front 0 unless somebody moved the job to the front; the last one that was moved has the highest
     * @param held whether it waits until somebody releases it
     */
    public record Place(long number, int priority, long front, boolean held) {}

    /**
     * Where a job stands.
     *
     * @param state the state
     * @param reason a word to branch on: the rule of a refusal, the reason of a failure; empty otherwise
     * @param message for people, see {@link RegisteredState}; empty if there is nothing to say
     * @param progress of a running job, not older than some seconds
     */
    public record Status(RegisteredState state, String reason, String message, Optional<GenerationProgress> progress) {

        /**
         * A state without progress.
         *
         * @param state the state
         * @param reason as above
         * @param message as above
         */
        public Status(RegisteredState state, String reason, String message) {
            this(state, reason, message, Optional.empty());
        }
    }

    /**
     * When what happened.
     *
     * @param submitted when the job was taken
     * @param started when it was begun the last time
     * @param ended when it ended, not before it was started
     */
    public record Times(Instant submitted, Optional<Instant> started, Optional<Instant> ended) {}

    /**
     * For how long a job keeps the device busy.
     *
     * @param estimated before it began; empty if there was nothing to tell by
     * @param used so far, by all tries
     */
    public record DeviceTime(Optional<Duration> estimated, Duration used) {}

    /**
     * A job that was submitted just now.
     *
     * @param id of the job
     * @param by who asked
     * @param subject what is made
     * @param submitted when
     * @param estimated for how long it will keep the device busy
     * @return a queued job
     */
    public static JobRecord submitted(
            String id, Requester by, Subject subject, Instant submitted, Optional<Duration> estimated) {
        return new JobRecord(
                id,
                by,
                subject,
                new Place(0, 0, 0, false),
                new Status(RegisteredState.QUEUED, "", ""),
                new Times(submitted, Optional.empty(), Optional.empty()),
                0,
                new DeviceTime(estimated, Duration.ZERO),
                "");
    }

    /**
     * {@return this job in another state}
     *
     * @param other the state
     * @param now when it ended, if that state is an end; a clock that was set back does not let it end before it began
     */
    public JobRecord with(Status other, Instant now) {
        Instant begun = times.started().orElse(times.submitted());
        Optional<Instant> ended =
                other.state().isEnded() ? Optional.of(now.isBefore(begun) ? begun : now) : Optional.empty();
        return new JobRecord(
                id,
                by,
                subject,
                place,
                other,
                new Times(times.submitted(), times.started(), ended),
                tries,
                device,
                owner);
    }

    /**
     * {@return this job, which waits until somebody releases it}
     *
     * @param rule that holds it
     * @param explanation of the rule
     */
    public JobRecord held(String rule, String explanation) {
        return at(new Place(place.number(), place.priority(), place.front(), true))
                .with(
                        new Status(
                                RegisteredState.WAITING,
                                rule,
                                explanation + "; it goes on when an operator releases it"),
                        times.submitted());
    }

    /** {@return this job without what was asked for: what is refused is not kept} */
    public JobRecord withoutPrompt() {
        return new JobRecord(id, by, new Subject(subject.model(), ""), place, status, times, tries, device, owner);
    }

    /** {@return this job, queued again as if its last try had not begun} */
    public JobRecord givenBack() {
        return new JobRecord(
                id,
                by,
                subject,
                place,
                new Status(RegisteredState.QUEUED, "", ""),
                new Times(times.submitted(), times.started(), Optional.empty()),
                Math.max(0, tries - 1),
                device,
                owner);
    }

    /**
     * {@return this job, which has kept the device busy for longer}
     *
     * @param time to add
     */
    public JobRecord used(Duration time) {
        return new JobRecord(
                id,
                by,
                subject,
                place,
                status,
                times,
                tries,
                new DeviceTime(device.estimated(), device.used().plus(time)),
                owner);
    }

    /**
     * {@return this job at another place}
     *
     * @param other the place
     */
    public JobRecord at(Place other) {
        return new JobRecord(id, by, subject, other, status, times, tries, device, owner);
    }

    /**
     * {@return this job, whose work is another process's}
     *
     * @param other the process
     */
    JobRecord ownedBy(String other) {
        return new JobRecord(id, by, subject, place, status, times, tries, device, other);
    }

    /**
     * {@return this job, which begins}
     *
     * @param now by the clock
     * @param process that works on it
     */
    JobRecord begun(Instant now, String process) {
        return new JobRecord(
                id,
                by,
                subject,
                place,
                new Status(RegisteredState.RUNNING, "", ""),
                new Times(times.submitted(), Optional.of(now), Optional.empty()),
                tries + 1,
                device,
                process);
    }
}
