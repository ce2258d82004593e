package org.patchreel.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.AssetStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generator on the other machine. It keeps the jobs, the clips and their manifests; here is only what is being waited for, so
 * that any instance of this host finds any job by its ID. If the host has an {@link AssetStore}, a clip that is made is brought
 * into it; otherwise it is read from the generator.
 */
@Component(
        service = VideoGenerator.class,
        configurationPid = RemoteConnection.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = RemoteConnection.RANKING)
public final class RemoteGenerator implements VideoGenerator {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteGenerator.class);

    private static final int TAIL_BITS = 80;
    private static final int MAX_JOBS = 100;
    private static final int PAGE = 200;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;

    private final RemoteConnection connection;
    private final JobWatch watch;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable AssetStore store;

    /**
     * Creates the service; asks nothing yet.
     *
     * @param connection to the generator
     */
    @Activate
    public RemoteGenerator(@Reference RemoteConnection connection) {
        this(connection, null, InstantSource.system());
    }

    RemoteGenerator(RemoteConnection connection, @Nullable AssetStore store, InstantSource clock) {
        this.connection = connection;
        this.store = store;
        this.clock = clock;
        this.watch = new JobWatch(connection, () -> Optional.ofNullable(this.store));
    }

    /** The jobs go on at the generator. */
    @Deactivate
    void close() {
        watch.close();
    }

    @Override
    public GenerationJob submit(GenerationRequest request, Requester by) throws GenerationException {
        return submit(AssetId.ulid(clock.millis(), new BigInteger(TAIL_BITS, random)), request, by);
    }

    @Override
    public GenerationJob submit(String id, GenerationRequest request, Requester by) throws GenerationException {
        AssetId.check(id);
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(by, "by");
        Optional<RemoteJob> followed = watch.find(id);
        if (followed.isPresent()) {
            followed.get().request(request);
            return followed.get();
        }
        @Nullable AssetStore taking = store;
        if (taking != null) {
            Optional<GenerationJob> stored = stored(taking, id, request, by);
            if (stored.isPresent()) {
                return stored.get();
            }
            if (!taking.takes(request.kind())) {
                throw new GenerationException(
                        Reason.UNSUPPORTED,
                        "the asset store of this host takes no "
                                + request.kind().label() + "s");
            }
        }
        try {
            RemoteApi api = connection.api();
            Optional<JobAnswer> answer = submitted(api, id, request, by);
            RemoteJob job = new RemoteJob(id, request, by, watch::cancel);
            return answer.isPresent() ? watch.follow(job, answer.get()) : watch.followAsset(job);
        } catch (RemoteFailure e) {
            if (e.status() == UNPROCESSABLE) {
                throw new IllegalArgumentException(e.detail(), e);
            }
            throw new GenerationException(Reason.BUSY, e.getMessage(), e);
        }
    }

    private static Optional<GenerationJob> stored(AssetStore store, String id, GenerationRequest request, Requester by)
            throws GenerationException {
        try {
            return store.find(id).map(asset -> completed(asset.reference(), request, by));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "asset " + id + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static RemoteJob completed(AssetReference asset, GenerationRequest request, Requester by) {
        RemoteJob job = new RemoteJob(asset.id(), request, by, ended -> {});
        job.move(new JobState.Completed(asset));
        return job;
    }

    /** {@return the job of an ID; empty if only its asset is known any more} */
    private static Optional<JobAnswer> submitted(RemoteApi api, String id, GenerationRequest request, Requester by)
            throws RemoteFailure, GenerationException {
        byte[] json = RequestJson.of(Optional.of(id), by.project(), request);
        Call call =
                Call.of("POST", "/jobs").sending("application/json", BodyPublishers.ofByteArray(json), Duration.ZERO);
        JobAnswer answer;
        try {
            answer = JobAnswer.read(api.json(call));
        } catch (RemoteFailure e) {
            if (e.status() != CONFLICT) {
                throw e;
            }
            return ofAnotherRequest(api, id, e);
        }
        if (answer.state() == State.FAILED || answer.state() == State.CANCELLED) {
            return Optional.of(again(api, id));
        }
        return Optional.of(answer);
    }

    private static JobAnswer again(RemoteApi api, String id) throws RemoteFailure {
        try {
            return JobAnswer.read(api.json(Call.of("POST", "/jobs/" + id + "/retry")));
        } catch (RemoteFailure e) {
            if (e.status() != CONFLICT) {
                throw e;
            }
            // another instance was faster, or a policy refuses it now
            LOG.info("Generation {} is not tried again here: {}", id, e.getMessage());
            return JobAnswer.read(api.json(Call.get("/jobs/" + id)));
        }
    }

    /** What waits, runs or is made under an ID is what whoever asks for that ID gets; nothing is made of another request. */
    private static Optional<JobAnswer> ofAnotherRequest(RemoteApi api, String id, RemoteFailure conflict)
            throws RemoteFailure {
        Optional<JobAnswer> known = find(api, id);
        if (known.isPresent()) {
            State state = known.get().state();
            if (state.isEnded() && state != State.COMPLETED) {
                throw new IllegalArgumentException(
                        "job " + id + " is " + state.label() + " at " + api.name()
                                + " and was another request: ask under another ID",
                        conflict);
            }
            return known;
        }
        if (RemoteAsset.find(api, id).isPresent()) {
            return Optional.empty();
        }
        throw conflict;
    }

    private static Optional<JobAnswer> find(RemoteApi api, String id) throws RemoteFailure {
        try {
            return Optional.of(JobAnswer.read(api.json(Call.get("/jobs/" + id))));
        } catch (RemoteFailure e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void check(GenerationRequest request) throws GenerationException {
        plan(request);
    }

    @Override
    public PlannedClip plan(GenerationRequest request) throws GenerationException {
        byte[] json = RequestJson.of(Optional.empty(), Optional.empty(), Objects.requireNonNull(request, "request"));
        try {
            JsonNode plan = connection
                    .api()
                    .json(Call.of("POST", "/estimates")
                            .sending("application/json", BodyPublishers.ofByteArray(json), Duration.ZERO));
            return PlanJson.read(new JsonFields(plan, "the answer about an estimate"));
        } catch (RemoteFailure e) {
            if (e.status() == UNPROCESSABLE) {
                throw new IllegalArgumentException(e.detail(), e);
            }
            throw new GenerationException(Reason.BUSY, e.getMessage(), e);
        }
    }

    /** {@inheritDoc} The generator reads it: that it cannot be reached is an IllegalArgumentException, too, which says so. */
    @Override
    public Storyboard storyboard(String name, String text) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(text, "text");
        if (text.length() > Storyboard.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    name + " has " + text.length() + " characters, at most " + Storyboard.MAX_LENGTH + " are read");
        }
        try {
            JsonNode storyboard = connection
                    .api()
                    .json(Call.of("POST", name.isBlank() ? "/storyboard" : "/storyboard?name=" + Call.encode(name))
                            .sending("text/plain; charset=utf-8", BodyPublishers.ofString(text), Duration.ZERO));
            return StoryboardJson.read(new JsonFields(storyboard, "the answer about a storyboard"));
        } catch (RemoteFailure e) {
            throw new IllegalArgumentException(
                    e.status() == UNPROCESSABLE ? e.detail() : name + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<StoredAsset> asset(String id) throws IOException {
        if (!AssetId.isValid(Objects.requireNonNull(id, "id"))) {
            return Optional.empty();
        }
        @Nullable AssetStore own = store;
        Optional<StoredAsset> stored = own == null ? Optional.empty() : own.find(id);
        return stored.isPresent()
                ? stored
                : RemoteAsset.find(connection.api(), id).map(asset -> asset);
    }

    /** {@inheritDoc} Those of this host's store if it has one, else all that the generator has. */
    @Override
    public List<AssetReference> assets() throws IOException {
        @Nullable AssetStore own = store;
        if (own != null) {
            return own.list();
        }
        RemoteApi api = connection.api();
        List<AssetReference> assets = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            String cursor = next.map(value -> "&cursor=" + Call.encode(value)).orElse("");
            JsonFields page =
                    new JsonFields(api.json(Call.get("/assets?limit=" + PAGE + cursor)), "the list of assets");
            for (JsonFields asset : page.objects("assets")) {
                assets.add(asset.made(() -> RemoteAsset.reference(api, asset.text("id"))));
            }
            next = page.optionalText("next");
        } while (next.isPresent());
        return List.copyOf(assets);
    }

    /** {@inheritDoc} Those that are followed here and the latest ones of the generator; the former alone if it cannot be asked. */
    @Override
    public List<GenerationJob> jobs() {
        List<GenerationJob> jobs = new ArrayList<>(watch.jobs());
        try {
            RemoteApi api = connection.api();
            for (JobAnswer answer : JobAnswer.readAll(api.json(Call.get("/jobs?limit=" + MAX_JOBS)))) {
                if (jobs.stream().noneMatch(job -> job.id().equals(answer.id()))) {
                    jobs.add(seen(api, answer));
                }
            }
        } catch (RemoteFailure | IllegalStateException e) {
            LOG.warn("The jobs cannot be listed: {}", e.getMessage());
        }
        return List.copyOf(jobs);
    }

    /** {@return a job as it is now, which is not followed} */
    private RemoteJob seen(RemoteApi api, JobAnswer answer) {
        RemoteJob job = job(answer);
        job.move(JobWatch.state(api, answer));
        return job;
    }

    private RemoteJob job(JobAnswer answer) {
        return new RemoteJob(answer.id(), request(answer.prompt()), answer.requester(), watch::cancel);
    }

    /** A prompt that was refused is not kept, and those of several shots may be longer together than one can be. */
    private static GenerationRequest request(String prompt) {
        try {
            return GenerationRequest.of(prompt);
        } catch (IllegalArgumentException e) {
            return GenerationRequest.of("-");
        }
    }

    /**
     * {@inheritDoc} Of a job that another instance, or an earlier run, has submitted, the generator tells; it is followed from now
     * on. That the generator cannot be asked is logged: {@link #submit} says so to whoever asks for the job then.
     */
    @Override
    public Optional<GenerationJob> job(String id) {
        if (!AssetId.isValid(Objects.requireNonNull(id, "id"))) {
            return Optional.empty();
        }
        Optional<RemoteJob> followed = watch.find(id);
        if (followed.isPresent()) {
            return Optional.of(followed.get());
        }
        try {
            @Nullable AssetStore own = store;
            RemoteApi api = connection.api();
            Optional<JobAnswer> answer = find(api, id);
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            Optional<StoredAsset> stored = own == null ? Optional.empty() : own.find(id);
            RemoteJob job = job(answer.get());
            return Optional.of(
                    stored.isPresent()
                            ? completed(stored.get().reference(), job.request(), job.requester())
                            : watch.follow(job, answer.get()));
        } catch (IOException | IllegalStateException e) {
            LOG.warn("Job {} cannot be looked up: {}", id, e.getMessage());
            return Optional.empty();
        }
    }
}
