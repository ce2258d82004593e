package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.patchreel.api.GenerationRequest;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.RegisteredState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of earlier runs and of other processes, made again from the register. Safe for use from any thread. */
final class RegisteredJobs {

    private static final Logger log = LoggerFactory.getLogger(RegisteredJobs.class);

    private static final Set<RegisteredState> UNFINISHED =
            EnumSet.of(RegisteredState.QUEUED, RegisteredState.WAITING, RegisteredState.RUNNING);

    private final JobRegister register;
    private final Job.Keeper keeper;
    private final JobEvents events;
    private final InstantSource clock;

    RegisteredJobs(JobRegister register, Job.Keeper keeper, JobEvents events, InstantSource clock) {
        this.register = register;
        this.keeper = keeper;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Takes over the jobs whose process has died. They are queued, in the register, too.
     *
     * @return the jobs, in the order of their submission; none if this process is no host
     * @throws IOException if the register cannot be read or written; a later call returns the same jobs
     */
    List<Job> adopt() throws IOException {
        List<Job> adopted = new ArrayList<>();
        List<JobRecord> changed = new ArrayList<>();
        for (JobRecord found : register.isHost() ? register.adopt() : List.<JobRecord>of()) {
            JobRecord record = found;
            if (found.status().state() == RegisteredState.RUNNING) {
                log.warn("Generation {} was at work when its process ended: it is queued again", found.id());
            }
            if (found.status().state() != RegisteredState.QUEUED
                    && !found.place().held()) {
                record = found.with(new JobRecord.Status(RegisteredState.QUEUED, "", ""), clock.instant());
                changed.add(record);
            }
            adopted.add(again(record));
        }
        register.save(changed);
        return adopted;
    }

    /** {@return a job of this run whose request and order the register has} */
    Job again(JobRecord record) {
        return Job.restored(record, () -> request(record.id()), keeper, events);
    }

    /** {@return the jobs that ended last, the latest first} */
    List<RecordedJob> ended(int limit) throws IOException {
        Set<RegisteredState> states = EnumSet.complementOf(EnumSet.copyOf(UNFINISHED));
        return register.list(new JobFilter(states, Optional.empty(), Optional.empty(), limit)).stream()
                .map(this::recorded)
                .toList();
    }

    /** {@return a job that has ended, of whenever} */
    Optional<RecordedJob> ended(String id) throws IOException {
        return register.find(id)
                .filter(record -> record.status().state().isEnded())
                .map(this::recorded);
    }

    private RecordedJob recorded(JobRecord record) {
        return new RecordedJob(record, () -> request(record.id()));
    }

    /** What a job asked for whose request is not in memory. */
    private GenerationRequest request(String id) {
        try {
            Optional<String> work = register.work(id);
            return work.isPresent()
                    ? RestoredRequest.of(WorkOrderJson.read(work.get()))
                    : GenerationRequest.of("not kept");
        } catch (IOException e) {
            throw new IllegalStateException("the request of job " + id + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the IDs of jobs that have not ended, here or in another process that lives} */
    Set<String> unfinished() throws IOException {
        return register.list(new JobFilter(UNFINISHED, Optional.empty(), Optional.empty(), Integer.MAX_VALUE)).stream()
                .map(JobRecord::id)
                .collect(Collectors.toSet());
    }

    /** {@return whether a job waits, for its turn or something else} */
    static boolean waits(JobRecord record) {
        RegisteredState state = record.status().state();
        return state == RegisteredState.QUEUED || state == RegisteredState.WAITING;
    }

    /** {@return a job that another process works on} */
    Optional<JobRecord> elsewhere(String id) throws IOException {
        return register.find(id).filter(JobRegister::isWorkedOnElsewhere);
    }
}
