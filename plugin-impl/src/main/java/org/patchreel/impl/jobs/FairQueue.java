package org.patchreel.impl.jobs;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The jobs that wait, and which one is next: those that were moved to the front, then the highest priority, then a job of whoever
 * was served the longest time ago, then the oldest one. Turns are counted and not timed, so that a clock that is set back changes
 * nothing. Not safe for use by several threads.
 */
public final class FairQueue {

    private static final Comparator<JobRecord> BY_RANK = Comparator.<JobRecord>comparingLong(
                    job -> -job.place().front())
            .thenComparing(job -> -job.place().priority());

    private final Map<String, JobRecord> waiting = new LinkedHashMap<>();
    private final Map<String, Long> turns;
    private final Comparator<JobRecord> order;

    /**
     * Creates an empty one.
     *
     * @param turns the number of the last turn of each requester, see {@link JobRegister#turns}
     */
    public FairQueue(Map<String, Long> turns) {
        this.turns = new HashMap<>(turns);
        this.order = BY_RANK.thenComparing(job -> this.turns.getOrDefault(Accounts.requester(job.by()), 0L))
                .thenComparing(job -> job.place().number());
    }

    /**
     * Adds a job, or takes another version of it.
     *
     * @param job that is registered
     */
    public void offer(JobRecord job) {
        waiting.put(job.id(), job);
    }

    /**
     * Takes a job out.
     *
     * @param id of the job
     */
    public void remove(String id) {
        waiting.remove(id);
    }

    /** {@return the number of jobs that wait} */
    public int size() {
        return waiting.size();
    }

    /**
     * {@return whether a job waits}
     *
     * @param id of the job
     */
    public boolean contains(String id) {
        return waiting.containsKey(id);
    }

    /**
     * {@return whether two jobs are served in one turn}
     *
     * @param one job
     * @param other job
     */
    public static boolean isOfOneRequester(JobRecord one, JobRecord other) {
        return Accounts.requester(one.by()).equals(Accounts.requester(other.by()));
    }

    /** {@return the jobs that wait, in no particular order} */
    public List<JobRecord> waiting() {
        return List.copyOf(waiting.values());
    }

    /**
     * {@return how many jobs of a requester wait}
     *
     * @param job of the requester
     */
    public long sizeOf(JobRecord job) {
        return waiting.values().stream()
                .filter(other -> isOfOneRequester(other, job))
                .count();
    }

    /**
     * Finds the job that is next, and leaves it where it is.
     *
     * @param eligible whether a job may begin now
     * @return the job, or empty if none may begin
     */
    public Optional<JobRecord> next(Predicate<JobRecord> eligible) {
        return waiting.values().stream().filter(eligible).min(order);
    }

    /**
     * Takes a job out that begins; its requester has had a turn.
     *
     * @param job that begins
     * @param turn its number, higher than those before it
     */
    public void served(JobRecord job, long turn) {
        waiting.remove(job.id());
        turns.put(Accounts.requester(job.by()), turn);
    }
}
