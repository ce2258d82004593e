package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationEvents;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoModel;

/**
 * A generation of this run of the framework, and the events that tell of it. Its {@link Keeper} stores what must
 * outlive the process, before anybody else is notified.
 */
final class Job implements GenerationJob {

    /** Keeps what must outlive the process. Called without the job's lock. */
    interface Keeper {

        /**
         * A job has ended.
         *
         * @param job that has
         * @param end how
         */
        void ended(Job job, JobState.Ended end);

        /**
         * A job has moved on; called by its worker, often.
         *
         * @param job that has
         * @param progress how far it is
         */
        void progressed(Job job, GenerationProgress progress);
    }

    /** What the worker shall do with a running job. */
    private enum Wish {
        GO_ON,
        CANCEL,
        GIVE_BACK
    }

    /** Progress within a stage is published no more often than this; its first and last unit always are. */
    private static final long EVENT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Supplier<GenerationRequest> request;
    private final Keeper keeper;
    private final JobEvents events;
    private final CompletableFuture<JobState.Ended> ended = new CompletableFuture<>();
    private final GenerationMonitor monitor = new Monitor();

    /** Guarded by this. */
    private JobState state = new JobState.Queued();

    /** As it is registered; replaced by the dispatcher alone. */
    private volatile JobRecord record;

    /** Null if the register has it. */
    private volatile @Nullable WorkOrder order;

    /** Makes the frames; null if one of the order's name shall be found. */
    private volatile @Nullable VideoModel model;

    /** Guarded by this; they are called without the lock. */
    private final List<StateObserver> observers = new ArrayList<>();

    private volatile Wish wish = Wish.GO_ON;
    private final DeviceMeter meter = new DeviceMeter(System::nanoTime);
    private volatile @Nullable AssetStore store;

    private Job(
            JobRecord record,
            Supplier<GenerationRequest> request,
            @Nullable WorkOrder order,
            @Nullable VideoModel model,
            Keeper keeper,
            JobEvents events) {
        this.record = record;
        this.request = request;
        this.order = order;
        this.model = model;
        this.keeper = keeper;
        this.events = events;
    }

    /**
     * A job that is submitted.
     *
     * @param record of the job
     * @param request what was asked for
     * @param work what to make
     * @param keeper keeps it
     * @param events tell of it
     */
    static Job submitted(
            JobRecord record, GenerationRequest request, ResolvedRequest work, Keeper keeper, JobEvents events) {
        return new Job(record, () -> request, work.order(), work.model(), keeper, events);
    }

    /**
     * A job that an earlier run of the framework, or another process, has left.
     *
     * @param record of the job
     * @param request reads what was asked for
     * @param keeper keeps it
     * @param events tell of it
     */
    static Job restored(JobRecord record, Supplier<GenerationRequest> request, Keeper keeper, JobEvents events) {
        return new Job(record, request, null, null, keeper, events);
    }

    @Override
    public String id() {
        return record.id();
    }

    @Override
    public GenerationRequest request() {
        return request.get();
    }

    @Override
    public Requester requester() {
        return record.by();
    }

    @Override
    public synchronized JobState state() {
        return state;
    }

    @Override
    public CompletionStage<JobState.Ended> ended() {
        return ended.minimalCompletionStage();
    }

