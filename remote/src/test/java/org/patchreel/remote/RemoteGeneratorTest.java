package org.patchreel.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Position;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.Requester;
import org.patchreel.api.Rights;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StepCache;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.Storyboard;
import org.patchreel.api.Transition;
import org.patchreel.contract.KeptSources;
import org.patchreel.contract.SampleAsset;
import org.patchreel.contract.ScriptedGenerator;
import org.patchreel.contract.ScriptedJobs;
import org.patchreel.web.api.ApiServer;
import org.patchreel.web.content.ScriptedVerifier;

/** Against the real API, whose generator does what the test says. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class RemoteGeneratorTest {

    private static final GenerationRequest BALL = GenerationRequest.of("a red ball");
    private static final Requester ANNA =
            new Requester(Optional.of("anna"), Set.of(), Optional.of("spring"), Optional.empty());

    private ScriptedGenerator generator;
    private ProvenanceReport report;
    private ApiServer server;
    private HeldStore store;
    private final List<RemoteHost> hosts = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        generator = new ScriptedGenerator(Files.createDirectories(folder.resolve("generator")));
        server = new ApiServer(
                folder.resolve("server"),
                new ScriptedJobs(generator),
                generator,
                generator.sources(),
                new ScriptedVerifier(file -> {
                    assertEquals(3, Files.size(file));
                    return report;
                }));
        store = new HeldStore(Files.createDirectories(folder.resolve("store")));
    }

    @AfterEach
    void stop() {
        hosts.forEach(RemoteHost::close);
        server.close();
    }

    private RemoteHost host() throws IOException {
        return host(null);
    }

    private RemoteHost host(@Nullable HeldStore own) throws IOException {
        RemoteHost host = new RemoteHost(server.url(), server.editorToken(), own);
        hosts.add(host);
        return host;
    }

    private static byte[] clip(StoredAsset asset) throws IOException {
        try (InputStream in = Channels.newInputStream(asset.open(AssetFile.CLIP))) {
            return in.readAllBytes();
        }
    }

    @Test
    void aClipIsReadFromTheGeneratorWhereTheHostHasNoStore() throws Exception {
        RemoteHost host = host();
        GenerationJob job = host.generator().submit("A1", BALL, ANNA);
        JobState.Completed completed = assertInstanceOf(JobState.Completed.class, job.await());
        assertEquals(
                URI.create(server.url() + "/patchreel/api/v1/assets/A1"),
                completed.asset().location());
        StoredAsset asset = host.generator().asset("A1").orElseThrow();
        assertArrayEquals(ScriptedGenerator.clip(), clip(asset));
        assertEquals(SampleAsset.metadata("A1", Optional.empty()), asset.metadata());
        assertEquals(Optional.of("spring"), generator.jobs().get(0).requester().project());
        assertEquals(
                List.of("A1"),
                host.generator().assets().stream().map(each -> each.id()).toList());
        assertTrue(host.generator().asset("A2").isEmpty());
        assertTrue(host.generator().asset("../A1").isEmpty());
        assertThrows(NoSuchFileException.class, () -> asset.open(AssetFile.STILL));
    }

    @Test
    void aClipIsBroughtIntoTheStoreOfTheHostWithAllItsFilesAndFacts() throws Exception {
        GenerationRequest request = GenerationRequest.builder("a red ball")
                .destination(new Destination(Optional.of("/content/clips"), Optional.of("Ball")))
                .rights(new Rights(
                        Optional.of("Anna"),
                        Optional.of("© Studio"),
                        Optional.of(Instant.parse("2999-06-30T00:00:00Z"))))
                .build();
        GenerationJob job = host(store).generator().submit("A1", request, ANNA);
        assertInstanceOf(JobState.Completed.class, job.await());
        StoredAsset asset = store.find("A1").orElseThrow();
        assertArrayEquals(ScriptedGenerator.clip(), clip(asset));
        for (AssetFile file : List.of(AssetFile.POSTER, AssetFile.CONTACT_SHEET)) {
            try (InputStream here = Channels.newInputStream(asset.open(file));
                    InputStream there = Channels.newInputStream(
                            generator.asset("A1").orElseThrow().open(file))) {
                assertArrayEquals(there.readAllBytes(), here.readAllBytes());
            }
        }
        assertEquals(SampleAsset.metadata("A1", Optional.of("Ball")), asset.metadata());
        assertEquals(request.destination(), store.destination("A1"));
        assertEquals(request.rights(), generator.requests().get(0).rights());
        assertEquals(
                new Destination(Optional.empty(), Optional.of("Ball")),
                generator.requests().get(0).destination(),
                "the folder is one of this host");
    }

    @Test
    void aMasterComesAlongIfThereIsOne() throws Exception {
        RemoteHost host = host(store);
        host.generator().submit("A1", BALL, ANNA).await();
        StoredAsset without = store.find("A1").orElseThrow();
        assertThrows(NoSuchFileException.class, () -> without.open(AssetFile.MASTER));
        assertThrows(
                NoSuchFileException.class,
                () -> host.generator().asset("A1").orElseThrow().open(AssetFile.MASTER));
        generator.keepMasters();
        host.generator().submit("A2", BALL, ANNA).await();
        try (InputStream here =
                Channels.newInputStream(store.find("A2").orElseThrow().open(AssetFile.MASTER))) {
            assertArrayEquals(ScriptedGenerator.clip(), here.readAllBytes());
        }
    }

    @Test
    void aStillIsOneAssetThere() throws Exception {
        GenerationRequest still =
                GenerationRequest.builder("a red ball").kind(OutputKind.STILL).build();
        assertInstanceOf(
                JobState.Completed.class,
                host(store).generator().submit("A1", still, ANNA).await());
        AssetMetadata metadata = store.find("A1").orElseThrow().metadata();
        assertEquals(OutputKind.STILL, metadata.kind());
    }

    @Test
    void everyFieldOfARequestArrives() throws Exception {
        RemoteHost host = host();
        Media.Upload picture = host.sources().put(new ByteArrayInputStream(new byte[] {1, 2, 3}), "b ä.png");
        assertArrayEquals(
                new byte[] {1, 2, 3}, generator.sources().file(picture.sha256()).orElseThrow());
        Media other = new Media.Asset("A9");
        GenerationRequest storyboard = GenerationRequest.builder(List.of(
                        new Shot(
                                "a \"red\" ball\n東京 \uD83D\uDE80",
                                "grey",
                                Optional.of(new ClipLength.Seconds(2.5)),
                                List.of(
                                        new Source.Keyframe(picture, Position.FIRST),
                                        new Source.Keyframe(picture, Position.at(1.25)),
                                        new Source.Keyframe(other, Position.LAST),
                                        new Source.Reference(picture, "anna")),
                                Camera.parse("camera", "pan left, dolly in then tilt up"),
                                Transition.DISSOLVE),
                        new Shot(
                                "a tree",
                                "",
                                Optional.of(new ClipLength.Frames(17)),
                                List.of(new Source.Restyle(other, 0.3)),
                                Camera.UNSPECIFIED,
                                Transition.CUT)))
                .model("wan")
                .size(640, 368)
                .frameRate(new FrameRate(30_000, 1001))
                .frameInterpolation(FrameInterpolation.BLEND)
                .seed(Long.MIN_VALUE)
                .steps(4)
                .guidanceScale(1.5)
                .denoising(new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)))
                .fit(Fit.CONTAIN)
                .destination(new Destination(Optional.empty(), Optional.of("Größe")))
                .build();
        List<GenerationRequest> requests = new ArrayList<>(List.of(storyboard));
        for (Source source : List.of(
                new Source.Continuation(other, Source.Continuation.Side.BEFORE),
                new Source.Continuation(picture, Source.Continuation.Side.AFTER),
                new Source.Interpolation(other, 3),
                new Source.Control(other),
                new Source.Inpainting(other, Optional.of(picture)),
                new Source.Inpainting(other, Optional.empty()))) {
            requests.add(GenerationRequest.builder(
                            List.of(new Shot("a", "", Optional.empty(), List.of(source), Camera.UNSPECIFIED)))
                    .build());
        }
        requests.add(
                GenerationRequest.builder("a loop").loop(true).frameRate(25).build());
        int number = 0;
        for (GenerationRequest request : requests) {
            host.generator().submit("A" + number++, request, ANNA).await();
        }
        assertEquals(requests, generator.requests());
    }

    @Test
    void theSameIdFromTwoInstancesMakesOneClip() throws Exception {
        generator.hold();
        GenerationJob first = host(store).generator().submit("A1", BALL, ANNA);
        GenerationJob second = host(store).generator().submit("A1", BALL, ANNA);
        generator.complete();
        assertInstanceOf(JobState.Completed.class, first.await());
        assertInstanceOf(JobState.Completed.class, second.await());
        assertEquals(1, generator.requests().size());
        assertEquals(1, store.list().size());
        assertEquals(1, store.folders().size(), "no draft is left");
    }

    @Test
    void anotherInstanceFindsTheJobOfOneThatIsGone() throws Exception {
        generator.hold();
        RemoteHost killed = host();
        GenerationJob lost = killed.generator().submit("A1", BALL, ANNA);
        killed.close();
        assertInstanceOf(JobState.Suspended.class, lost.await());
        RemoteHost next = host();
        GenerationJob found = next.generator().job("A1").orElseThrow();
        assertInstanceOf(JobState.Running.class, found.state());
        assertEquals("a red ball", found.request().shots().get(0).prompt());
        assertEquals(Optional.of("editor"), found.requester().user());
        generator.complete();
        assertInstanceOf(JobState.Completed.class, found.await());
        assertInstanceOf(
                JobState.Completed.class,
                host().generator().job("A1").orElseThrow().await(),
                "and one that comes when it is done");
        assertTrue(next.generator().job("A2").isEmpty());
        assertEquals(1, generator.requests().size());
    }

    @Test
    void anAssetWhoseJobIsForgottenIsACompletedJob() throws Exception {
        host().generator().submit("A1", BALL, ANNA).await();
        generator.restart();
        GenerationJob again = host(store).generator().submit("A1", BALL, ANNA);
        assertInstanceOf(JobState.Completed.class, again.await());
        assertEquals(1, generator.requests().size());
    }

    @Test
    void anotherRequestOfAnIdGetsTheJobThatThereIs() throws Exception {
        generator.hold();
        host().generator().submit("A1", BALL, ANNA);
        GenerationJob other = host().generator().submit("A1", GenerationRequest.of("a tree"), ANNA);
        generator.complete();
        assertInstanceOf(JobState.Completed.class, other.await());
        assertEquals(List.of(BALL), generator.requests());
    }

    @Test
    void theProgressIsToldUntilTheEnd() throws Exception {
        generator.hold();
        GenerationJob job = host().generator().submit("A1", BALL, ANNA);
        List<JobState> states = new CopyOnWriteArrayList<>();
        job.observe(states::add);
        assertEquals(1, states.size());
        assertEquals("running", states.get(0).name());
        assertTrue(job.await(Duration.ofMillis(10)).isEmpty());
        generator.complete();
        assertTrue(
                job.await(Duration.ofSeconds(30)).isPresent(), "an event tells it, long before the job is asked for");
        assertEquals(
                List.of("running", "completed"),
                states.stream().map(JobState::name).toList());
        List<JobState> late = new ArrayList<>();
        job.observe(late::add);
        assertEquals("completed", late.get(0).name());
    }

    @Test
    void aFailureIsToldWithItsReasonAndTriedAgainByTheNextCall() throws Exception {
        generator.endWith(new JobState.Failed(new GenerationException(Reason.MEMORY, "memory ran out")));
        RemoteHost host = host();
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class, host.generator().submit("A1", BALL, ANNA).await());
        assertEquals(Reason.MEMORY, failed.cause().reason());
        assertEquals("memory ran out", failed.cause().getMessage());
        generator.hold();
        GenerationJob again = host.generator().submit("A1", BALL, ANNA);
        assertInstanceOf(JobState.Running.class, again.state());
    }

    @Test
    void aJobThatEndedWithoutAClipIsNotTakenForOneOfAnotherRequest() throws Exception {
        generator.endWith(new JobState.Failed(new GenerationException(Reason.MEMORY, "memory ran out")));
        RemoteHost host = host();
        host.generator().submit("A1", BALL, ANNA).await();
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> host.generator().submit("A1", GenerationRequest.of("a tree"), ANNA))
                .getMessage();
        assertTrue(String.valueOf(message).startsWith("job A1 is failed at the generator"), message);
    }

    @Test
    void aRefusalIsToldWithItsRule() throws Exception {
        generator.endWith(new JobState.Refused("violence", "violence is not drawn here"));
        assertEquals(
                new JobState.Refused("violence", "violence is not drawn here"),
                host().generator().submit("A1", BALL, ANNA).await());
    }

    @Test
    void aJobIsCancelledAtTheGenerator() throws Exception {
        generator.hold();
        GenerationJob job = host().generator().submit("A1", BALL, ANNA);
        host().generator().job("A1").orElseThrow().cancel();
        assertInstanceOf(JobState.Cancelled.class, job.await());
        assertInstanceOf(JobState.Cancelled.class, generator.jobs().get(0).state());
    }

    @Test
    void whatTheModelCannotDoIsTheCallersFault() throws Exception {
        generator.refuseWith(new GenerationException(Reason.UNSUPPORTED, "the model makes no clips of 9 s"));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> host().generator().submit("A1", BALL, ANNA))
                .getMessage();
        assertEquals("the model makes no clips of 9 s", message);
    }

    @Test
    void requestsWithoutAnIdGetOne() throws Exception {
        RemoteHost host = host();
        String first = host.generator().submit(BALL, ANNA).id();
        String second = host.generator().submit(BALL, ANNA).id();
        assertEquals(26, first.length());
        assertFalse(first.equals(second));
        assertEquals(
                Set.of(first, second),
                host.generator().jobs().stream().map(GenerationJob::id).collect(Collectors.toSet()));
    }

    @Test
    void aRequestIsPlannedThere() throws Exception {
        PlannedClip here = host().generator().plan(BALL);
        assertEquals(generator.plan(BALL), here);
        host().generator().check(BALL);
    }

    @Test
    void aStoryboardIsReadThere() throws Exception {
        String text = "a ball | one.png\na tree";
        Storyboard here = host().generator().storyboard("brief ä.yaml", text);
        assertEquals(generator.storyboard("x", text), here);
    }

    @Test
    void aSourceIsUploadedOnce() throws Exception {
        SourceStore sources = host().sources();
        byte[] content = SampleAsset.clip(1, 300_000);
        Media.Upload upload = sources.put(new ByteArrayInputStream(content), "day.mp4");
        assertEquals(KeptSources.upload("day.mp4", content), upload);
        assertTrue(sources.contains(upload.sha256()));
        assertFalse(sources.contains("0".repeat(64)));
        assertFalse(sources.contains("nonsense"));
        generator.sources().fill(); // it takes nothing any more
        assertEquals(
                upload.sha256(),
                sources.put(new ByteArrayInputStream(content), "again.mp4").sha256());
        assertThrows(
                SourceStore.FullException.class, () -> sources.put(new ByteArrayInputStream(new byte[5]), "other.mp4"));
        assertThrows(IOException.class, () -> sources.open(upload.sha256()));
        assertTrue(sources.open("0".repeat(64)).isEmpty());
    }

    @Test
    void aSourceThatCannotBeTakenIsRefusedByItsName() throws Exception {
        SourceStore sources = host().sources();
        assertEquals(1 << 20, sources.maxBytes());
        Exception large = assertThrows(
                SourceStore.TooLargeException.class,
                () -> sources.put(new ByteArrayInputStream(new byte[(1 << 20) + 1]), "large.mp4"));
        assertEquals("large.mp4 is larger than 1 MiB, the limit of a source", large.getMessage());
        Exception empty = assertThrows(
                IllegalArgumentException.class, () -> sources.put(new ByteArrayInputStream(new byte[0]), "empty.png"));
        assertEquals("empty.png is empty", empty.getMessage());
    }

    @Test
    void aFileIsExaminedThere(@TempDir Path folder) throws Exception {
        ProvenanceReport.TimeRange second = new ProvenanceReport.TimeRange(Duration.ZERO, Duration.ofMillis(1500));
        ProvenanceReport.Recovered clip = new ProvenanceReport.Recovered(
                "A1",
                "urn:c2pa:1",
                "0123456789abcdef",
                false,
                true,
                List.of(new ProvenanceReport.MatchedRange(second, second)),
                0.988,
                List.of("made"));
        report = new ProvenanceReport(
                ProvenanceReport.Verdict.POSSIBLE_COPY,
                new ProvenanceReport.Conclusion(
                        "It may be a copy.", List.of(new ProvenanceReport.Clause("copy", Map.of("asset", "A1")))),
                new ProvenanceReport.Manifest(
                        ProvenanceReport.ManifestState.UNREAD,
                        List.of(new ProvenanceReport.Status(
                                "code", ProvenanceReport.Status.Outcome.INFORMATIONAL, "self#", "why")),
                        "urn:c2pa:2",
                        "CN=Signer",
                        Optional.of(Instant.parse("2026-03-04T05:06:07Z")),
                        List.of("said"),
                        List.of(new ProvenanceReport.SoftBinding("org.patchreel.watermark.1", "00")),
                        List.of(ingredient(
                                List.of("claimSignature.mismatch"),
                                List.of(ingredient(List.of(), List.of()), ingredient(List.of(), List.of()))))),
                new ProvenanceReport.Watermark(List.of(new ProvenanceReport.Mark("0123456789abcdef", second))),
                List.of(clip, clip),
                Map.of("Label", "1", "ContentProducer", "Studio 工作室"));
        Path file = Files.write(folder.resolve("file.mp4"), new byte[3]);
        assertEquals(report, host().verifier().verify(file));
        report = new ProvenanceReport(
                ProvenanceReport.Verdict.UNKNOWN,
                "Nothing is known.",
                ProvenanceReport.Manifest.none(),
                new ProvenanceReport.Watermark(List.of()),
                List.of());
        assertEquals(report, host().verifier().verify(file));
        assertThrows(NoSuchFileException.class, () -> host().verifier().verify(folder.resolve("missing")));
        assertThrows(IOException.class, () -> host().verifier().verify(folder));
    }

    @Test
    void theManifestsOfAFileAreReadByTheGenerator(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("some.mp4"), new byte[3]);
        ContentCredentials credentials = host().verifier().contentCredentials(file);
        assertEquals(3, credentials.values().get("length"));
        assertEquals(List.of(), credentials.values().get("manifests"));
        assertThrows(NoSuchFileException.class, () -> host().verifier().contentCredentials(folder.resolve("missing")));
    }

    private static ProvenanceReport.Ingredient ingredient(
            List<String> failures, List<ProvenanceReport.Ingredient> ingredients) {
        return new ProvenanceReport.Ingredient(
                ProvenanceReport.Ingredient.Relationship.COMPONENT_OF,
                "part.mp4",
                "video/mp4",
                "urn:c2pa:3",
                "CN=Other",
                failures,
                ingredients);
    }

    @Test
    void aFileOfAnAssetIsReadFromAnyPosition() throws Exception {
        RemoteHost host = host();
        host.generator().submit("A1", BALL, ANNA).await();
        byte[] all = ScriptedGenerator.clip();
        try (SeekableByteChannel file =
                host.generator().asset("A1").orElseThrow().open(AssetFile.CLIP)) {
            assertEquals(all.length, file.size());
            ByteBuffer part = ByteBuffer.allocate(100);
            file.position(150_000);
            while (part.hasRemaining()) {
                file.read(part);
            }
            assertArrayEquals(Arrays.copyOfRange(all, 150_000, 150_100), part.array());
            file.position(all.length + 5L);
            assertEquals(-1, file.read(part.clear()));
            file.position(0);
            assertArrayEquals(all, Channels.newInputStream(file).readAllBytes());
        }
    }

    @Test
    void aStoppedGeneratorTakesNothing() throws Exception {
        RemoteHost host = host();
        host.close();
        assertThrows(IllegalStateException.class, () -> host.generator().submit("A1", BALL, ANNA));
        assertTrue(host.generator().job("A1").isEmpty());
    }
}
