package org.patchreel.remote;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener of a job, which gets the states in their order, one call at a time. Safe for use from any thread. */
final class StateObserver implements GenerationJob.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(StateObserver.class);

    private final String job;
    private final Consumer<? super JobState> listener;

    /** Guarded by this. */
    private final Queue<JobState> states = new ArrayDeque<>();

    /** Whether a thread is in the listener; guarded by this. */
    private boolean busy;

    private volatile boolean closed;

    StateObserver(String job, Consumer<? super JobState> listener) {
        this.job = job;
        this.listener = listener;
    }

    synchronized void add(JobState state) {
        states.add(state);
    }

    /** Calls the listener with what it has not got, unless another thread, or this one further up, is doing so. */
    void deliver() {
        synchronized (this) {
            if (busy) {
                return;
            }
            busy = true;
        }
        while (true) {
            @Nullable JobState next;
            synchronized (this) {
                next = closed ? null : states.poll();
                if (next == null) {
                    busy = false;
                    return;
                }
            }
            try {
                listener.accept(next);
            } catch (RuntimeException e) {
                LOG.warn("A listener failed at a state of generation {}", job, e);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
