package org.patchreel.impl.generator;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues requests and lets one thread work them off: a model fills the machine alone. When a model goes, its jobs are
 * cancelled.
 */
@Component(service = VideoGenerator.class)
public final class QueuedVideoGenerator implements VideoGenerator {

    private static final Logger log = LoggerFactory.getLogger(QueuedVideoGenerator.class);

    /** So many ended jobs are remembered. */
    private static final int REMEMBERED = 100;

    /** A denoising step of a large model on a small machine can take this long. */
    private static final int STOP_SECONDS = 60;

    private final InstalledModels models;
    private final RequestResolver resolver;
    private final GenerationPipeline pipeline;
    private final JobEvents events;
    private final JobIds ids;
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
     * @param context names the version
     * @param models of the installation
     * @param store takes the clips
     * @param encoders encode them
     * @param provenance marks and signs them
     * @param events tell of the jobs
     */
    @Activate
    public QueuedVideoGenerator(
            BundleContext context,
            @Reference InstalledModels models,
            @Reference AssetStore store,
            @Reference VideoEncoders encoders,
            @Reference SignedProvenance provenance,
            @Reference JobEvents events) {
        this(
                models,
                new RequestResolver(models, new SecureRandom()),
                new GenerationPipeline(
                        store,
                        new MediaSinks(encoders),
                        provenance,
                        context.getBundle().getVersion().toString(),
                        InstantSource.system()),
                events);
    }

    QueuedVideoGenerator(
            InstalledModels models, RequestResolver resolver, GenerationPipeline pipeline, JobEvents events) {
        this.models = models;
        this.resolver = resolver;
        this.pipeline = pipeline;
        this.events = events;
        this.ids = new JobIds(InstantSource.system(), new SecureRandom());
        this.withdrawalListener = this::cancelJobsOf;
        models.addWithdrawalListener(withdrawalListener);
    }

    @Override
    public GenerationJob submit(GenerationRequest request) throws GenerationException {
        GenerationPlan plan = resolver.resolve(request);
        synchronized (jobs) {
            if (closed) {
                throw new IllegalStateException("the video generator has stopped");
            }
            Job job = new Job(ids.next(), request, plan, events);
            jobs.addFirst(job);
            forgetOldJobs();
            job.queued();
            worker.execute(() -> run(job));
            return job;
        }
    }

    @Override
    public List<GenerationJob> jobs() {
        synchronized (jobs) {
            return List.copyOf(jobs);
        }
    }

    /** Cancels all jobs and waits until the running one has cleared away what it made. */
    @Deactivate
    void close() throws InterruptedException {
        models.removeWithdrawalListener(withdrawalListener);
        synchronized (jobs) {
            closed = true;
        }
        openJobs().forEach(Job::cancel);
        worker.shutdown();
        if (!worker.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            log.warn("The running generation did not stop within {} seconds", STOP_SECONDS);
        }
    }

    /** A model waits, before it goes, for the generation that uses it. */
    private void cancelJobsOf(VideoModel gone) {
        openJobs().stream().filter(job -> job.plan().model().equals(gone)).forEach(Job::cancel);
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
            AssetReference asset = pipeline.run(job.id(), job.plan(), job.monitor());
            return new JobState.Completed(asset);
        } catch (GenerationCancelledException e) {
            return new JobState.Cancelled();
        } catch (GenerationException e) {
            if (job.monitor().cancelled()) {
                return new JobState.Cancelled();
            }
            if (e.reason() == Reason.INTERNAL) {
                log.warn("Generation {} failed", job.id(), e);
            } else {
                log.warn("Generation {} failed ({}): {}", job.id(), e.reason().label(), e.getMessage());
            }
            return new JobState.Failed(e);
        }
    }

    private void forgetOldJobs() {
        int ended = 0;
        for (var each = jobs.iterator(); each.hasNext(); ) {
            if (each.next().state() instanceof JobState.Ended && ++ended > REMEMBERED) {
                each.remove();
            }
        }
    }
}
