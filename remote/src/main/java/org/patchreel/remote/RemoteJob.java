package org.patchreel.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Destination;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;

/** A job of the generator as this installation knows it. {@link JobWatch} moves it on. */
final class RemoteJob implements GenerationJob {

    private final String id;
    private final Requester by;
    private final Consumer<RemoteJob> canceller;
    private final CompletableFuture<JobState.Ended> ended = new CompletableFuture<>();

    private volatile GenerationRequest request;

    /** Guarded by this. */
    private JobState state = new JobState.Queued();

    /** Guarded by this; called without the lock. */
    private final List<StateObserver> observers = new ArrayList<>();

    /**
     * Creates a job that is queued.
     *
     * @param id of the job
     * @param request what was asked for
     * @param by who asks
     * @param canceller asks the generator to cancel it, and returns at once
     */
    RemoteJob(String id, GenerationRequest request, Requester by, Consumer<RemoteJob> canceller) {
        this.id = id;
        this.request = request;
        this.by = by;
        this.canceller = canceller;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public GenerationRequest request() {
        return request;
    }

    /** The request of somebody who asks for this job, too: the generator does not know where this host wants the clip. */
    void request(GenerationRequest now) {
        request = now;
    }

    /** {@return where the clip goes in this host} */
    Destination destination() {
        return request.destination();
    }

    @Override
    public Requester requester() {
        return by;
    }

    @Override
    public synchronized JobState state() {
        return state;
    }

    boolean hasEnded() {
        return state() instanceof JobState.Ended;
    }

    @Override
    public void cancel() {
        if (!hasEnded()) {
            canceller.accept(this);
        }
    }

    /** Changes the state, and tells the observers, unless it is this one already, or the job has ended. */
    void move(JobState to) {
        List<StateObserver> told;
        synchronized (this) {
            if (state instanceof JobState.Ended || state.equals(to)) {
                return;
            }
            state = to;
            observers.removeIf(StateObserver::isClosed);
            observers.forEach(observer -> observer.add(to));
            told = List.copyOf(observers);
        }
        told.forEach(StateObserver::deliver);
        if (to instanceof JobState.Ended end) {
            ended.complete(end);
        }
    }

    @Override
    public Subscription observe(Consumer<? super JobState> listener) {
        StateObserver observer = new StateObserver(id, Objects.requireNonNull(listener, "listener"));
        synchronized (this) {
            observer.add(state);
            observers.add(observer);
        }
        observer.deliver();
        return observer;
    }

    /** Who asks again and again leaves nothing behind: each stage that {@link #ended()} returns is kept until the job has ended. */
    @Override
    public Optional<JobState.Ended> await(Duration timeout) throws InterruptedException {
        try {
            JobState.@Nullable Ended end = ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return Optional.ofNullable(end);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public CompletionStage<JobState.Ended> ended() {
        return ended.minimalCompletionStage();
    }
}
