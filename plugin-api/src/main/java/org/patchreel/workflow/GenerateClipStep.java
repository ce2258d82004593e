package org.patchreel.workflow;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.GenerationMonitor;

/**
 * The step that makes a clip. What goes wrong is an outcome and never an exception: a workflow engine needs a reason for
 * its history. A host that polls calls {@link #start} once and {@link #state} until an outcome comes; a host whose steps
 * may block calls {@link #run}.
 *
 * <p>The step keeps nothing itself. The ID that the adapter chooses for each execution, and keeps with the workflow, is all
 * that is needed to go on after a restart: the clip of an ID is made once. Safe for use from any thread.
 */
public final class GenerateClipStep {

    /** A monitor says that it wants to stop only when it is asked. */
    private static final int CANCELLATION_CHECK_MILLIS = 200;

    private final Supplier<Optional<VideoGenerator>> generators;
    private final Supplier<Optional<SourceStore>> sources;
    private volatile boolean stopped;

    /**
     * Creates the step.
     *
     * @param generators gives the generator that is there at the time, asked anew for each call
     * @param sources gives the store for the pictures and clips that arguments name, in the same way; asked only if there are
     *     some
     */
    public GenerateClipStep(Supplier<Optional<VideoGenerator>> generators, Supplier<Optional<SourceStore>> sources) {
        this.generators = generators;
        this.sources = sources;
    }

    /**
     * Starts the job of an execution, or finds it if it was started before.
     *
     * @param id of the execution: 1 to 64 letters and digits; also the asset's ID
     * @param input the step's arguments
     * @param payload what the workflow works on
     * @param by who has started the workflow, as far as the host knows
     * @return where the step stands now
     */
    public StepState start(String id, GenerateClipInput input, StepPayload payload, Requester by) {
        Optional<VideoGenerator> generator = generators.get();
        if (generator.isEmpty()) {
            return noGenerator();
        }
        boolean reads = input.storyboard() || !input.sources().isEmpty();
        Optional<SourceStore> store = reads ? sources.get() : Optional.empty();
        if (store.isEmpty() && !input.sources().isEmpty()) {
            return noSourceStore(input.sources().get(0).argument());
        }
        try {
            return state(
                    generator.get(),
                    generator.get().submit(id, input.request(payload, store, generator.get()::storyboard), by));
        } catch (IllegalArgumentException e) {
            return new StepState.Failed(StepState.Failed.ARGUMENTS, inOneLine(e));
        } catch (GenerationException e) {
            return failed(e);
        } catch (IOException e) {
            String what = !reads
                    ? "the payload cannot be read: "
                    : "the payload, or a picture or clip, cannot be read or kept: ";
            return new StepState.Failed(StepState.Failed.ARGUMENTS, what + inOneLine(e));
        } catch (IllegalStateException e) {
            // It stopped between the two calls, or only the storyboard has said that it has pictures.
            return input.storyboard() && store.isEmpty() ? noSourceStore("the storyboard") : noGenerator();
        }
    }

    /**
     * Looks how far an execution is. If the process was restarted in between, the job begins again, or its clip is found if
     * it was stored already.
     *
     * @param id as given to {@link #start}
     * @param input as given to {@link #start}
     * @param payload as given to {@link #start}
     * @param by as given to {@link #start}
     * @return where the step stands now
     */
    public StepState state(String id, GenerateClipInput input, StepPayload payload, Requester by) {
        Optional<VideoGenerator> generator = generators.get();
        Optional<GenerationJob> job = generator.flatMap(present -> present.job(id));
        return job.isPresent() ? state(generator.get(), job.get()) : start(id, input, payload, by);
    }

    /**
     * Cancels an execution: nothing of it remains, unless its clip was stored already. Does nothing if there is no such job.
     *
     * @param id as given to {@link #start}
     */
    public void cancel(String id) {
        generators.get().flatMap(generator -> generator.job(id)).ifPresent(GenerationJob::cancel);
    }

