package org.patchreel.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import org.patchreel.api.DeviceUsage;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobPage;
import org.patchreel.api.JobQuery;
import org.patchreel.api.JobState;
import org.patchreel.api.JobSummary;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Jobs;
import org.patchreel.api.Requester;

/** The jobs of a {@link ScriptedGenerator}, for interfaces to other machines. Safe for use from any thread. */
public final class ScriptedJobs implements Jobs {

    private final ScriptedGenerator generator;

    /** What was asked for under each ID; guarded by this. */
    private final Map<String, byte[]> submissions = new HashMap<>();

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Creates a view.
     *
     * @param generator has the jobs
     */
    public ScriptedJobs(ScriptedGenerator generator) {
        this.generator = generator;
    }

    private static JobSummary summary(GenerationJob job) {
        JobState state = job.state();
        JobSummary.Status status = state.fold(
                queued -> status(State.QUEUED, "", ""),
                waiting -> status(State.WAITING, "", waiting.reason()),
                running -> new JobSummary.Status(State.RUNNING, "", "", Optional.of(running.progress())),
                ended -> ended.fold(
                        completed -> status(
                                State.COMPLETED,
                                "",
                                completed.asset().location().toString()),
                        refused -> status(State.REFUSED, refused.rule(), refused.explanation()),
                        failed -> status(
                                State.FAILED,
                                failed.cause().reason().label(),
                                failed.cause().getMessage()),
                        cancelled -> status(State.CANCELLED, "", ""),
                        suspended -> status(State.QUEUED, "", "")));
        return new JobSummary(
                job.id(),
                job.requester(),
                new JobSummary.Subject("starter", job.request().shots().get(0).prompt()),
                status,
                new JobSummary.Times(Instant.EPOCH, Optional.empty(), Optional.empty()),
                new JobSummary.Effort(1, 0, false, Optional.empty(), Duration.ZERO));
    }

    private static JobSummary.Status status(State state, String reason, String message) {
        return new JobSummary.Status(state, reason, message, Optional.<GenerationProgress>empty());
    }

    @Override
    public JobPage list(JobQuery query) {
        return new JobPage(
                generator.jobs().stream()
                        .map(ScriptedJobs::summary)
                        .limit(query.limit())
                        .toList(),
                OptionalLong.empty());
    }

    @Override
    public Optional<JobSummary> find(String id) {
        return generator.job(id).map(ScriptedJobs::summary);
    }

    @Override
    public Map<State, Long> counts() {
        Map<State, Long> counts = new EnumMap<>(State.class);
        Arrays.stream(State.values()).forEach(state -> counts.put(state, 0L));
        generator.jobs().forEach(job -> counts.merge(summary(job).status().state(), 1L, Long::sum));
        return counts;
    }

    @Override
    public synchronized JobSummary submit(String id, GenerationRequest request, Requester by)
            throws GenerationException, ConflictException {
        byte[] asked = request.canonical();
        byte[] before = submissions.putIfAbsent(id, asked);
        if (before != null && !Arrays.equals(before, asked)) {
            throw new ConflictException("job " + id + " was submitted with another request");
        }
        return told(generator.submit(id, request, by));
    }

    @Override
    public JobSummary submit(GenerationRequest request, Requester by) throws GenerationException {
        return told(generator.submit(request, by));
    }

    @Override
    public Optional<JobSummary> cancel(String id) throws ConflictException {
        Optional<GenerationJob> job = generator.job(id);
        if (job.isPresent() && job.get().state() instanceof JobState.Ended ended) {
            throw new ConflictException("job " + id + " is " + ended.name());
        }
        job.ifPresent(GenerationJob::cancel);
        return find(id);
    }

    /** Nothing is held here. */
    @Override
    public Optional<JobSummary> release(String id) throws ConflictException {
        if (generator.job(id).isEmpty()) {
            return Optional.empty();
        }
        throw new ConflictException("job " + id + " does not wait to be released");
    }

    @Override
    public Optional<JobSummary> retry(String id) throws ConflictException, GenerationException {
        Optional<GenerationJob> job = generator.job(id);
        if (job.isEmpty()) {
            return Optional.empty();
        }
        JobState state = job.get().state();
        if (!(state instanceof JobState.Failed) && !(state instanceof JobState.Cancelled)) {
            throw new ConflictException("job " + id + " is " + state.name());
        }
        return Optional.of(told(generator.again(id)));
    }

    @Override
    public Optional<byte[]> preview(String id) {
        return Optional.empty();
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public void pause(boolean paused) {
        throw new UnsupportedOperationException("nothing waits here");
    }

    /** Tells that a job was submitted and that it has ended, in threads of its own. */
    @Override
    public GenerationJob.Subscription observe(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private JobSummary told(GenerationJob job) {
        Runnable change = () -> listeners.forEach(listener -> listener.accept(job.id()));
        ForkJoinPool.commonPool().execute(change);
        job.ended().thenRunAsync(change); // never in the thread that ends it, which holds the generator's lock
        return summary(job);
    }

    @Override
    public List<DeviceUsage> usage(DeviceUsage.Kind by, LocalDate since) {
        return List.of();
    }
}
