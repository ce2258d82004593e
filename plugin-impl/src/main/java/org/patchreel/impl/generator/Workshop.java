package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetMetadata.DeviceUse;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.Price;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.Submission;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the jobs that a {@link Dispatcher} hands out: one thread has the models of this machine make clips, one after the other, and
 * others wait for those that are made elsewhere; another one signs and stores clips meanwhile.
 */
final class Workshop {

    private static final Logger log = LoggerFactory.getLogger(Workshop.class);

    /** Clips that are made but not stored yet, at most: a store that is slow does not fill the disk. */
    private static final int MAX_UNPUBLISHED = 2;

    /** Failures after which what was sampled is kept, for another try: the clip could be made. */
    private static final Set<Reason> AFTER_SAMPLING = EnumSet.of(Reason.STORAGE, Reason.PROVENANCE);

    private final Dispatcher dispatcher;
    private final JobRegister register;
    private final JobsConfiguration configuration;
    private final InstalledModels models;
    private final CurrentStore stores;
    private final Production production;
    private final OutputChecks checks;
    private final Audit audit;
    private final Publication publication;
    private final WorkFolders workFolders;
    private final HeldClips heldClips;
    private final Estimates estimates;
    private final ClipStatistics statistics;
    private final JobPreviews previews;
    private final Places places;
    private final ExecutorService dispatching = Executors.newSingleThreadExecutor(named("patchreel-dispatcher"));
    private final ExecutorService producer = Executors.newSingleThreadExecutor(named("patchreel-generator"));
    private final ExecutorService elsewhere = Executors.newCachedThreadPool(named("patchreel-remote"));
    private final ExecutorService publisher = Executors.newSingleThreadExecutor(named("patchreel-publisher"));
    private final Set<Job> producing = ConcurrentHashMap.newKeySet();

    /** Clips that are made and not stored yet. */
    private final AtomicInteger unpublished = new AtomicInteger();

