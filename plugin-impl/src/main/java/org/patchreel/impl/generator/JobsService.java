package org.patchreel.impl.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.DeviceUsage;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobPage;
import org.patchreel.api.JobQuery;
import org.patchreel.api.JobState;
import org.patchreel.api.JobSummary;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Jobs;
import org.patchreel.api.Requester;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.JobFilter;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.Price;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Usage;
import org.patchreel.spi.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs as the register has them; of those that this process works on, as they are now. */
@Component(service = Jobs.class)
public final class JobsService implements Jobs {

    private static final Logger LOG = LoggerFactory.getLogger(JobsService.class);

    /** Locks, one of which an ID has: two submissions of one ID wait for each other. */
    private static final int STRIPES = 64;

    private final JobRegister register;
    private final JobControl control;
    private final VideoGenerator generator;
    private final JobEvents events;
    private final JobsConfiguration configuration;
    private final JobPreviews previews;
    private final InstantSource clock;
    private final List<Object> stripes =
            IntStream.range(0, STRIPES).mapToObj(i -> new Object()).toList();

    /**
     * Creates the service.
     *
     * @param register has the jobs
     * @param control cancels them
     * @param generator takes them
     * @param events tell of them
     * @param configuration has budgets and the currency
     * @param previews show what is made
     */
    @Activate
    public JobsService(
            @Reference JobRegister register,
            @Reference JobControl control,
            @Reference VideoGenerator generator,
            @Reference JobEvents events,
            @Reference JobsConfiguration configuration,
            @Reference JobPreviews previews) {
        this(register, control, generator, events, configuration, previews, InstantSource.system());
    }

    JobsService(
            JobRegister register,
            JobControl control,
            VideoGenerator generator,
            JobEvents events,
            JobsConfiguration configuration,
            JobPreviews previews,
            InstantSource clock) {
        this.register = register;
        this.control = control;
        this.generator = generator;
        this.events = events;
        this.configuration = configuration;
        this.previews = previews;
        this.clock = clock;
    }

    @Override
    public JobPage list(JobQuery query) throws IOException {
        Objects.requireNonNull(query, "query");
        List<JobRecord> found = register.list(new JobFilter(
                query.states().stream()
                        .map(state -> RegisteredState.valueOf(state.name()))
                        .collect(Collectors.toSet()),
                query.user(),
                query.since(),
                query.before(),
                query.limit() + 1));
        List<JobRecord> page = found.subList(0, Math.min(query.limit(), found.size()));
        List<JobSummary> jobs = new ArrayList<>();
        page.forEach(record -> jobs.add(summary(record)));
        return new JobPage(
                jobs,
                found.size() > page.size()
                        ? OptionalLong.of(page.get(page.size() - 1).place().number())
                        : OptionalLong.empty());
    }

    @Override
    public Optional<JobSummary> find(String id) throws IOException {
        return register.find(Objects.requireNonNull(id, "id")).map(this::summary);
    }

    @Override
    public Map<State, Long> counts() throws IOException {
        Map<State, Long> counts = new EnumMap<>(State.class);
        register.counts().forEach((state, count) -> counts.put(State.valueOf(state.name()), count));
        return counts;
    }

    @Override
    public JobSummary submit(String id, GenerationRequest request, Requester by)
            throws GenerationException, ConflictException {
        AssetId.check(id);
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(by, "by");
        synchronized (stripes.get(Math.floorMod(id.hashCode(), STRIPES))) {
            try {
                String asked = digest(request, by);
                Optional<JobRecord> known = register.find(id);
                if (known.isPresent()) {
                    if (!register.submission(id).equals(Optional.of(asked))) {
                        throw new ConflictException("job " + id + " was submitted with another request");
                    }
                    return summary(known.get());
                }
                if (generator.asset(id).isPresent()) {
                    throw new ConflictException("an asset has the ID " + id + " already");
                }
                // before the job is there: a job without it could not be asked for again
                register.keepSubmission(id, asked, clock.instant());
            } catch (IOException e) {
                throw lookUpFailed(id, e);
            }
            return submitted(generator.submit(id, request, by));
        }
    }

    @Override
    public JobSummary submit(GenerationRequest request, Requester by) throws GenerationException {
        return submitted(generator.submit(request, by));
    }

    private JobSummary submitted(GenerationJob job) throws GenerationException {
        try {
            return find(job.id())
                    .orElseThrow(() ->
                            new GenerationException(Reason.STORAGE, "job " + job.id() + " is not in the register"));
        } catch (IOException e) {
            throw lookUpFailed(job.id(), e);
        }
    }

    private static GenerationException lookUpFailed(String id, IOException cause) {
        return new GenerationException(
                Reason.STORAGE, "job " + id + " cannot be looked up: " + cause.getMessage(), cause);
    }

