package org.patchreel.impl.generator;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.label.LabelConfiguration;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.impl.storyboard.StoryboardText;
import org.patchreel.impl.verify.Takedowns;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.Submission;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests, which a {@link Dispatcher} queues and keeps in the register, and a {@link Workshop} makes. Jobs outlive the
 * process: those that an earlier one has left go on when this component is activated, in a process that is a host, where
 * {@link JobResumption} sees to it.
 */
@Component(service = {VideoGenerator.class, JobControl.class})
public final class QueuedVideoGenerator implements VideoGenerator, JobControl {

    private static final Logger log = LoggerFactory.getLogger(QueuedVideoGenerator.class);

    /** How long the running generation may take to notice that it is stopped: containers are killed after 10 seconds. */
    private static final Duration STOP_TIME = Duration.ofSeconds(8);

    private final InstalledModels models;
    private final RequestResolver resolver;
    private final Labelling labelling;
    private final PromptExpanders expanders;
    private final Admission admission;
    private final Audit audit;
    private final CurrentStore stores;
    private final WorkFolders workFolders;
    private final JobRegister register;
    private final JobsConfiguration configuration;
    private final Dispatcher dispatcher;
    private final Workshop workshop;
    private final Estimates estimates;
    private final JobIds ids;
    private final InstantSource clock;
    private final Duration stopTime;

    /** The one instance, because it is removed as well as added. */
    private final Consumer<VideoModel> withdrawalListener;

    /**
     * Creates the service.
     *
     * @param context names the version and the home folder
     * @param models of the installation
     * @param expanders rewrite prompts
     * @param policies may refuse requests
     * @param checks look at frames
     * @param stores knows the store that takes the clips
     * @param sources finds pictures and clips that requests refer to
     * @param origins says where those are from
     * @param encoders encode them
     * @param provenance marks and signs them
     * @param events tell of the jobs
     * @param register keeps the jobs
     * @param configuration of the jobs
     * @param statistics of the clips
     * @param previews show what is made
     * @param labels of clips, as configured
     * @param audit keeps a record
     * @param takedowns knows what is not made again
     */
    @Activate
    public QueuedVideoGenerator(
            BundleContext context,
            @Reference InstalledModels models,
            @Reference PromptExpanders expanders,
            @Reference PromptPolicies policies,
            @Reference OutputChecks checks,
            @Reference CurrentStore stores,
            @Reference SourceFiles sources,
            @Reference VerifiedOrigins origins,
            @Reference VideoEncoders encoders,
            @Reference SignedProvenance provenance,
            @Reference JobEvents events,
            @Reference JobRegister register,
            @Reference JobsConfiguration configuration,
            @Reference ClipStatistics statistics,
            @Reference JobPreviews previews,
            @Reference LabelConfiguration labels,
            @Reference Audit audit,
            @Reference Takedowns takedowns) {
        this(
                models,
                new RequestResolver(models, sources, new SecureRandom()),
                new Labelling(labels::label, stores),
                expanders,
                new Admission(audit, takedowns, policies, checks, models::licence),
                audit,
                checks,
                stores,
                new Production(() -> new MediaSinks(encoders.configured(), previews), provenance, sources),
                new Publication(
                        stores,
                        provenance,
                        sources,
                        origins,
                        new Admission(audit, takedowns, policies, checks, models::licence),
                        audit,
                        context.getBundle().getVersion().toString(),
                        InstantSource.system()),
                new WorkFolders(HomeFolder.of(context).resolve("work")),
                events,
                register,
                configuration,
                statistics,
                previews,
                InstantSource.system(),
                STOP_TIME);
    }

    QueuedVideoGenerator(
            InstalledModels models,
            RequestResolver resolver,
            Labelling labelling,
            PromptExpanders expanders,
            Admission admission,
            Audit audit,
            OutputChecks checks,
            CurrentStore stores,
            Production production,
            Publication publication,
            WorkFolders workFolders,
            JobEvents events,
            JobRegister register,
            JobsConfiguration configuration,
            ClipStatistics statistics,
            JobPreviews previews,
            InstantSource clock,
            Duration stopTime) {
        this.models = models;
        this.resolver = resolver;
        this.labelling = labelling;
        this.expanders = expanders;
        this.admission = admission;
        this.audit = audit;
        this.stores = stores;
        this.workFolders = workFolders;
        this.register = register;
        this.configuration = configuration;
        this.clock = clock;
        this.stopTime = stopTime;
        this.estimates = new Estimates(stores);
        this.ids = new JobIds(clock, new SecureRandom());
        this.dispatcher = new Dispatcher(register, configuration, models, events, audit, workFolders, clock);
        this.workshop = new Workshop(
                dispatcher,
                register,
                configuration,
                models,
                stores,
                production,
                checks,
                audit,
                publication,
                workFolders,
                estimates,
                statistics,
                previews);
        this.withdrawalListener = this::leave;
        models.addWithdrawalListener(withdrawalListener);
        restore();
        workshop.begin();
    }