    /** Makes nothing until it is begun. */
    Workshop(
            Dispatcher dispatcher,
            JobRegister register,
            JobsConfiguration configuration,
            InstalledModels models,
            CurrentStore stores,
            Production production,
            OutputChecks checks,
            Audit audit,
            Publication publication,
            WorkFolders workFolders,
            Estimates estimates,
            ClipStatistics statistics,
            JobPreviews previews) {
        this.dispatcher = dispatcher;
        this.register = register;
        this.configuration = configuration;
        this.models = models;
        this.stores = stores;
        this.production = production;
        this.checks = checks;
        this.audit = audit;
        this.publication = publication;
        this.workFolders = workFolders;
        this.heldClips = new HeldClips(workFolders);
        this.estimates = estimates;
        this.statistics = statistics;
        this.previews = previews;
        this.places = new Places(models);
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins to make what is handed out, until nothing is any more. */
    void begin() {
        dispatching.execute(this::makeAll);
    }

    private void makeAll() {
        try {
            for (Optional<Job> job = dispatcher.take(this::hasPlace);
                    job.isPresent();
                    job = dispatcher.take(this::hasPlace)) {
                begin(job.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasPlace(Job job) {
        return unpublished.get() < MAX_UNPUBLISHED
                && (heldClips.has(job.id()) || places.find(job).isPresent());
    }

    private void begin(Job job) {
        if (heldClips.has(job.id())) {
            publishLater(job, null, () -> publishReleased(job));
            return;
        }
        Optional<VideoModel> place = places.find(job);
        if (place.isEmpty()) {
            // a model or a machine has gone since
            job.giveBack();
            conclude(job, null);
            return;
        }
        VideoModel model = place.get();
        places.take(model);
        producing.add(job);
        job.choose(model);
        try {
            (model instanceof RemoteModel ? elsewhere : producer).execute(() -> makeAt(model, job));
        } catch (RejectedExecutionException e) {
            job.giveBack();
            leave(model, job);
            conclude(job, null);
        }
    }

    private void makeAt(VideoModel model, Job job) {
        try {
            make(job);
        } finally {
            leave(model, job);
        }
    }

    private void leave(VideoModel model, Job job) {
        producing.remove(job);
        places.leave(model);
        dispatcher.wake();
    }

    /** A clip whose files are complete. */
    private record Made(Publication.Draft draft, Produced clip) {}

    /** What a try came to: files to publish, or an end. */
    private record Try(@Nullable Made made, JobState.@Nullable Ended end) {}

    private void make(Job job) {
        Try result = attempt(job);
        Made made = result.made();
        Duration last =
                made == null ? job.meter().stop() : job.meter().stop(made.clip().deviceTime());
        dispatcher.charge(job, last, job.meter().price(), made != null);
        if (made == null) {
            conclude(job, result.end());
            return;
        }
        publishLater(job, made.draft(), () -> publish(job, made));
    }

    private void publishLater(Job job, Publication.@Nullable Draft draft, Runnable work) {
        unpublished.incrementAndGet();
        try {
            publisher.execute(work);
        } catch (RejectedExecutionException e) {
            unpublished.decrementAndGet();
            job.giveBack();
            conclude(job, close(job, draft, null));
        }
    }

    private Try attempt(Job job) {
        Publication.@Nullable Draft draft = null;
        try {
            WorkOrder order = order(job);
            if (job.order().isEmpty()) {
                Optional<JobState.Ended> known = known(job);
                if (known.isPresent()) {
                    return new Try(null, known.get());
                }
            }
            VideoModel model = model(job);
            job.choose(model);
            start(job.meter(), model);
            Publication.Draft begun =
                    Blame.on(Reason.INTERNAL, unmade(job), () -> publication.begin(order, job.monitor()));
            draft = begun;
            Produced clip = Blame.on(
                    Reason.INTERNAL,
                    unmade(job),
                    () -> production.produce(order, model, begun.directory(), workFolders.of(job.id()), job.monitor()));
            return new Try(new Made(begun, clip), null);
        } catch (GenerationException | GenerationCancelledException | RuntimeException e) {
            return new Try(null, close(job, draft, end(job, e)));
        }
    }

    private void start(DeviceMeter meter, VideoModel model) {
        Optional<Price> price = configuration.get().price();
        if (model instanceof RemoteModel) {
            meter.startElsewhere(price);
        } else {
            meter.start(price);
        }
    }

    private static String unmade(Job job) {
        return "asset " + job.id() + " cannot be made";
    }

    /** The work order, which the register has if an earlier run took the job. */
    private WorkOrder order(Job job) throws GenerationException {
        if (job.order().isPresent()) {
            return job.order().get();
        }
        try {
            return WorkOrderJson.read(
                    register.work(job.id()).orElseThrow(() -> new IOException("it is not in the register")));
        } catch (IOException | IllegalArgumentException e) {
            throw new GenerationException(
                    Reason.INTERNAL, "the work order of job " + job.id() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** How a job ends that an earlier run began: its asset is stored already, or it ended its process too often. */
    private Optional<JobState.Ended> known(Job job) throws GenerationException, GenerationCancelledException {
        Optional<StoredAsset> stored = Blame.on(Reason.STORAGE, unmade(job), () -> {
            AssetStore store = stores.await(job.monitor());
            Optional<StoredAsset> found = store.find(job.id());
            if (found.isPresent()) {
                job.storedIn(store);
            }
            return found;
        });
        if (stored.isPresent()) {
            return Optional.of(new JobState.Completed(stored.get().reference()));
        }
        int tries = job.record().tries() - 1;
        if (tries < configuration.get().patience().tries()) {
            return Optional.empty();
        }
        throw new GenerationException(
                Reason.INTERNAL,
                "the process ended " + tries
                        + " times while this clip was made; it is not tried again unless somebody asks"
                        + " for it: retry " + job.id());
    }

    private VideoModel model(Job job) throws GenerationException {
        String name = job.record().subject().model();
        return job.model()
                .or(() -> models.find(name))
                .orElseThrow(() -> new GenerationException(Reason.NO_MODEL, "model " + name + " has gone"));
    }

    /** Has the frames of a made clip checked, and stores it if nothing speaks against it. */
    private void publish(Job job, Made made) {
        JobState.@Nullable Ended end;
        try {
            Optional<JobState.Ended> published = check(job, made.draft())
                    .<Optional<JobState.Ended>, Exception>fold(
                            allowed -> Optional.of(store(job, made)),
                            refused -> Optional.of(new JobState.Refused(refused.rule(), refused.explanation())),
                            held -> {
                                keep(job, made, held);
                                return Optional.empty();
                            });
            if (published.isEmpty()) {
                unpublished.decrementAndGet();
                close(job, made.draft(), null);
                previews.forget(job.id());
                dispatcher.await(job);
                return;
            }
            end = published.get();
        } catch (Exception e) {
            end = end(job, e);
        }
        unpublished.decrementAndGet();
        conclude(job, close(job, made.draft(), end));
    }

    private Submission submission(Job job, WorkOrder order) {
        return new Submission(job.request(), job.requester(), order.modelPrompts());
    }

    /** What is decided of the frames of a made clip; the one place where it is. */
    private PolicyDecision check(Job job, Publication.Draft draft)
            throws GenerationException, GenerationCancelledException {
        if (!checks.any()) {
            return new PolicyDecision.Allowed();
        }
        WorkOrder order = order(job);
        Footage footage = draft.footage();
        PolicyDecision decision = checks.judge(footage, submission(job, order));
        job.monitor().checkCancelled(); // then the check may have failed for that
        AuditAction.Decided outcome = AuditAction.Decided.of(AuditAction.Stage.OUTPUT, decision);
        AuditAction.Decided decided = decision instanceof PolicyDecision.Allowed
                ? outcome
                : outcome.about(
                        Blame.on(Reason.STORAGE, "the clip cannot be read", () -> Digests.sha256(footage.file())));
        Blame.on(Reason.STORAGE, "the clip is not stored", () -> {
            audit.record(job.id(), Requester.UNKNOWN, decided);
            return decided;
        });
        if (!(decision instanceof PolicyDecision.Allowed)) {
            log.info(
                    "The frames of generation {} are {} by the rule {}, SHA-256 of the file {}",
                    job.id(),
                    decided.outcome(),
                    decided.rule(),
                    decided.file().orElseThrow());
        }
        return decision;
    }

    /** Keeps a clip for a reviewer. Its job does not wait before all of it is kept. */
    private void keep(Job job, Made made, PolicyDecision.Held held)
            throws GenerationException, GenerationCancelledException {
        WorkOrder order = order(job);
        Blame.on(Reason.STORAGE, "the clip, which is held by the rule " + held.rule() + ", cannot be kept", () -> {
            heldClips.copy(job.id(), order.kind(), made.draft().directory(), registered(job), made.clip());
            dispatcher.hold(job, held);
            heldClips.complete(job.id());
            return held;
        });
    }

    private String registered(Job job) throws IOException {
        return register.work(job.id()).orElseThrow(() -> new IOException("it is not in the register"));
    }

    /** Stores a clip that was held and has been released. */
    private void publishReleased(Job job) {
        Publication.@Nullable Draft draft = null;
        JobState.@Nullable Ended end;
        try {
            WorkOrder order = order(job);
            Optional<JobState.Ended> known = job.order().isEmpty() ? known(job) : Optional.empty();
            Optional<Produced> clip = known.isPresent()
                    ? Optional.empty()
                    : Blame.on(
                            Reason.INTERNAL,
                            "the clip that was held cannot be read",
                            () -> heldClips.find(job.id(), order.kind(), registered(job)));
            if (known.isEmpty() && clip.isEmpty()) {
                // another order has the ID by now: that is made, from the queue
                workFolders.delete(job.id());
                job.giveBack();
                end = null;
            } else if (known.isPresent()) {
                end = known.get();
            } else {
                Publication.Draft begun =
                        Blame.on(Reason.INTERNAL, unmade(job), () -> publication.begin(order, job.monitor()));
                draft = begun;
                Blame.on(Reason.STORAGE, "the clip that was held cannot be stored", () -> {
                    heldClips.copyTo(begun.directory(), job.id());
                    return begun;
                });
                end = store(job, new Made(begun, clip.orElseThrow()));
            }
        } catch (GenerationException | GenerationCancelledException | RuntimeException e) {
            end = end(job, e);
        }
        unpublished.decrementAndGet();
        conclude(job, close(job, draft, end));
    }

    private JobState.Ended store(Job job, Made made) throws GenerationException, GenerationCancelledException {
        Optional<Price> price = job.meter().price().or(() -> configuration.get().price());
        DeviceUse use = new DeviceUse(
                job.record().device().used(),
                price.map(each -> each.of(job.record().device().used())));
        Publication.Stored stored = Blame.on(
                Reason.INTERNAL, unmade(job), () -> made.draft().publish(made.clip(), Optional.of(use), job.monitor()));
        job.storedIn(stored.store());
        statistics.add(stored.metadata());
        estimates.forget(job.record().subject().model());
        return new JobState.Completed(stored.asset());
    }

    /** Closes a draft; one that cannot be closed has failed. */
    private static JobState.@Nullable Ended close(
            Job job, Publication.@Nullable Draft draft, JobState.@Nullable Ended end) {
        try {
            if (draft != null) {
                draft.close();
            }
            return end;
        } catch (GenerationException e) {
            log.warn("Generation {} leaves files: {}", job.id(), PrintableText.of(e.getMessage()));
            return end instanceof JobState.Completed ? end : new JobState.Failed(e);
        }
    }

    /** {@return how a job ends that stopped for a reason; null if it is returned to the queue} */
    private static JobState.@Nullable Ended end(Job job, Exception e) {
        if (job.isGivenBack()) {
            return null;
        }
        if (e instanceof GenerationCancelledException || job.monitor().cancelled()) {
            return new JobState.Cancelled();
        }
        GenerationException failure =
                e instanceof GenerationException known ? known : Blame.failure(Reason.INTERNAL, unmade(job), e);
        // a message may quote what others wrote, such as the name of a folder
        String message = PrintableText.of(failure.getMessage());
        log.warn("Generation {} failed ({}): {}", job.id(), failure.reason().label(), message);
        if (failure.reason() == Reason.INTERNAL && failure.getCause() != null) {
            log.warn("Generation {} failed within", job.id(), failure.getCause());
        }
        return new JobState.Failed(failure);
    }

    /** Ends a job, or returns it to the queue. */
    private void conclude(Job job, JobState.@Nullable Ended end) {
        previews.forget(job.id());
        if (end == null) {
            dispatcher.giveBack(job);
            return;
        }
        boolean again = end instanceof JobState.Failed failed
                && AFTER_SAMPLING.contains(failed.cause().reason());
        if (!again) {
            workFolders.delete(job.id());
        }
        job.end(end);
    }

    /** Returns the jobs whose frames are being made to the queue if they need a model that goes. */
    void leave(VideoModel gone) {
        producing.stream().filter(job -> job.model().isEmpty()).forEach(Job::giveBack);
    }

    /**
     * Waits until the jobs at work have ended: for a while until they have, then until they have stopped and are back in the queue.
     * What is held up in native code for longer loses its draft; its memory is released when that code returns.
     *
     * @param drain how long jobs may go on
     * @param stopTime how long they may take to stop
     */
    void stop(Duration drain, Duration stopTime) throws InterruptedException, IOException {
        dispatcher.stop();
        List<ExecutorService> producers = List.of(dispatching, producer, elsewhere);
        producers.forEach(ExecutorService::shutdown);
        long end = System.nanoTime() + drain.toNanos();
        if (!await(producers, end)) {
            producing.forEach(this::interrupt);
            end = System.nanoTime();
        }
        long latest = Math.max(end, System.nanoTime()) + stopTime.toNanos();
        boolean stopped = await(producers, latest);
        publisher.shutdown();
        stopped &= publisher.awaitTermination(Math.max(0, latest - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (!stopped) {
            log.warn(
                    "The running generation is still within an operation of its model after {} s: its draft is discarded,"
                            + " its memory is released when the operation ends",
                    stopTime.toSeconds());
            dispatcher.running().forEach(this::interrupt);
            publication.discardDrafts();
        }
        dispatcher.close();
    }

    /** {@return whether all have ended before a time} */
    private static boolean await(List<ExecutorService> executors, long latest) throws InterruptedException {
        for (ExecutorService executor : executors) {
            if (!executor.awaitTermination(Math.max(0, latest - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Stops a job: whoever has typed a command that ends has given it up. */
    private void interrupt(Job job) {
        if (register.isHost()) {
            log.warn("Generation {} is returned to the queue: the video generator stops", job.id());
            job.giveBack();
        } else {
            log.warn("Generation {} is cancelled: the video generator stops", job.id());
            job.cancel();
        }
    }
}