    /** {@return what tells one request from another} */
    private static String digest(GenerationRequest request, Requester by) {
        MessageDigest digest = Digests.digest();
        digest.update(request.canonical());
        by.project().ifPresent(project -> digest.update(("\nproject " + project).getBytes(UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public Optional<JobSummary> cancel(String id) throws ConflictException, IOException {
        return cancel(id, Requester.UNKNOWN);
    }

    @Override
    public Optional<JobSummary> cancel(String id, Requester by) throws ConflictException, IOException {
        if (find(id).isEmpty()) {
            return Optional.empty();
        }
        try {
            control.cancel(id, by);
        } catch (IllegalArgumentException e) {
            throw new ConflictException(String.valueOf(e.getMessage()));
        }
        return find(id);
    }

    @Override
    public Optional<JobSummary> retry(String id) throws ConflictException, GenerationException {
        return retry(id, Requester.UNKNOWN);
    }

    @Override
    public Optional<JobSummary> retry(String id, Requester by) throws ConflictException, GenerationException {
        try {
            if (find(id).isEmpty()) {
                return Optional.empty();
            }
            try {
                control.retry(id, by);
            } catch (IllegalArgumentException e) {
                throw new ConflictException(String.valueOf(e.getMessage()));
            }
            return find(id);
        } catch (IOException e) {
            throw lookUpFailed(id, e);
        }
    }

    @Override
    public Optional<JobSummary> release(String id) throws ConflictException, IOException {
        return release(id, Requester.UNKNOWN);
    }

    @Override
    public Optional<JobSummary> release(String id, Requester by) throws ConflictException, IOException {
        if (find(id).isEmpty()) {
            return Optional.empty();
        }
        try {
            control.release(id, by);
        } catch (IllegalArgumentException e) {
            throw new ConflictException(String.valueOf(e.getMessage()));
        }
        return find(id);
    }

    @Override
    public boolean isPaused() throws IOException {
        return register.isPaused();
    }

    @Override
    public void pause(boolean paused) throws IOException {
        control.pause(paused);
    }

    @Override
    public GenerationJob.Subscription observe(Consumer<String> listener) {
        return events.observe(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public Optional<byte[]> preview(String id) {
        Optional<byte[]> latest = previews.jpeg(Objects.requireNonNull(id, "id"));
        if (latest.isPresent()) {
            return latest;
        }
        try {
            return control.heldPicture(id);
        } catch (IOException e) {
            LOG.warn("The picture of the job {} cannot be read", id, e);
            return Optional.empty();
        }
    }

    @Override
    public List<DeviceUsage> usage(DeviceUsage.Kind by, LocalDate since) throws IOException {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(since, "since");
        JobSettings settings;
        try {
            settings = configuration.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
        Optional<String> currency = settings.price().map(Price::currency);
        List<DeviceUsage> usages = new ArrayList<>();
        for (Usage usage : register.usage(Account.Kind.valueOf(by.name()), since)) {
            usages.add(new DeviceUsage(
                    usage.account().name(),
                    usage.clips(),
                    usage.time(),
                    currency.map(name -> new Cost(usage.cost(), name)),
                    register.usedToday(usage.account()),
                    settings.budgets().limit(usage.account())));
        }
        return usages;
    }

    private JobSummary summary(JobRecord record) {
        Optional<Instant> started = record.times().started();
        return new JobSummary(
                record.id(),
                record.by(),
                new JobSummary.Subject(
                        record.subject().model(), record.subject().prompt()),
                status(record),
                new JobSummary.Times(
                        record.times().submitted(), started, record.times().ended()),
                new JobSummary.Effort(
                        record.tries(),
                        record.place().priority(),
                        record.place().front() > 0,
                        record.device().estimated(),
                        record.device().used()));
    }

    /**
     * The register gets the progress every few seconds only, and the end later if the disk is full: a job of this process
     * knows better.
     */
    private JobSummary.Status status(JobRecord record) {
        JobRecord.Status status = record.status();
        State state = State.valueOf(status.state().name());
        JobSummary.Status registered = new JobSummary.Status(
                state,
                status.reason(),
                status.message(),
                state == State.RUNNING ? status.progress() : Optional.empty());
        return state.isEnded()
                ? registered
                : generator
                        .job(record.id())
                        .map(GenerationJob::state)
                        .flatMap(JobsService::moved)
                        .orElse(registered);
    }

    /** {@return what a job knows that has moved on; empty if it waits, or is left for the next run} */
    private static Optional<JobSummary.Status> moved(JobState state) {
        return state.fold(
                queued -> Optional.empty(),
                waiting -> Optional.empty(),
                running -> Optional.of(new JobSummary.Status(State.RUNNING, "", "", Optional.of(running.progress()))),
                ended -> ended.<Optional<JobSummary.Status>, RuntimeException>fold(
                        completed -> ended(
                                State.COMPLETED,
                                "",
                                completed.asset().location().toString()),
                        refused -> ended(State.REFUSED, refused.rule(), refused.explanation()),
                        failed -> ended(
                                State.FAILED,
                                failed.cause().reason().label(),
                                failed.cause().getMessage()),
                        cancelled -> ended(State.CANCELLED, "", ""),
                        suspended -> Optional.empty()));
    }

    private static Optional<JobSummary.Status> ended(State state, String reason, String message) {
        return Optional.of(new JobSummary.Status(state, reason, message, Optional.empty()));
    }
}
