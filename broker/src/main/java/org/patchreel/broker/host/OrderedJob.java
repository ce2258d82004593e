package org.patchreel.broker.host;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;
import org.patchreel.broker.host.ResultFolder.Result;
import org.patchreel.broker.wire.Attempt;

/** A clip that workers shall make, and what has become of it so far. Safe for use from any thread. */
final class OrderedJob {

    /** What happens to a job. */
    sealed interface Event {
        record Progress(GenerationProgress progress) implements Event {}

        record Arrived(Result result) implements Event {}

        record Failed(GenerationException failure) implements Event {}

        /** The order is to be given again: its files have arrived damaged. */
        record Again() implements Event {}
    }

    private final String id;
    private final int tries;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Workers that have begun and not ended. Guarded by this, as are the two below. */
    private final Set<String> workers = new HashSet<>();

    private int started;
    private String last = "";
    private @Nullable String attempt;

    OrderedJob(String id, int tries) {
        this.id = id;
        this.tries = tries;
    }

    /**
     * A worker asks whether to begin.
     *
     * @return whether it may: there have been fewer tries than are allowed
     */
    synchronized boolean begin(Attempt.Of of) {
        if (started >= tries) {
            fail(exhausted());
            return false;
        }
        started++;
        workers.add(of.worker());
        attempt = of.attempt();
        last = of.workerName();
        return true;
    }

    /** A worker gave the order back. */
    synchronized void returned(Attempt.Of of) {
        if (workers.remove(of.worker())) {
            started--;
        }
    }

    /** Progress of the attempt that began last: an older one is probably lost. */
    synchronized void progress(Attempt.Progress progress) {
        if (progress.of().attempt().equals(attempt)) {
            events.add(new Event.Progress(progress.progress()));
        }
    }

    void arrived(Result result) {
        events.add(new Event.Arrived(result));
    }

    /** What has arrived is not what a worker has sent. */
    synchronized void damaged(Attempt.Of of, String message) {
        workers.remove(of.worker());
        events.add(
                started < tries
                        ? new Event.Again()
                        : new Event.Failed(new GenerationException(
                                GenerationException.Reason.STORAGE,
                                "the clip that worker " + of.workerName() + " has made arrived damaged: " + message)));
    }

    void fail(GenerationException failure) {
        events.add(new Event.Failed(failure));
    }

    /** {@return the workers that have begun and not ended, once all tries are used; empty before} */
    synchronized Set<String> lastWorkers() {
        return started >= tries ? Set.copyOf(workers) : Set.of();
    }

    synchronized GenerationException exhausted() {
        return new GenerationException(
                GenerationException.Reason.INTERNAL,
                "generation " + id + " was begun " + started
                        + " times and none of the workers has finished it; the last" + " was " + last);
    }

    /** {@return the next event, or null if none comes within the time} */
    @Nullable
    Event next(long millis) throws InterruptedException {
        return events.poll(millis, TimeUnit.MILLISECONDS);
    }
}
