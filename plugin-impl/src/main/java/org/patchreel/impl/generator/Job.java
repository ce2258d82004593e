package org.patchreel.impl.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationEvents;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.Submission;

/** A queued, running or ended generation, and the events that tell of it. */
final class Job implements GenerationJob {

    /** Progress within a stage is published no more often than this; its first and last unit always are. */
    private static final long EVENT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String id;
    private final Submission submission;
    private final ResolvedRequest work;
    private final JobEvents events;
    private final CompletableFuture<JobState.Ended> ended = new CompletableFuture<>();
    private final GenerationMonitor monitor = new Monitor();

    /** Guarded by this. */
    private JobState state = new JobState.Queued();

    /** Guarded by this; they are called without the lock. */
    private final List<StateObserver> observers = new ArrayList<>();

    private volatile boolean cancelled;
    private volatile @Nullable AssetStore store;

    Job(Submission submission, ResolvedRequest work, JobEvents events) {
        this.id = work.order().id();
        this.submission = submission;
        this.work = work;
        this.events = events;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public GenerationRequest request() {
        return submission.request();
    }

    @Override
    public Requester requester() {
        return submission.by();
    }

    @Override
    public synchronized JobState state() {
        return state;
    }

    @Override
    public CompletionStage<JobState.Ended> ended() {
        return ended.minimalCompletionStage();
    }

    @Override
    public void cancel() {
        cancelled = true;
        JobState.Ended end = new JobState.Cancelled();
        if (move(JobState.Queued.class::isInstance, end)) {
            announce(end);
        }
    }

    @Override
    public Subscription observe(Consumer<? super JobState> listener) {
        Objects.requireNonNull(listener, "listener");
        StateObserver observer;
        synchronized (this) {
            observer = new StateObserver(id, listener, state);
            if (!(state instanceof JobState.Ended)) {
                observers.add(observer);
            }
        }
        return observer.begin();
    }

    /** Changes the state if it is the right one, and tells the observers. */
    private boolean move(Predicate<JobState> from, JobState to) {
        List<StateObserver> told;
        synchronized (this) {
            if (!from.test(state)) {
                return false;
            }
            state = to;
            observers.removeIf(StateObserver::isClosed);
            observers.forEach(observer -> observer.add(to));
            told = List.copyOf(observers);
            if (to instanceof JobState.Ended) {
                observers.clear();
            }
        }
        told.forEach(StateObserver::deliver);
        return true;
    }

    ResolvedRequest work() {
        return work;
    }

    GenerationMonitor monitor() {
        return monitor;
    }

    /** Remembers where the clip is. */
    void storedIn(AssetStore where) {
        store = where;
    }

    /** {@return where the clip is, once it is stored} */
    Optional<AssetStore> store() {
        return Optional.ofNullable(store);
    }

    /** Tells that the job waits. Called once, before the job can run. */
    void queued() {
        post(
                GenerationEvents.QUEUED,
                "queued",
                Map.of(GenerationEvents.MODEL, work.order().model()));
    }

    /** Begins the job, unless it was cancelled while it waited. */
    boolean start() {
        return move(
                JobState.Queued.class::isInstance, new JobState.Running(new GenerationProgress(Stage.LOADING, 0, 1)));
    }

    /** Ends a job that was started, or that a policy refuses. */
    void end(JobState.Ended end) {
        move(before -> true, end);
        announce(end);
    }

    private void announce(JobState.Ended end) {
        Announcement announcement = end.fold(
                completed -> new Announcement(
                        GenerationEvents.COMPLETED,
                        Map.of(
                                GenerationEvents.ASSET_LOCATION,
                                completed.asset().location().toString())),
                refused -> new Announcement(
                        GenerationEvents.REFUSED,
                        Map.of(GenerationEvents.RULE, refused.rule(), GenerationEvents.MESSAGE, refused.explanation())),
                failed -> new Announcement(
                        GenerationEvents.FAILED,
                        Map.of(
                                GenerationEvents.REASON,
                                failed.cause().reason().label(),
                                GenerationEvents.MESSAGE,
                                failed.cause().getMessage())),
                cancelled -> new Announcement(GenerationEvents.CANCELLED, Map.of()));
        post(announcement.topic(), end.name(), announcement.details());
        ended.complete(end);
    }

    /** The event that tells how a job ended. */
    private record Announcement(String topic, Map<String, String> details) {}

    private void post(String topic, String stateName, Map<String, ?> details) {
        Map<String, Object> properties = new LinkedHashMap<>(details);
        properties.put(GenerationEvents.JOB_ID, id);
        properties.put(GenerationEvents.JOB_STATE, stateName);
        requester().user().ifPresent(user -> properties.put(GenerationEvents.REQUESTER, user));
        events.post(topic, properties);
    }

    /** Called by the worker alone. */
    private final class Monitor implements GenerationMonitor {

        private @Nullable Stage stage;
        private long lastEvent;

        @Override
        public void progress(GenerationProgress progress) {
            JobState now = new JobState.Running(progress);
            move(before -> !before.equals(now), now);
            long time = System.nanoTime();
            boolean edge = progress.stage() != stage || progress.done() == progress.total();
            if (edge || time - lastEvent >= EVENT_INTERVAL_NANOS) {
                stage = progress.stage();
                lastEvent = time;
                post(
                        GenerationEvents.PROGRESS,
                        "running",
                        Map.of(
                                GenerationEvents.STAGE,
                                progress.stage().label(),
                                GenerationEvents.DONE,
                                progress.done(),
                                GenerationEvents.TOTAL,
                                progress.total()));
            }
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }
    }
}
