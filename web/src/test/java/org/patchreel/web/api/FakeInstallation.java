package org.patchreel.web.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Exports;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.MediaUse;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Position;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Clause;
import org.patchreel.api.ProvenanceReport.Conclusion;
import org.patchreel.api.ProvenanceReport.Ingredient;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.api.Requester;
import org.patchreel.api.Reviews;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.PromptLanguage;
import org.patchreel.spi.VideoModel;

/** Assets in a folder, sources in memory, a model and the status of components. */
final class FakeInstallation implements VideoGenerator, SourceStore, Exports, Reviews, Services {

    static final int MAX_SOURCE = 100_000;

    private final Path folder;
    /** Masters, and who got them. */
    final List<String> handedOut = new CopyOnWriteArrayList<>();

    private final Map<String, AssetMetadata> assets = new LinkedHashMap<>();
    final Map<String, byte[]> sources = new HashMap<>();
    final List<ComponentStatus.Problem> problems = new ArrayList<>();
    ModelHealth.Status model = ModelHealth.Status.READY;
    boolean full;
    boolean hosted;

    FakeInstallation(Path folder) {
        this.folder = folder;
    }

    /** Stores an asset; the last one is the first of the list. */
    void store(String id, String prompt, String model, String created, byte[] clip) throws IOException {
        Map<String, Object> facts = new HashMap<>(Map.of(
                "id",
                id,
                "created",
                created,
                "title",
                "Title of " + id,
                "prompt",
                prompt,
                "negativePrompt",
                "",
                "model",
                model,
                "family",
                "Wan 2.1, text-to-video",
                "device",
                "cpu",
                "precision",
                "fp32"));
        facts.putAll(Map.of(
                "weights", List.of("ab".repeat(32) + " transformer/a.safetensors"),
                "seed", 7L,
                "steps", 4L,
                "guidanceScale", 5.0,
                "width", 320L,
                "height", 320L,
                "frameCount", 17L,
                "frameRate", 8L));
        facts.putAll(Map.of(
                "generatedWidth",
                320L,
                "generatedHeight",
                320L,
                "codec",
                "libopenh264",
                "timings",
                List.of("sampling PT1S"),
                "version",
                "1.2.3",
                "watermark",
                "0123456789abcdef"));
        AssetMetadata metadata = AssetFacts.of(facts).metadata();
        Files.write(folder.resolve(id + ".mp4"), clip);
        Files.write(folder.resolve(id + ".jpg"), new byte[] {1, 2, 3});
        synchronized (assets) {
            Map<String, AssetMetadata> before = new LinkedHashMap<>(assets);
            assets.clear();
            assets.put(id, metadata);
            before.forEach(assets::putIfAbsent);
        }
    }

    /** Keeps an asset without its label, too. */
    void keepMaster(String id, byte[] master) throws IOException {
        Files.write(folder.resolve(id + "-master.mp4"), master);
    }

    @Override
    public void write(List<String> ids, Set<String> formats, Path made) throws IOException {
        Files.createDirectories(made.resolve("media"));
        for (String id : ids) {
            if (id.equals("damaged")) {
                throw new IOException(made + ": is not as it was signed");
            }
            Files.copy(folder.resolve(id + ".mp4"), made.resolve("media/" + id + ".mp4"));
        }
        for (String format : formats) {
            Files.writeString(made.resolve("timeline." + format), "timeline");
        }
    }

    @Override
    public SeekableByteChannel master(String id, Requester by) throws IOException {
        StoredAsset asset = asset(id).orElseThrow();
        if (asset.metadata().review().isPresent()) {
            throw new IllegalArgumentException("asset " + id + " was rejected");
        }
        SeekableByteChannel master = asset.open(AssetFile.MASTER);
        handedOut.add(id + " to " + by.user().orElseThrow());
        return master;
    }

    @Override
    public AssetMetadata approve(String id, String by, Optional<String> note) {
        return review(id, new Review(Review.Decision.APPROVED, by, FakeJobs.SUBMITTED, note));
    }

    @Override
    public AssetMetadata reject(String id, String by, String reason) {
        return review(id, new Review(Review.Decision.REJECTED, by, FakeJobs.SUBMITTED, Optional.of(reason)));
    }

