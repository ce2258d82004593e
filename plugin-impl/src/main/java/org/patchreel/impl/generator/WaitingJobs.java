package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.JobState;
import org.patchreel.impl.jobs.FairQueue;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.RegisteredState;

/**
 * Says of the jobs of the queue what they wait for besides their turn, in the register and in their states, and ends those that
 * have waited too long. Not safe for use by several threads.
 */
final class WaitingJobs {

    private final JobRegister register;
    private final JobsConfiguration configuration;
    private final InstalledModels models;
    private final HeldClips heldClips;
    private final InstantSource clock;

    /** Since when models are missed that jobs wait for, by {@link System#nanoTime}. */
    private final Map<String, Long> missing = new HashMap<>();

    /** Budgets that were warned of, with their day. */
    private final Set<String> warned = new HashSet<>();

    WaitingJobs(
            JobRegister register,
            JobsConfiguration configuration,
            InstalledModels models,
            HeldClips heldClips,
            InstantSource clock) {
        this.register = register;
        this.configuration = configuration;
        this.models = models;
        this.heldClips = heldClips;
        this.clock = clock;
    }

    /** {@return what jobs need besides their turn, as of now} */
    Eligibility look() {
        return new Eligibility(register, configuration.get().budgets(), models, warned);
    }

    /**
     * Finds the jobs that cannot begin yet.
     *
     * @param queue in which they wait; takes their new records
     * @param jobs of the queue
     * @param eligibility from {@link #look}
     * @param news takes what listeners are to be told, without a lock
     * @return the IDs of those that wait for something else than their turn
     * @throws IOException if the register cannot be read or written
     */
    Set<String> hold(FairQueue queue, KnownJobs jobs, Eligibility eligibility, List<Runnable> news) throws IOException {
        Set<String> held = new HashSet<>();
        Set<String> missedNow = new HashSet<>();
        List<JobRecord> changed = new ArrayList<>();
        for (JobRecord record : queue.waiting()) {
            Job job = jobs.of(record);
            if (record.place().held()) {
                held.add(record.id());
                JobState state = new JobState.Waiting(record.status().message());
                if (!state.equals(job.state())) {
                    news.add(() -> job.await(state));
                }
                continue;
            }
            // a clip that was released is made: it needs no model and no budget
            boolean made = heldClips.has(record.id());
            Optional<String> reason = made ? Optional.empty() : eligibility.reasonToWait(job);
            reason.ifPresent(text -> held.add(record.id()));
            Optional<String> missed = made ? Optional.empty() : eligibility.missesModel(job);
            missed.ifPresent(text -> missedNow.add(record.subject().model()));
            if (missed.isPresent() && isMissedTooLong(record.subject().model())) {
                news.add(() -> job.endWaiting(new JobState.Failed(
                        new GenerationException(Reason.NO_MODEL, "waited too long: " + missed.get()))));
                continue;
            }
            JobRecord.Status status = reason.map(text -> new JobRecord.Status(RegisteredState.WAITING, "", text))
                    .orElseGet(() -> new JobRecord.Status(RegisteredState.QUEUED, "", ""));
            if (!status.equals(record.status())) {
                changed.add(record.with(status, clock.instant()));
                JobState state = reason.<JobState>map(JobState.Waiting::new).orElseGet(JobState.Queued::new);
                news.add(() -> job.await(state));
            }
        }
        missing.keySet().retainAll(missedNow);
        if (!changed.isEmpty()) {
            register.save(changed);
            for (JobRecord record : changed) {
                queue.offer(record);
                jobs.of(record).record(record);
            }
        }
        return held;
    }

    private boolean isMissedTooLong(String model) {
        long now = System.nanoTime();
        long since = missing.computeIfAbsent(model, name -> now);
        return now - since >= configuration.get().patience().model().toNanos();
    }
}
