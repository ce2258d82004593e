package org.patchreel.contract;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.MediaUse;
import org.patchreel.api.OutputKind;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Position;
import org.patchreel.api.Requester;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.Shot;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.api.VideoGenerator;

/**
 * A generator whose jobs a test ends as it likes. Its clips are files of given bytes that say that they lie on another
 * machine, so that a step has to read them by {@link StoredAsset#open}. Safe for use from any thread.
 */
public final class ScriptedGenerator implements VideoGenerator {

    private final Path directory;
    private final KeptSources sources = new KeptSources();
    private final Map<String, ScriptedJob> jobs = new LinkedHashMap<>();
    private final Map<String, StoredAsset> assets = new LinkedHashMap<>();
    private final List<GenerationRequest> requests = new ArrayList<>();
    private JobState.@Nullable Ended ending;
    private @Nullable GenerationException failure;
    private boolean completing = true;
    private boolean mastering;

    /**
     * Creates a generator that completes every job at once.
     *
     * @param directory keeps the clips
     */
    public ScriptedGenerator(Path directory) {
        this.directory = directory;
    }

    /**
     * Ends all further jobs at once in this way.
     *
     * @param end their state
     */
    public synchronized void endWith(JobState.Ended end) {
        this.ending = end;
        this.completing = false;
    }

    /**
     * Refuses all further requests.
     *
     * @param refusal thrown by submit
     */
    public synchronized void refuseWith(GenerationException refusal) {
        this.failure = refusal;
    }

    /** Lets all further jobs run until they are {@linkplain #complete completed} or cancelled. */
    public synchronized void hold() {
        this.completing = false;
        this.ending = null;
    }

    /** Keeps further clips without a label, too: the same bytes. */
    public synchronized void keepMasters() {
        this.mastering = true;
    }

    /** Completes all jobs that run. */
    public synchronized void complete() throws IOException {
        for (ScriptedJob job : List.copyOf(jobs.values())) {
            if (!(job.state() instanceof JobState.Ended)) {
                job.end(store(job));
            }
        }
    }

    /** Forgets all jobs, as a restart does; assets stay. Further jobs complete at once. */
    public synchronized void restart() {
        jobs.clear();
        completing = true;
    }

    /** Tries a job again that has ended without a clip. */
    synchronized GenerationJob again(String id) throws GenerationException {
        ScriptedJob before = Objects.requireNonNull(jobs.remove(id), id);
        return submit(id, before.request(), before.requester());
    }

    /** {@return the store of the pictures and clips that requests refer to} */
    public KeptSources sources() {
        return sources;
    }

    /** {@return the requests that were taken, in their order} */
    public synchronized List<GenerationRequest> requests() {
        return List.copyOf(requests);
    }

    /** {@return the bytes of the clip that this generator makes} */
    public static byte[] clip() {
        return SampleAsset.clip(4711, 200_001);
    }

    @Override
    public GenerationJob submit(GenerationRequest request, Requester by) throws GenerationException {
        return submit("JOB" + requests().size(), request, by);
    }

    @Override
    public synchronized GenerationJob submit(String id, GenerationRequest request, Requester by)
            throws GenerationException {
        if (failure != null) {
            throw failure;
        }
        ScriptedJob known = jobs.get(id);
        if (known != null) {
            return known;
        }
        ScriptedJob job = new ScriptedJob(id, request, by);
        jobs.put(id, job);
        StoredAsset stored = assets.get(id);
        if (stored != null) {
            job.end(new JobState.Completed(stored.reference()));
            return job;
        }
        requests.add(request);
        try {
            if (completing) {
                job.end(store(job));
            } else if (ending != null) {
                job.end(ending);
            }
        } catch (IOException e) {
            throw new GenerationException(GenerationException.Reason.STORAGE, "the test's folder is full", e);
        }
        return job;
    }