    /** Who asks again and again leaves nothing behind: each stage that {@link #ended()} returns is kept until the job has ended. */
    @Override
    public Optional<JobState.Ended> await(Duration timeout) throws InterruptedException {
        try {
            return Optional.of(ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void cancel() {
        wish = Wish.CANCEL;
        endWaiting(new JobState.Cancelled());
    }

    /** Ends the job unless it runs or has ended. */
    void endWaiting(JobState.Ended end) {
        end(Job::isWaiting, end);
    }

    private static boolean isWaiting(JobState state) {
        return state instanceof JobState.Queued || state instanceof JobState.Waiting;
    }

    @Override
    public Subscription observe(Consumer<? super JobState> listener) {
        Objects.requireNonNull(listener, "listener");
        StateObserver observer;
        synchronized (this) {
            observer = new StateObserver(id(), listener, state);
            if (!(state instanceof JobState.Ended)) {
                observers.add(observer);
            }
        }
        return observer.begin();
    }

    /** Changes the state if it is the right one, and tells the observers. */
    private boolean move(Predicate<JobState> from, JobState to) {
        @Nullable List<StateObserver> told = change(from, to);
        if (told == null) {
            return false;
        }
        told.forEach(StateObserver::deliver);
        return true;
    }

    /** {@return who is to be told; null if it was another state} */
    private synchronized @Nullable List<StateObserver> change(Predicate<JobState> from, JobState to) {
        if (!from.test(state)) {
            return null;
        }
        state = to;
        observers.removeIf(StateObserver::isClosed);
        observers.forEach(observer -> observer.add(to));
        List<StateObserver> told = List.copyOf(observers);
        if (to instanceof JobState.Ended) {
            observers.clear();
        }
        return told;
    }

    JobRecord record() {
        return record;
    }

    /** Takes what the register has of this job by now. */
    void record(JobRecord other) {
        record = other;
    }

    /** {@return what to make, if this process has it in memory} */
    Optional<WorkOrder> order() {
        return Optional.ofNullable(order);
    }

    /** {@return what makes the frames, if it was chosen and has not gone} */
    Optional<VideoModel> model() {
        return Optional.ofNullable(model);
    }

    /** Chooses what makes the frames. */
    void choose(VideoModel chosen) {
        model = chosen;
    }

    /** Leaves a model that goes: another one of its name will make the frames. */
    void leave(VideoModel gone) {
        if (gone.equals(model)) {
            model = null;
        }
    }

    /** {@return what measures how long this job keeps the device busy} */
    DeviceMeter meter() {
        return meter;
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

    /** Tells that the job was taken. Called once, before the job can run. */
    void queued() {
        postQueued();
    }

    /** Lets the job wait for something, or for its turn again. */
    void await(JobState waiting) {
        if (move(before -> isWaiting(before) && !before.equals(waiting), waiting)) {
            postWaiting(waiting);
        }
    }

    private void postWaiting(JobState waiting) {
        waiting.fold(
                queued -> {
                    postQueued();
                    return queued;
                },
                other -> {
                    post(GenerationEvents.WAITING, other.name(), Map.of(GenerationEvents.MESSAGE, other.reason()));
                    return other;
                },
                running -> running,
                ended -> ended);
    }

    private void postQueued() {
        post(
                GenerationEvents.QUEUED,
                "queued",
                Map.of(GenerationEvents.MODEL, record.subject().model()));
    }

    /** Begins the job, unless it was cancelled while it waited. */
    boolean start() {
        return move(Job::isWaiting, new JobState.Running(new GenerationProgress(Stage.LOADING, 0, 1)));
    }

    /** Asks the worker to stop and return the running job to the queue. Somebody who cancels it wins. */
    void giveBack() {
        if (wish == Wish.GO_ON) {
            wish = Wish.GIVE_BACK;
        }
    }

    /** {@return whether the job stopped to be returned to the queue} */
    boolean isGivenBack() {
        return wish == Wish.GIVE_BACK;
    }

    /** Queues the job that ran, again. */
    void queueAgain() {
        stopRunning(new JobState.Queued());
    }

    /** Lets the job that ran wait. */
    void waitAgain(JobState.Waiting waiting) {
        stopRunning(waiting);
    }

    private void stopRunning(JobState to) {
        if (wish == Wish.GIVE_BACK) {
            wish = Wish.GO_ON;
        }
        if (move(JobState.Running.class::isInstance, to)) {
            postWaiting(to);
        }
        if (wish == Wish.CANCEL) {
            endWaiting(new JobState.Cancelled());
        }
    }

    /** Ends a job that was started, or that a policy refuses. */
    void end(JobState.Ended end) {
        end(before -> !(before instanceof JobState.Ended), end);
    }

    private void end(Predicate<JobState> from, JobState.Ended end) {
        @Nullable List<StateObserver> told = change(from, end);
        if (told != null) {
            keeper.ended(this, end);
            told.forEach(StateObserver::deliver);
            announce(end);
        }
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
                cancelled -> new Announcement(GenerationEvents.CANCELLED, Map.of()),
                suspended -> new Announcement(
                        GenerationEvents.QUEUED,
                        Map.of(GenerationEvents.MODEL, record.subject().model())));
        post(announcement.topic(), end.name(), announcement.details());
        ended.complete(end);
    }

    /** The event that tells how a job ended. */
    private record Announcement(String topic, Map<String, String> details) {}

    private void post(String topic, String stateName, Map<String, ?> details) {
        Map<String, Object> properties = new LinkedHashMap<>(details);
        properties.put(GenerationEvents.JOB_ID, id());
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
            move(before -> before instanceof JobState.Running && !before.equals(now), now);
            keeper.progressed(Job.this, progress);
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
            return wish != Wish.GO_ON;
        }
    }
}
