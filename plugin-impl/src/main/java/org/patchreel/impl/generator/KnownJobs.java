package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;
import org.patchreel.impl.jobs.JobRecord;

/** The jobs of this run, and the last ones that ended in earlier runs. Not safe for use by several threads. */
final class KnownJobs {

    /** Maximum number of ended jobs kept in memory. */
    static final int MAX_ENDED = 100;

    /** Those of this run, in the order of their submission. */
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    /** The latest first. */
    private List<? extends GenerationJob> earlier = List.of();

    /** Takes the last ones of earlier runs, the latest first. */
    void earlier(List<? extends GenerationJob> ended) {
        earlier = List.copyOf(ended);
    }

    /** Adds a job as the latest one, in the place of one of its ID. */
    void add(Job job) {
        jobs.remove(job.id());
        jobs.put(job.id(), job);
    }

    /** {@return a job of this run} */
    Optional<Job> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** {@return a job of this run that waits, runs or has made its clip} */
    Optional<Job> alive(String id) {
        return find(id).filter(job -> !isEnded(job) || job.state() instanceof JobState.Completed);
    }

    private static boolean isEnded(Job job) {
        return job.state() instanceof JobState.Ended;
    }

    /** {@return the job of a record, which is one of this run} */
    Job of(JobRecord record) {
        return Objects.requireNonNull(jobs.get(record.id()), record.id());
    }

    /** {@return the jobs of this run, in the order of their submission} */
    List<Job> all() {
        return List.copyOf(jobs.values());
    }

    /** {@return the jobs of this run and the last ones of earlier ones, the latest first} */
    List<GenerationJob> latest() {
        List<GenerationJob> latest = new ArrayList<>(jobs.values());
        Collections.reverse(latest);
        int ended = (int) jobs.values().stream().filter(KnownJobs::isEnded).count();
        earlier.stream()
                .filter(job -> !jobs.containsKey(job.id()))
                .limit(Math.max(0, MAX_ENDED - ended))
                .forEach(latest::add);
        return latest;
    }

    /** Forgets the oldest ended ones of this run, if there are more than the maximum. */
    void forgetEnded() {
        List<String> ended =
                jobs.values().stream().filter(KnownJobs::isEnded).map(Job::id).toList();
        ended.subList(0, Math.max(0, ended.size() - MAX_ENDED)).forEach(jobs::remove);
    }
}