    private AssetMetadata review(String id, Review review) {
        if (hosted) {
            throw new UnsupportedOperationException("assets are reviewed by the means of their host");
        }
        synchronized (assets) {
            AssetMetadata known = Objects.requireNonNull(assets.get(id));
            if (known.review().map(Review::decision).equals(Optional.of(review.decision()))) {
                throw new IllegalArgumentException(
                        "asset " + id + " is " + review.decision().label() + " already");
            }
            AssetMetadata reviewed = known.reviewed(review, Optional.empty());
            assets.put(id, reviewed);
            return reviewed;
        }
    }

    @Override
    public boolean delete(String id) {
        if (hosted) {
            throw new UnsupportedOperationException("assets are deleted by the means of their host");
        }
        synchronized (assets) {
            return assets.remove(id) != null;
        }
    }

    @Override
    public Optional<StoredAsset> asset(String id) {
        AssetMetadata metadata;
        synchronized (assets) {
            metadata = assets.get(id);
        }
        if (metadata == null) {
            return Optional.empty();
        }
        return Optional.of(new StoredAsset() {
            @Override
            public AssetReference reference() {
                return new AssetReference(id, URI.create("file:/secret/" + id + "/clip.mp4"));
            }

            @Override
            public AssetMetadata metadata() {
                return metadata;
            }

            @Override
            public SeekableByteChannel open(AssetFile file) throws IOException {
                return switch (file) {
                    case CLIP -> Files.newByteChannel(folder.resolve(id + ".mp4"));
                    case POSTER -> Files.newByteChannel(folder.resolve(id + ".jpg"));
                    case MASTER -> Files.newByteChannel(folder.resolve(id + "-master.mp4"));
                    case CONTACT_SHEET, STILL, DESCRIPTION -> throw new NoSuchFileException(file.fileName());
                };
            }
        });
    }

    @Override
    public List<AssetReference> assets() {
        synchronized (assets) {
            return assets.keySet().stream()
                    .map(id -> new AssetReference(id, URI.create("file:/secret/" + id)))
                    .toList();
        }
    }

