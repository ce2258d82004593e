package org.patchreel.impl.generator;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.Submission;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues requests and processes them one after the other: a model fills the machine alone. When a model is unregistered,
 * its jobs are cancelled.
 */
@Component(service = VideoGenerator.class)
public final class QueuedVideoGenerator implements VideoGenerator {

    private static final Logger log = LoggerFactory.getLogger(QueuedVideoGenerator.class);

    /** Maximum number of ended jobs kept. */
    private static final int MAX_ENDED_JOBS = 100;

    /** How long the running generation may take to notice that it is cancelled: containers are killed after 10 seconds. */
    private static final Duration STOP_TIME = Duration.ofSeconds(8);

    private final InstalledModels models;
    private final RequestResolver resolver;
    private final PromptExpanders expanders;
    private final PromptPolicies policies;
    private final CurrentStore stores;
    private final Production production;
    private final Publication publication;
    private final WorkFolders workFolders;
    private final JobEvents events;
    private final JobIds ids;
    private final Duration stopTime;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "patchreel-generator");
        thread.setDaemon(true);
        return thread;
    });

    /** The latest first. Guarded by itself, as is {@link #closed}. */
    private final Deque<Job> jobs = new ArrayDeque<>();

    private boolean closed;

    /** The one instance, because it is removed as well as added. */
    private final Consumer<VideoModel> withdrawalListener;

    /**
     * Creates the service.
     *
     * @param context names the version and the home folder
     * @param models of the installation
     * @param expanders rewrite prompts
     * @param policies may refuse requests
     * @param stores knows the store that takes the clips
     * @param sources finds pictures and clips that requests refer to
     * @param encoders encode them
     * @param provenance marks and signs them
     * @param events tell of the jobs
     */
    @Activate
    public QueuedVideoGenerator(
            BundleContext context,
            @Reference InstalledModels models,
            @Reference PromptExpanders expanders,
            @Reference PromptPolicies policies,
            @Reference CurrentStore stores,
            @Reference SourceFiles sources,
            @Reference VideoEncoders encoders,
            @Reference SignedProvenance provenance,
            @Reference JobEvents events) {
        this(
                models,
                new RequestResolver(models, sources, new SecureRandom()),
                expanders,
                policies,
                stores,
                new Production(() -> new MediaSinks(encoders.configured()), provenance, sources),
                new Publication(
                        stores,
                        provenance,
                        sources,
                        context.getBundle().getVersion().toString(),
                        InstantSource.system()),
                new WorkFolders(HomeFolder.of(context).resolve("work")),
                events,
                STOP_TIME);
    }

    QueuedVideoGenerator(
            InstalledModels models,
            RequestResolver resolver,
            PromptExpanders expanders,
            PromptPolicies policies,
            CurrentStore stores,
            Production production,
            Publication publication,
            WorkFolders workFolders,
            JobEvents events,
            Duration stopTime) {
        this.models = models;
        this.resolver = resolver;
        this.expanders = expanders;
        this.policies = policies;
        this.stores = stores;
        this.production = production;
        this.publication = publication;
        this.workFolders = workFolders;
        this.events = events;
        this.stopTime = stopTime;
        this.ids = new JobIds(InstantSource.system(), new SecureRandom());
        this.withdrawalListener = this::cancelJobsOf;
        models.addWithdrawalListener(withdrawalListener);
        workFolders.deleteAbandoned(InstantSource.system());
    }

    @Override
    public GenerationJob submit(GenerationRequest request, Requester by) throws GenerationException {
        Objects.requireNonNull(request, "request");
        return queue(ids.next(), request, Objects.requireNonNull(by, "by"));
    }

    @Override
    public GenerationJob submit(String id, GenerationRequest request, Requester by) throws GenerationException {
        AssetId.check(id);
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(by, "by");
        Optional<Job> alive = alive(id);
        if (alive.isPresent()) {
            return alive.get();
        }
        try {
            Optional<StoredAsset> stored = stores.get().find(id);
            if (stored.isPresent()) {
                return new StoredJob(id, request, by, stored.get().reference());
            }
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "asset " + id + " cannot be read: " + e.getMessage(), e);
        }
        return queue(id, request, by);
    }

    private GenerationJob queue(String id, GenerationRequest request, Requester by) throws GenerationException {
        ResolvedRequest work =
                expanders.expand(resolver.resolve(id, request), request.shots().get(0));
        Submission submission = new Submission(request, by, work.order().task().prompt());
        Optional<PolicyDecision.Refused> refusal = policies.refusal(submission);
        synchronized (jobs) {
            if (closed) {
                throw new IllegalStateException("the video generator has stopped");
            }
            Optional<Job> alive = alive(id);
            if (alive.isPresent()) {
                return alive.get();
            }
            jobs.removeIf(job -> job.id().equals(id));
            Job job = new Job(submission, work, events);
            jobs.addFirst(job);
            forgetOldJobs();
            if (refusal.isPresent()) {
                log.info(
                        "Generation {} was refused by the rule {}",
                        id,
                        refusal.get().rule());
                job.end(new JobState.Refused(refusal.get().rule(), refusal.get().explanation()));
            } else {
                job.queued();
                worker.execute(() -> run(job));
            }
            return job;
        }
    }

    /** Finds a job that waits, runs or has made its clip. */
    private Optional<Job> alive(String id) {
        synchronized (jobs) {
            return jobs.stream()
                    .filter(job -> job.id().equals(id))
                    .filter(job ->
                            !(job.state() instanceof JobState.Ended) || job.state() instanceof JobState.Completed)
                    .findFirst();
        }
    }

    @Override
    public void check(GenerationRequest request) throws GenerationException {
        resolver.resolve(ids.next(), Objects.requireNonNull(request, "request"));
    }

    @Override
    public PlannedClip plan(GenerationRequest request) throws GenerationException {
        ResolvedRequest work = resolver.resolve(ids.next(), Objects.requireNonNull(request, "request"));
        WorkOrder order = work.order();
        SamplingPlan plan = work.model().plan(order.task());
        try {
            return new PlannedClip(
                    order.model(),
                    order.task().format(),
                    order.format(),
                    order.task().sampling(),
                    plan,
                    TimeEstimate.by(work.model(), stores.get())
                            .of(plan, order.task().format(), order.format()));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "the clips cannot be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<StoredAsset> asset(String id) throws IOException {
        Objects.requireNonNull(id, "id");
        // a clip stays in the store in which it was begun, though another is the current one by now
        Optional<AssetStore> own = alive(id).flatMap(Job::store);
        return own.isPresent() ? own.get().find(id) : stores.get().find(id);
    }

    @Override
    public List<AssetReference> assets() throws IOException {
        return stores.get().list();
    }

    @Override
    public List<GenerationJob> jobs() {
        synchronized (jobs) {
            return List.copyOf(jobs);
        }
    }

    /**
     * Cancels all jobs and waits until the running one has cleared away what it made. If it is held up in native code for
     * longer than a host would wait, its draft is discarded here; the job ends when that code returns.
     */
    @Deactivate
    void close() throws InterruptedException, IOException {
        models.removeWithdrawalListener(withdrawalListener);
        synchronized (jobs) {
            closed = true;
        }
        for (Job job : openJobs()) {
            log.warn("Generation {} is cancelled: the video generator stops", job.id());
            job.cancel();
        }
        worker.shutdown();
        if (!worker.awaitTermination(stopTime.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn(
                    "The running generation is still within an operation of its model after {} s: its draft is discarded,"
                            + " its memory is released when the operation ends",
                    stopTime.toSeconds());
            publication.discardDraft();
        }
    }

    private void cancelJobsOf(VideoModel gone) {
        for (Job job : openJobs()) {
            if (job.work().model().equals(gone)) {
                log.warn(
                        "Generation {} is cancelled: its model {} goes",
                        job.id(),
                        gone.descriptor().name());
                job.cancel();
            }
        }
    }

    /** {@return the jobs that have not ended, the running one first} */
    private List<Job> openJobs() {
        List<Job> open = new ArrayList<>();
        synchronized (jobs) {
            jobs.descendingIterator().forEachRemaining(job -> {
                if (!(job.state() instanceof JobState.Ended)) {
                    open.add(job);
                }
            });
        }
        return open;
    }

    private void run(Job job) {
        if (job.start()) {
            job.end(generate(job));
        }
    }

    private JobState.Ended generate(Job job) {
        try {
            Publication.Stored stored = Blame.on(
                    Reason.INTERNAL, "asset " + job.id() + " cannot be made", () -> make(job.work(), job.monitor()));
            job.storedIn(stored.store());
            return new JobState.Completed(stored.asset());
        } catch (GenerationCancelledException e) {
            return new JobState.Cancelled();
        } catch (GenerationException e) {
            if (job.monitor().cancelled()) {
                return new JobState.Cancelled();
            }
            // a message may quote what others wrote, such as the name of a folder
            String message = PrintableText.of(String.valueOf(e.getMessage()));
            log.warn("Generation {} failed ({}): {}", job.id(), e.reason().label(), message);
            if (e.reason() == Reason.INTERNAL && e.getCause() != null) {
                log.warn("Generation {} failed within", job.id(), e.getCause());
            }
            return new JobState.Failed(e);
        }
    }

    private Publication.Stored make(ResolvedRequest work, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        try (Publication.Draft draft = publication.begin(work.order(), monitor)) {
            Produced clip = production.produce(
                    work.order(),
                    work.model(),
                    draft.directory(),
                    workFolders.of(work.order().id()),
                    monitor);
            return draft.publish(clip, monitor);
        } finally {
            workFolders.delete(work.order().id());
        }
    }

    private void forgetOldJobs() {
        int ended = 0;
        for (var each = jobs.iterator(); each.hasNext(); ) {
            if (each.next().state() instanceof JobState.Ended && ++ended > MAX_ENDED_JOBS) {
                each.remove();
            }
        }
    }
}
