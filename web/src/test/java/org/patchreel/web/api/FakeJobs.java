package org.patchreel.web.api;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.DeviceUsage;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobPage;
import org.patchreel.api.JobQuery;
import org.patchreel.api.JobSummary;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Jobs;
import org.patchreel.api.Requester;

/** Jobs that stand where a test puts them. */
final class FakeJobs implements Jobs {

    static final Instant SUBMITTED = Instant.parse("2026-11-30T08:00:00Z");

    private record Entry(long number, JobSummary job, GenerationRequest request) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    final Map<String, byte[]> previews = new HashMap<>();
    private final List<Consumer<String>> observers = new CopyOnWriteArrayList<>();
    private long number;
    private boolean paused;

    /** Thrown by the next submission, if it is set. */
    @Nullable
    Exception refusal;

    /** Whether the register cannot be read. */
    boolean broken;

    private static JobSummary summary(String id, Requester by, GenerationRequest request, JobSummary.Status status) {
        return new JobSummary(
                id,
                by,
                new JobSummary.Subject(
                        request.model().orElse("starter"),
                        request.shots().get(0).prompt()),
                status,
                new JobSummary.Times(
                        SUBMITTED,
                        status.state() == State.QUEUED ? Optional.empty() : Optional.of(SUBMITTED.plusSeconds(1)),
                        status.state().isEnded() ? Optional.of(SUBMITTED.plusSeconds(2)) : Optional.empty()),
                new JobSummary.Effort(0, 0, false, Optional.of(Duration.ofSeconds(9)), Duration.ofMillis(1500)));
    }

    /** Moves a job, and tells the observers on this thread. */
    void move(String id, State state, String reason, String message, @Nullable GenerationProgress progress) {
        synchronized (this) {
            Entry entry = Objects.requireNonNull(entries.get(id), id);
            JobSummary.Status status = new JobSummary.Status(state, reason, message, Optional.ofNullable(progress));
            entries.put(
                    id,
                    new Entry(
                            entry.number(),
                            summary(id, entry.job().requester(), entry.request(), status),
                            entry.request()));
        }
        tell(id);
    }

    void move(String id, State state) {
        move(id, state, "", "", null);
    }

    /** Adds a job without a request over HTTP. */
    synchronized void add(String id, String user) {
        add(id, GenerationRequest.of("a red ball"), Requester.of(user));
    }

    private synchronized JobSummary add(String id, GenerationRequest request, Requester by) {
        JobSummary job = summary(id, by, request, new JobSummary.Status(State.QUEUED, "", "", Optional.empty()));
        entries.remove(id);
        entries.put(id, new Entry(++number, job, request));
        return job;
    }

    synchronized GenerationRequest request(String id) {
        return Objects.requireNonNull(entries.get(id), id).request();
    }

    synchronized int size() {
        return entries.size();
    }

    void tell(String id) {
        observers.forEach(observer -> observer.accept(id));
    }

    private void check() throws IOException {
        if (broken) {
            throw new IOException("/secret/jobs.db cannot be read");
        }
    }

    @Override
    public synchronized JobPage list(JobQuery query) throws IOException {
        check();
        List<Entry> all = new ArrayList<>(entries.values());
        Collections.reverse(all);
        List<Entry> found = all.stream()
                .filter(each -> query.states().isEmpty()
                        || query.states().contains(each.job().status().state()))
                .filter(each -> query.user().isEmpty()
                        || query.user().equals(each.job().requester().user()))
                .filter(each -> query.since()
                        .map(time -> !each.job().times().submitted().isBefore(time))
                        .orElse(true))
                .filter(each -> query.before().isEmpty()
                        || each.number() < query.before().getAsLong())
                .toList();
        List<Entry> page = found.subList(0, Math.min(query.limit(), found.size()));
        return new JobPage(
                page.stream().map(Entry::job).toList(),
                found.size() > page.size()
                        ? OptionalLong.of(page.get(page.size() - 1).number())
                        : OptionalLong.empty());
    }