    private JobState.Completed store(ScriptedJob job) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(job.id()));
        OutputKind kind = job.request().kind();
        Files.write(folder.resolve(kind.file().fileName()), clip());
        Files.write(folder.resolve(AssetFile.POSTER.fileName()), SamplePicture.jpeg(640, 368));
        if (kind == OutputKind.CLIP) {
            Files.write(folder.resolve(AssetFile.CONTACT_SHEET.fileName()), SamplePicture.jpeg(400, 300));
        }
        if (mastering) {
            Files.write(folder.resolve(AssetFile.MASTER.fileName()), clip());
        }
        Optional<String> title = job.request().destination().title();
        AssetMetadata metadata =
                kind == OutputKind.STILL ? SampleAsset.still(job.id(), title) : SampleAsset.metadata(job.id(), title);
        StoredAsset asset = new Clip(
                new AssetReference(job.id(), URI.create("remote:/" + job.id())),
                mastering ? approved(metadata) : metadata,
                folder);
        assets.put(job.id(), asset);
        return new JobState.Completed(asset.reference());
    }

    /** Masters of rejected clips are not handed out. */
    private static AssetMetadata approved(AssetMetadata metadata) {
        return metadata.reviewed(
                new AssetMetadata.Review(
                        AssetMetadata.Review.Decision.APPROVED, "anna", metadata.created(), Optional.empty()),
                Optional.empty());
    }

    @Override
    public void check(GenerationRequest request) {}

    /** A line is a shot: its prompt and, behind a bar, its first picture. */
    @Override
    public Storyboard storyboard(String name, String text) {
        return new Storyboard(text.lines()
                .map(line -> line.split(" [|] ", 2))
                .map(parts -> new Storyboard.Panel(
                        new Shot(parts[0], "", Optional.empty()),
                        parts.length == 1
                                ? List.of()
                                : List.of(new Storyboard.Named("image", parts[1], new MediaUse.Frame(Position.FIRST)))))
                .toList());
    }

    @Override
    public PlannedClip plan(GenerationRequest request) {
        VideoFormat format = new VideoFormat(96, 96, 17, 8);
        return new PlannedClip(
                "starter",
                format,
                format,
                List.of(new PlannedClip.PlannedShot(
                        format,
                        17,
                        Transition.CUT,
                        new SamplingParameters(1, 8, 1),
                        new SamplingPlan(SamplingPlan.Method.WHOLE, 1, 17, 0, 8, 8))),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public synchronized Optional<StoredAsset> asset(String id) {
        return Optional.ofNullable(assets.get(id));
    }

    @Override
    public synchronized List<AssetReference> assets() {
        List<AssetReference> references = new ArrayList<>();
        assets.values().forEach(asset -> references.add(0, asset.reference()));
        return List.copyOf(references);
    }

    @Override
    public synchronized List<GenerationJob> jobs() {
        return List.copyOf(jobs.values());
    }

    private record Clip(AssetReference reference, AssetMetadata metadata, Path folder) implements StoredAsset {
        @Override
        public SeekableByteChannel open(AssetFile file) throws IOException {
            return Files.newByteChannel(folder.resolve(file.fileName()), StandardOpenOption.READ);
        }
    }

    private static final class ScriptedJob implements GenerationJob {
        private final String id;
        private final GenerationRequest request;
        private final Requester by;
        private final CompletableFuture<JobState.Ended> ended = new CompletableFuture<>();

        ScriptedJob(String id, GenerationRequest request, Requester by) {
            this.id = id;
            this.request = request;
            this.by = by;
        }

        void end(JobState.Ended end) {
            ended.complete(end);
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public GenerationRequest request() {
            return request;
        }

        @Override
        public Requester requester() {
            return by;
        }

        @Override
        public JobState state() {
            JobState.Ended end = ended.getNow(null);
            return end != null
                    ? end
                    : new JobState.Running(new GenerationProgress(GenerationProgress.Stage.SAMPLING, 3, 20));
        }

        @Override
        public Subscription observe(Consumer<? super JobState> listener) {
            AtomicBoolean open = new AtomicBoolean(true);
            JobState now = state();
            listener.accept(now);
            if (!(now instanceof JobState.Ended)) {
                ended().thenAccept(end -> {
                    if (open.get()) {
                        listener.accept(end);
                    }
                });
            }
            return () -> open.set(false);
        }

        @Override
        public void cancel() {
            end(new JobState.Cancelled());
        }

        @Override
        public CompletionStage<JobState.Ended> ended() {
            return ended.minimalCompletionStage();
        }
    }
}