    private void restore() {
        if (!register.isHost()) {
            return;
        }
        try {
            dispatcher.restore();
            workFolders.deleteAbandoned(clock, dispatcher.unfinished());
        } catch (IOException e) {
            log.error("The jobs of earlier runs are not there: {}", e.getMessage());
        }
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
        Optional<Job> alive = dispatcher.alive(id);
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
        checkIsNotElsewhere(id);
        return queue(id, request, by);
    }

    private void checkIsNotElsewhere(String id) throws GenerationException {
        try {
            if (dispatcher.elsewhere(id).isPresent()) {
                throw new GenerationException(
                        Reason.BUSY, "job " + id + " is made by another process; its clip will be there soon");
            }
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "job " + id + " cannot be looked up: " + e.getMessage(), e);
        }
    }

    private GenerationJob queue(String id, GenerationRequest request, Requester by) throws GenerationException {
        ResolvedRequest work = expanders.expand(resolve(id, request), request.shots());
        Submission submission = new Submission(request, by, work.order().modelPrompts());
        JobRecord record = JobRecord.submitted(
                id,
                by,
                new JobRecord.Subject(work.order().model(), work.order().prompt()),
                clock.instant(),
                estimates.of(work));
        PolicyDecision decision = admission.decide(submission, work.order(), by);
        try {
            return queue(decision, record, request, work);
        } catch (GenerationException e) {
            audit.note(id, Requester.UNKNOWN, new AuditAction.Failed(e.reason().label(), e.getMessage()));
            throw e;
        }
    }

    private GenerationJob queue(
            PolicyDecision decision, JobRecord record, GenerationRequest request, ResolvedRequest work)
            throws GenerationException {
        String id = record.id();
        return decision.<GenerationJob, GenerationException>fold(
                allowed -> dispatcher.add(record, request, work),
                refused -> {
                    log.info("Generation {} was refused by the rule {}", id, refused.rule());
                    return dispatcher.addRefused(
                            record, request, work, new JobState.Refused(refused.rule(), refused.explanation()));
                },
                held -> {
                    log.info("Generation {} is held by the rule {}", id, held.rule());
                    return dispatcher.add(record.held(held.rule(), held.explanation()), request, work);
                });
    }

    @Override
    public void check(GenerationRequest request) throws GenerationException {
        resolve(ids.next(), request);
    }

    private ResolvedRequest resolve(String id, GenerationRequest request) throws GenerationException {
        Objects.requireNonNull(request, "request").rights().requireCurrent(clock.instant());
        return labelling.labelled(resolver.resolve(id, request));
    }

    @Override
    public PlannedClip plan(GenerationRequest request) throws GenerationException {
        ResolvedRequest work = resolve(ids.next(), request);
        WorkOrder order = work.order();
        List<PlannedClip.PlannedShot> shots = work.planned();
        try {
            Optional<Duration> time =
                    TimeEstimate.by(work.model(), stores.get()).of(shots, order.format());
            return new PlannedClip(
                    order.model(), order.generated(), order.format(), shots, time, time.flatMap(this::cost));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "the clips cannot be listed: " + e.getMessage(), e);
        }
    }

    private Optional<AssetMetadata.Cost> cost(Duration time) {
        try {
            return configuration.get().price().map(price -> price.of(time));
        } catch (ConfigurationException e) {
            return Optional.empty(); // no job begins before it is put right
        }
    }

    @Override
    public Storyboard storyboard(String name, String text) {
        return StoryboardText.read(Objects.requireNonNull(name, "name"), Objects.requireNonNull(text, "text"));
    }

    @Override
    public Optional<StoredAsset> asset(String id) throws IOException {
        Objects.requireNonNull(id, "id");
        // a clip stays in the store in which it was begun, though another is the current one by now
        Optional<AssetStore> own = dispatcher.alive(id).flatMap(Job::store);
        return own.isPresent() ? own.get().find(id) : stores.get().find(id);
    }

    @Override
    public List<AssetReference> assets() throws IOException {
        return stores.get().list();
    }

    @Override
    public boolean delete(String id) throws IOException {
        return delete(id, Requester.UNKNOWN);
    }

    @Override
    public boolean delete(String id, Requester by) throws IOException {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(by, "by");
        AssetStore store = stores.get();
        if (store.find(id).isEmpty()) {
            return false;
        }
        audit.record(id, by, new AuditAction.Deleted());
        return store.delete(id);
    }

    @Override
    public List<GenerationJob> jobs() {
        return dispatcher.jobs();
    }

    @Override
    public Optional<GenerationJob> job(String id) {
        return dispatcher.find(Objects.requireNonNull(id, "id"));
    }

    @Override
    public void pause(boolean paused) throws IOException {
        register.pause(paused);
        dispatcher.wake();
    }

    @Override
    public void cancel(String id, Requester by) throws IOException {
        Optional<String> ended = cancelUnlessEnded(id, by);
        if (ended.isPresent()) {
            throw new IllegalArgumentException("job " + id + " has ended: " + ended.get());
        }
    }

    /** {@return how a job had ended already; empty if it is cancelled, or will be} */
    private Optional<String> cancelUnlessEnded(String id, Requester by) throws IOException {
        Optional<Job> here = dispatcher.alive(id);
        if (here.isPresent()) {
            JobState state = here.get().state();
            if (!(state instanceof JobState.Ended)) {
                audit.note(id, by, new AuditAction.CancellationRequested());
            }
            here.get().cancel();
            return state instanceof JobState.Ended ? Optional.of(state.name()) : Optional.empty();
        }
        RegisteredState before = register.find(id)
                .orElseThrow(() -> new IllegalArgumentException("no such job: " + id))
                .status()
                .state();
        if (before.isEnded()) {
            return Optional.of(before.label());
        }
        audit.note(id, by, new AuditAction.CancellationRequested());
        if (register.cancel(id, clock.instant()).status().state() == RegisteredState.CANCELLED) {
            workFolders.delete(id);
        }
        return Optional.empty();
    }

    @Override
    public int cancelAllOf(String user, Requester by) throws IOException {
        int cancelled = 0;
        List<JobRecord> open = register.list(new JobFilter(
                EnumSet.of(RegisteredState.QUEUED, RegisteredState.WAITING, RegisteredState.RUNNING),
                Optional.of(user),
                Optional.empty(),
                Integer.MAX_VALUE));
        for (JobRecord job : open) {
            if (cancelUnlessEnded(job.id(), by).isEmpty()) {
                cancelled++;
            }
        }
        return cancelled;
    }

    @Override
    public GenerationJob retry(String id, Requester by) throws GenerationException {
        Optional<Job> alive = dispatcher.alive(id);
        if (alive.isPresent()) {
            throw new IllegalArgumentException(
                    "job " + id + " is " + alive.get().state().name());
        }
        try {
            JobRecord record = register.find(id).orElseThrow(() -> new IllegalArgumentException("no such job: " + id));
            if (JobRegister.isWorkedOnElsewhere(record)) {
                throw new IllegalArgumentException("job " + id + " is one of another process");
            }
            String text = register.work(id)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "job " + id + " was refused, and what is refused is not kept: submit it again"));
            if (stores.get().find(id).isPresent()) {
                throw new IllegalArgumentException("the clip of job " + id + " is stored");
            }
            WorkOrder order = WorkOrderJson.read(text);
            JobRecord again = JobRecord.submitted(
                    id,
                    record.by(),
                    record.subject(),
                    clock.instant(),
                    record.device().estimated());
            Submission submission = new Submission(RestoredRequest.of(order), record.by(), order.modelPrompts());
            return admission
                    .decide(submission, order, by)
                    .<GenerationJob, GenerationException>fold(
                            allowed -> dispatcher.addAgain(again, text),
                            refused -> {
                                throw new IllegalArgumentException(
                                        "refused by rule " + refused.rule() + ": " + refused.explanation());
                            },
                            held -> dispatcher.addAgain(again.held(held.rule(), held.explanation()), text));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "job " + id + " cannot be tried again: " + e.getMessage(), e);
        }
    }

    @Override
    public void release(String id, Requester by) throws IOException {
        dispatcher.move(id, job -> {
            audit.record(id, by, new AuditAction.Released());
            return register.release(job);
        });
        log.info("Generation {} was released", id);
    }

    @Override
    public Optional<byte[]> heldPicture(String id) throws IOException {
        return new HeldClips(workFolders).picture(id);
    }

    @Override
    public void moveToFront(String id) throws IOException {
        dispatcher.move(id, register::moveToFront);
    }

    @Override
    public void prioritise(String id, int priority) throws IOException {
        dispatcher.move(id, job -> register.prioritise(job, priority));
    }

    /**
     * Stops the jobs: the running one may go on for a configured time, then it is returned to the queue, where it and those that
     * wait stay for the next run. If it is held up in native code for longer than a host would wait, its draft is discarded here;
     * the job ends when that code returns.
     */
    @Deactivate
    void close() throws InterruptedException, IOException {
        models.removeWithdrawalListener(withdrawalListener);
        workshop.stop(drain(), stopTime);
    }

    private Duration drain() {
        try {
            return configuration.get().patience().drain();
        } catch (ConfigurationException e) {
            return Duration.ZERO;
        }
    }

    /** Jobs of a model that goes wait for it to come back, or another one of its name; the running one, too. */
    private void leave(VideoModel gone) {
        log.info("The model {} goes: its jobs wait for it", gone.descriptor().name());
        dispatcher.leave(gone);
        workshop.leave(gone);
    }
}