    @Override
    public Media.Upload put(InputStream content, String name) throws IOException {
        byte[] bytes = content.readNBytes(MAX_SOURCE + 1);
        if (bytes.length > MAX_SOURCE) {
            throw new TooLargeException(name + " is too large");
        }
        if (full) {
            throw new FullException("there is no room");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException(name + " is empty");
        }
        content.readNBytes(1); // to the end
        String sha256 = sha256(bytes);
        sources.put(sha256, bytes);
        return new Media.Upload(sha256, name);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean contains(String sha256) {
        return sources.containsKey(sha256);
    }

    @Override
    public Optional<InputStream> open(String sha256) {
        return Optional.ofNullable(sources.get(sha256)).map(ByteArrayInputStream::new);
    }

    @Override
    public long maxBytes() {
        return MAX_SOURCE;
    }

    ProvenanceReport verify(Path file) throws IOException {
        TimeRange second = new TimeRange(Duration.ZERO, Duration.ofSeconds(Files.size(file)));
        return new ProvenanceReport(
                Verdict.RECOVERED,
                new Conclusion(
                        "It is a clip of this installation.",
                        List.of(new Clause("no-manifest", Map.of("asset", "A1")))),
                new Manifest(
                        ManifestState.INVALID,
                        List.of(new Status("assertion.bmffHash.mismatch", Status.Outcome.FAILURE, "", "other bytes")),
                        "urn:c2pa:1",
                        "CN=Test",
                        Optional.of(FakeJobs.SUBMITTED),
                        List.of("It was made by a model."),
                        List.of(new SoftBinding("org.patchreel.watermark.1", "00")),
                        List.of(new Ingredient(
                                Relationship.INPUT_TO, "first.png", "image/png", "", "", List.of(), List.of()))),
                new Watermark(List.of(new Mark("0123456789abcdef", second))),
                List.of(new Recovered(
                        "A1",
                        "urn:c2pa:1",
                        "0123456789abcdef",
                        false,
                        true,
                        List.of(new MatchedRange(second, second)),
                        0.98765,
                        List.of())),
                Map.of());
    }

    @Override
    public <T, R> List<R> each(Class<T> type, Function<T, R> reading) {
        if (type == VideoModel.class) {
            return List.of(reading.apply(type.cast(new FakeModel())));
        }
        return problems.stream()
                .map(problem -> reading.apply(type.cast((ComponentStatus) () -> Optional.of(problem))))
                .toList();
    }

    private final class FakeModel implements VideoModel {
        @Override
        public ModelDescriptor descriptor() {
            VideoFormat format = new VideoFormat(320, 320, 17, 8);
            return new ModelDescriptor(
                    "starter",
                    "/secret/starter",
                    "cpu",
                    "fp32",
                    Optional.of(new ModelCapabilities(
                            "Wan 2.1, text-to-video",
                            1000,
                            ModelLicense.of("Apache-2.0"),
                            new FrameGrid(16, 4, 17),
                            new ModelDefaults(format, new FrameSize(320, 320), 4, 5, ""),
                            ModelCapabilities.ImageConditioning.OPTIONAL,
                            Set.of(ModelCapabilities.Ability.CONTROL),
                            new PromptLanguage(
                                    Optional.of(new ClosedVocabulary(
                                            Set.of("a", "red", "ball", "the", "camera", "pans", "left"),
                                            Map.of("crimson", "red"))),
                                    Map.of(CameraMove.PAN_LEFT, "the camera pans left")),
                            List.of("snow"))));
        }

        @Override
        public ModelHealth health() {
            return new ModelHealth(
                    model,
                    "cpu, 2 threads",
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.of("/secret/model cannot be read"),
                    List.of());
        }

        @Override
        public org.patchreel.api.SamplingPlan plan(org.patchreel.spi.ModelTask task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void generate(
                org.patchreel.spi.ModelTask task,
                Optional<Path> work,
                org.patchreel.spi.FrameSink frames,
                org.patchreel.spi.GenerationMonitor monitor) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public GenerationJob submit(GenerationRequest request, Requester by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public GenerationJob submit(String id, GenerationRequest request, Requester by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void check(GenerationRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PlannedClip plan(GenerationRequest request) {
        if (request.model().equals(Optional.of("nosuch"))) {
            throw new IllegalArgumentException("unknown model: nosuch, installed: starter");
        }
        VideoFormat format = new VideoFormat(96, 96, 17, 8);
        PlannedClip.PlannedShot shot = new PlannedClip.PlannedShot(
                format,
                17,
                Transition.CUT,
                new SamplingParameters(1, 8, 1),
                new SamplingPlan(SamplingPlan.Method.WHOLE, 1, 17, 0, 8, 8));
        return new PlannedClip(
                "starter",
                format,
                format,
                Collections.nCopies(request.shots().size(), shot),
                Optional.of(Duration.ofMillis(2500)),
                Optional.of(new AssetMetadata.Cost(new BigDecimal("0.002"), "EUR")));
    }

    /** A line is a shot, and behind a bar what it is made of. */
    @Override
    public Storyboard storyboard(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " is empty");
        }
        Map<String, MediaUse> uses = Map.of(
                "first", new MediaUse.Frame(Position.FIRST),
                "middle", new MediaUse.Frame(Position.at(1.5)),
                "last", new MediaUse.Frame(Position.LAST),
                "extend", new MediaUse.Continued(Source.Continuation.Side.BEFORE),
                "restyle", new MediaUse.Restyled(0.3),
                "interpolate", new MediaUse.Interpolated(4),
                "character", new MediaUse.Referenced("anna"),
                "control", new MediaUse.Controlled());
        return new Storyboard(text.lines()
                .map(line -> List.of(line.split(" [|] ", -1)))
                .map(parts -> new Storyboard.Panel(
                        new Shot(
                                parts.get(0),
                                "grey",
                                Optional.of(new ClipLength.Seconds(2.5)),
                                List.of(),
                                Camera.parse("camera", "pan left"),
                                Transition.DISSOLVE),
                        parts.stream()
                                .skip(1)
                                .map(use ->
                                        new Storyboard.Named(use, use + ".png", Objects.requireNonNull(uses.get(use))))
                                .toList()))
                .toList());
    }

    @Override
    public List<GenerationJob> jobs() {
        throw new UnsupportedOperationException();
    }
}
