package org.patchreel.sling;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.sling.event.jobs.Job;
import org.apache.sling.event.jobs.consumer.JobExecutionContext;
import org.apache.sling.event.jobs.consumer.JobExecutionResult;
import org.apache.sling.event.jobs.consumer.JobExecutor;
import org.apache.sling.jcr.api.SlingRepository;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.Destination;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.GenerateClipStep;
import org.patchreel.workflow.StepState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the clip of a <a
 * href="https://sling.apache.org/documentation/bundles/apache-sling-eventing-and-job-handling.html">Sling job</a> of the
 * topic {@value JobArguments#TOPIC}; {@link JobArguments} says which properties it takes. A job that succeeded has the
 * clip's path as its result message. One that failed has the reason, and is tried again only if it can succeed then. The
 * clip's ID comes from the job's, so that a job which is executed again, after a crash or because the bundle was updated
 * meanwhile, makes no second clip.
 */
@Component(service = JobExecutor.class, property = JobExecutor.PROPERTY_TOPICS + "=" + JobArguments.TOPIC)
public final class GenerateJobExecutor implements JobExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(GenerateJobExecutor.class);

    /** Failures that are worth another try: somebody can fix the cause, or it is transient. */
    private static final Set<String> RETRYABLE = Set.of(
            StepState.Failed.NO_GENERATOR,
            Reason.NO_MODEL.label(),
            Reason.PROMPT.label(),
            Reason.DEVICE.label(),
            Reason.MEMORY.label(),
            Reason.PROVENANCE.label(),
            Reason.STORAGE.label(),
            Reason.BUSY.label());

    private static final Duration FIRST_DELAY = Duration.ofSeconds(30);

    /** 30 seconds times 2^7 is an hour. */
    private static final int MAX_DOUBLINGS = 7;

    private final SlingRepository repository;
    private final SlingAssetStore store;
    private final GenerateClipStep step;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable VideoGenerator generator;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable SourceStore sources;

    /**
     * Creates the executor.
     *
     * @param repository holds what jobs work on
     * @param store takes the clips
     */
    @Activate
    public GenerateJobExecutor(@Reference SlingRepository repository, @Reference SlingAssetStore store) {
        this.repository = repository;
        this.store = store;
        this.step = new GenerateClipStep(() -> Optional.ofNullable(generator), () -> Optional.ofNullable(sources));
    }

    GenerateJobExecutor(
            SlingRepository repository,
            SlingAssetStore store,
            @Nullable VideoGenerator generator,
            @Nullable SourceStore sources) {
        this(repository, store);
        this.generator = generator;
        this.sources = sources;
    }

    void generator(@Nullable VideoGenerator present) {
        this.generator = present;
    }

    void sources(@Nullable SourceStore present) {
        this.sources = present;
    }

    /** Waits no longer for what runs. It goes on, and Sling executes its jobs again when an executor is there, which finds it. */
    @Deactivate
    void stop() {
        step.stop();
    }

    @Override
    public JobExecutionResult process(Job job, JobExecutionContext context) {
        String id = JobArguments.assetId(job.getId());
        JobPayload payload = new JobPayload(repository, job);
        try {
            GenerateClipInput input = JobArguments.input(job);
            Optional<StoredAsset> stored = store.find(id);
            if (stored.isPresent()) {
                return succeeded(stored.get(), context);
            }
            Destination destination = input.destination(payload);
            try {
                store.checkFolder(store.folder(destination));
            } catch (FileSystemException e) {
                // Nothing was generated yet, and whoever asked for this folder has to choose another, or get
                // permission.
                return refused(job, context, Reason.STORAGE.label() + ": " + message(e));
            }
            StepState.Outcome outcome = step.run(
                    id, input, payload, JobArguments.requester(job), new JobProgress(context, System::nanoTime));
            return result(job, context, outcome, destination);
        } catch (IllegalArgumentException e) {
            return refused(job, context, StepState.Failed.ARGUMENTS + ": " + message(e));
        } catch (IOException e) {
            return failed(job, context, Reason.STORAGE.label() + ": " + message(e));
        }
    }

    private JobExecutionResult result(
            Job job, JobExecutionContext context, StepState.Outcome outcome, Destination destination)
            throws IOException {
        return outcome.<JobExecutionResult, IOException>fold(
                generated -> succeeded(keep(generated.asset(), destination), context),
                refusal -> refused(job, context, "refused by the rule " + refusal.rule() + ": " + refusal.comment()),
                failure -> {
                    String message = failure.reason() + ": " + failure.comment();
                    return RETRYABLE.contains(failure.reason())
                            ? failed(job, context, message)
                            : refused(job, context, message);
                },
                // Not stopped by a person: the generator or this executor goes away, an update perhaps.
                cancelled -> context.isStopped()
                        ? context.result()
                                .message("cancelled: " + cancelled.comment())
                                .cancelled()
                        : failed(job, context, "interrupted: " + cancelled.comment()));
    }

    private StoredAsset keep(StoredAsset generated, Destination destination) throws IOException {
        String id = generated.reference().id();
        if (store.find(id).isEmpty()) {
            ClipImport.copy(generated, destination, store);
        }
        return store.find(id).orElseThrow(() -> new IOException("asset " + id + " was deleted at once"));
    }

    private static JobExecutionResult succeeded(StoredAsset asset, JobExecutionContext context) {
        return context.result().message(asset.reference().location().getPath()).succeeded();
    }

    /** What others wrote must not become lines of its own in the log. */
    private static void warn(Job job, String message) {
        LOG.warn("Job {}: {}", job.getId(), message.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " "));
    }

    /** Ends the job for good. */
    private static JobExecutionResult refused(Job job, JobExecutionContext context, String message) {
        warn(job, message);
        return context.result().message(message).cancelled();
    }

    /** Has the job executed again after a while, longer each time, as often as the queue allows. */
    private static JobExecutionResult failed(Job job, JobExecutionContext context, String message) {
        warn(job, message);
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(job.getRetryCount(), MAX_DOUBLINGS));
        return context.result().message(message).failed(delay.toMillis());
    }

    private static String message(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