    @Override
    public synchronized Optional<JobSummary> find(String id) throws IOException {
        check();
        return Optional.ofNullable(entries.get(id)).map(Entry::job);
    }

    @Override
    public synchronized Map<State, Long> counts() throws IOException {
        check();
        Map<State, Long> counts = new EnumMap<>(State.class);
        for (State state : State.values()) {
            counts.put(
                    state,
                    entries.values().stream()
                            .filter(each -> each.job().status().state() == state)
                            .count());
        }
        return counts;
    }

    @Override
    public JobSummary submit(String id, GenerationRequest request, Requester by)
            throws GenerationException, ConflictException {
        throwRefusal();
        synchronized (this) {
            Entry known = entries.get(id);
            if (known != null && !known.request().equals(request)) {
                throw new ConflictException("job " + id + " was submitted with another request");
            }
            if (known != null) {
                return known.job();
            }
        }
        JobSummary job = add(id, request, by);
        tell(id);
        return job;
    }

    private void throwRefusal() throws GenerationException {
        Exception now = refusal;
        if (now instanceof GenerationException failure) {
            throw failure;
        } else if (now instanceof RuntimeException failure) {
            throw failure;
        }
    }

    @Override
    public JobSummary submit(GenerationRequest request, Requester by) throws GenerationException {
        throwRefusal();
        JobSummary job = add("MADE" + (number + 1), request, by);
        tell(job.id());
        return job;
    }

    @Override
    public Optional<JobSummary> cancel(String id) throws ConflictException, IOException {
        Optional<JobSummary> job = find(id);
        if (job.isPresent()) {
            State state = job.get().status().state();
            if (state.isEnded()) {
                throw new ConflictException("job " + id + " is " + state.label());
            }
            if (state != State.RUNNING) {
                move(id, State.CANCELLED);
            }
        }
        return find(id);
    }

    @Override
    public synchronized Optional<JobSummary> release(String id) throws ConflictException, IOException {
        Entry known = entries.get(id);
        if (known == null) {
            return Optional.empty();
        }
        if (known.job().status().reason().isEmpty()) {
            throw new ConflictException("job " + id + " does not wait to be released");
        }
        move(id, State.QUEUED, "", "", null);
        return find(id);
    }

    @Override
    public Optional<JobSummary> retry(String id) throws ConflictException, GenerationException {
        Entry known;
        synchronized (this) {
            known = entries.get(id);
        }
        if (known == null) {
            return Optional.empty();
        }
        State state = known.job().status().state();
        if (state != State.FAILED && state != State.CANCELLED) {
            throw new ConflictException("job " + id + " is " + state.label());
        }
        JobSummary job = add(id, known.request(), known.job().requester());
        tell(id);
        return Optional.of(job);
    }

    @Override
    public synchronized boolean isPaused() throws IOException {
        check();
        return paused;
    }

    @Override
    public synchronized void pause(boolean value) {
        paused = value;
    }

    @Override
    public GenerationJob.Subscription observe(Consumer<String> listener) {
        observers.add(listener);
        return () -> observers.remove(listener);
    }

    @Override
    public Optional<byte[]> preview(String id) {
        return Optional.ofNullable(previews.get(id));
    }

    @Override
    public List<DeviceUsage> usage(DeviceUsage.Kind by, LocalDate since) {
        Map<DeviceUsage.Kind, String> names = new HashMap<>(Map.of(DeviceUsage.Kind.MODEL, "starter"));
        Optional<Cost> cost = Optional.of(new Cost(new BigDecimal("0.25"), "EUR"));
        return List.of(
                new DeviceUsage(
                        names.getOrDefault(by, "editor"),
                        3,
                        Duration.ofMillis(12_500),
                        cost,
                        Duration.ofSeconds(2),
                        Optional.of(Duration.ofHours(1))),
                new DeviceUsage(
                        "somebody", 1, Duration.ofSeconds(1), Optional.empty(), Duration.ZERO, Optional.empty()));
    }
}