    /**
     * Executes the step and blocks until its outcome.
     *
     * @param id as given to {@link #start}
     * @param input as given to {@link #start}
     * @param payload as given to {@link #start}
     * @param by as given to {@link #start}
     * @param monitor receives every progress of the job and is asked for cancellation several times a second, from this thread
     * @return the outcome; {@link StepState.Cancelled} soon after the monitor says so, which cancels the job, and also after {@link
     *     #stop} or an interrupt of this thread, which do not: the job goes on, and another call with its ID waits for it again. The
     *     interrupt status is kept
     */
    public StepState.Outcome run(
            String id, GenerateClipInput input, StepPayload payload, Requester by, GenerationMonitor monitor) {
        StepState state = start(id, input, payload, by);
        if (state instanceof StepState.Outcome outcome) {
            return outcome;
        }
        Optional<VideoGenerator> generator = generators.get();
        Optional<GenerationJob> job = generator.flatMap(present -> present.job(id));
        return job.isPresent() ? follow(generator.get(), job.get(), monitor) : generatorStopped();
    }

    @SuppressWarnings("try") // of the subscription nothing is needed but its end
    private StepState.Outcome follow(VideoGenerator generator, GenerationJob job, GenerationMonitor monitor) {
        BlockingQueue<JobState> states = new LinkedBlockingQueue<>();
        try (GenerationJob.Subscription subscription = job.observe(states::add)) {
            while (generators.get().equals(Optional.of(generator))) {
                if (stopped) {
                    return stepStopped();
                }
                @Nullable JobState state = states.poll(CANCELLATION_CHECK_MILLIS, TimeUnit.MILLISECONDS);
                if (state instanceof JobState.Ended ended) {
                    return outcome(generator, job.id(), ended);
                } else if (state instanceof JobState.Running running) {
                    monitor.progress(running.progress());
                }
                if (monitor.cancelled()) {
                    job.cancel();
                    return workflowStopped();
                }
            }
            return generatorStopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return stepStopped();
        }
    }

    /**
     * Ends all calls of {@link #run} soon, now and later: for an adapter that is stopped, because it is updated perhaps. Their jobs
     * go on.
     */
    public void stop() {
        stopped = true;
    }

    private static StepState.Outcome stepStopped() {
        return new StepState.Cancelled(
                "the step was stopped while the clip was made; the generation goes on, and is waited for when the step is"
                        + " executed again");
    }

    private static StepState.Outcome workflowStopped() {
        return new StepState.Cancelled("the workflow was stopped while the clip was made");
    }

    private static StepState.Outcome generatorStopped() {
        return new StepState.Cancelled(
                "the video generator was stopped while the clip was made; it goes on when the generator is back");
    }

    private static StepState state(VideoGenerator generator, GenerationJob job) {
        return job.state()
                .fold(
                        queued -> new StepState.Waiting(),
                        waiting -> new StepState.Waiting(),
                        running -> new StepState.Working(running.progress()),
                        ended -> outcome(generator, job.id(), ended));
    }

    private static StepState.Outcome outcome(VideoGenerator generator, String id, JobState.Ended ended) {
        return ended.fold(
                completed -> generated(generator, id),
                refused -> new StepState.Refused(refused.rule(), refused.explanation()),
                failed -> failed(failed.cause()),
                cancelled -> new StepState.Cancelled("the generation was cancelled"),
                suspended -> generatorStopped());
    }

    private static StepState.Outcome generated(VideoGenerator generator, String id) {
        try {
            Optional<StoredAsset> asset = generator.asset(id);
            return asset.isPresent()
                    ? new StepState.Generated(asset.get())
                    : new StepState.Failed(Reason.STORAGE.label(), "asset " + id + " was deleted after it was made");
        } catch (IOException e) {
            return new StepState.Failed(Reason.STORAGE.label(), "asset " + id + " cannot be read: " + inOneLine(e));
        }
    }

    private static StepState.Outcome failed(GenerationException failure) {
        return new StepState.Failed(failure.reason().label(), inOneLine(failure));
    }

    private static StepState.Outcome noGenerator() {
        return new StepState.Failed(
                StepState.Failed.NO_GENERATOR,
                "no video generator is there: install Patchreel's plugin and a model in this framework, or connect one"
                        + " that runs on another machine");
    }

    private static StepState.Outcome noSourceStore(String needed) {
        return new StepState.Failed(
                StepState.Failed.NO_GENERATOR,
                "no source store is there, which " + needed + " needs: Patchreel's plugin in this framework has one");
    }

    private static String inOneLine(Throwable failure) {
        // it may quote what others wrote, and goes into logs and histories
        String message = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        return message.lines().findFirst().orElse(message).replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
    }
}
