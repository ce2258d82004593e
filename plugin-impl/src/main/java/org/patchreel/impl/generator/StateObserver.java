package org.patchreel.impl.generator;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the states of a job to one listener, in order and one at a time, whichever threads change the job. The job adds states
 * under its lock, which gives their order, and has them delivered without it.
 */
final class StateObserver implements GenerationJob.Subscription {

    private static final Logger log = LoggerFactory.getLogger(StateObserver.class);

    private final String job;
    private final Consumer<? super JobState> listener;

    /** Guarded by this. */
    private final Queue<JobState> waiting = new ArrayDeque<>();

    /** Whether a thread delivers; it takes what others add meanwhile. Guarded by this. */
    private boolean delivering = true;

    /** Guarded by this. */
    private boolean closed;

    /**
     * Creates one that keeps all states until {@link #begin}.
     *
     * @param job its ID, for the log
     * @param listener receives the states
     * @param first the job's state now
     */
    StateObserver(String job, Consumer<? super JobState> listener, JobState first) {
        this.job = job;
        this.listener = listener;
        waiting.add(first);
    }

    /** Delivers the first state, and those added since. Called once, by the thread that has created this observer. */
    StateObserver begin() {
        drain();
        return this;
    }

    /** Adds a state. Calls nothing. */
    synchronized void add(JobState state) {
        if (!closed) {
            waiting.add(state);
        }
    }

    /** Delivers what was added, unless another thread delivers. */
    void deliver() {
        synchronized (this) {
            if (delivering) {
                return;
            }
            delivering = true;
        }
        drain();
    }

    private void drain() {
        for (JobState state = next(); state != null; state = next()) {
            try {
                listener.accept(state);
            } catch (RuntimeException | Error e) {
                log.warn("A listener of generation {} failed at the state {}", job, state.name(), e);
            }
        }
    }

    /** The next state to deliver; null ends the delivery. */
    private synchronized @Nullable JobState next() {
        JobState state = waiting.poll();
        delivering = state != null;
        return state;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
    }
}
