package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.OutputKind;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.HumanOversight;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.impl.label.TestLabels;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.impl.signing.DevelopmentSigner;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.RecoveringVerifier;
import org.patchreel.impl.verify.TestStores;
import org.patchreel.impl.watermark.SeededWatermarks;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.Watermarker;

/** Keys are rotated and services are replaced while a clip is made. */
class PublicationTest {

    private static final VideoFormat FORMAT = new VideoFormat(64, 48, 9, 8);

    private static final WorkOrder ORDER = order(OutputKind.CLIP, FORMAT);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestEmbedder embedder;
    private FakeStore store;
    private ClaimSigner signer;

    private Optional<AssetMetadata.Provider> provider = Optional.empty();
    private ManifestRepository manifests;
    private Publication publication;

    @SuppressWarnings("NullAway.Init") // start
    PublicationTest() {}

    @BeforeEach
    void start() throws Exception {
        embedder = new ManifestEmbedder(new ManifestValidator(TrustList.read(List.of(), Set.of()), Clock.systemUTC()));
        store = new FakeStore(Files.createDirectory(folder.resolve("assets")));
        manifests = TestStores.in(Files.createDirectory(folder.resolve("a")));
        ClaimSigner.Credential credential = DevelopmentSigner.in(folder.resolve("old"));
        signer = () -> credential;
        Signing signing = new Signing() {
            @Override
            public boolean signs() {
                return true;
            }

            @Override
            public Optional<AssetMetadata.Provider> provider() {
                return provider;
            }

            @Override
            public void check() throws GenerationException {
                RecordedSignature.check(services());
            }

            @Override
            public Signature sign(ClipSigner.Unsigned clip) throws GenerationException {
                return RecordedSignature.of(services(), clip);
            }
        };
        publication = new Publication(
                new CurrentStore(store, Duration.ZERO),
                signing,
                TestSources.none(),
                (source, file) -> SourceOrigin.UNKNOWN,
                TestAudit.admission(),
                TestAudit.audit(),
                "1.2.3",
                InstantSource.system());
    }

    @AfterEach
    void close() {
        manifests.close();
    }

    @Test
    void signsWithTheKeyThatIsConfiguredWhenTheClipIsSigned() throws Exception {
        ClaimSigner.Credential rotated = DevelopmentSigner.in(folder.resolve("new"));
        Path clip;
        try (Publication.Draft draft = publication.begin(ORDER, GenerationMonitor.UNWATCHED)) {
            Produced made = make(draft);
            signer = () -> rotated;
            draft.publish(made, Optional.empty(), GenerationMonitor.UNWATCHED);
            clip = clip(draft);
        }
        assertTrue(store.find("ID1")
                .orElseThrow()
                .metadata()
                .provenance()
                .manifest()
                .isPresent());
        assertTrue(manifests.find("ID1").isPresent());
        assertEquals(ManifestState.TRUSTED, trusting("new").validate(clip).state());
        assertEquals(ManifestState.VALID, trusting("old").validate(clip).state());
    }

    /** As California's SB 942 wants: provider, system and version, time, and a unique ID. */
    @Test
    void metadataAndManifestNameTheProviderAndItsDetector() throws Exception {
        provider = Optional.of(
                new AssetMetadata.Provider("Example Studio", Optional.of("https://studio.example/detector/")));
        Path clip;
        try (Publication.Draft draft = publication.begin(ORDER, GenerationMonitor.UNWATCHED)) {
            draft.publish(make(draft), Optional.empty(), GenerationMonitor.UNWATCHED);
            clip = clip(draft);
        }
        AssetMetadata metadata = store.find("ID1").orElseThrow().metadata();
        assertEquals(provider, metadata.provider());
        ProvenanceReport.Manifest manifest = trusting("old").validate(clip);
        assertEquals(ManifestState.TRUSTED, manifest.state());
        for (String said : List.of(
                "this manifest was made by “Patchreel 1.2.3”",
                "the system that made the file is provided by “Example Studio”",
                "a tool that recognises its files is at “https://studio.example/detector/”",
                ", at “"
                        + metadata.created()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()
                                .substring(0, 16))) {
            assertTrue(manifest.statements().stream().anyMatch(each -> each.contains(said)), said);
        }
        assertEquals(
                manifest.label(), metadata.provenance().manifest().orElseThrow().label());
    }

    @Test
    void metadataAndManifestSayWhatTheRequesterStatesOfTheRights() throws Exception {
        Rights rights = new Rights(
                Optional.of("Anna"), Optional.of("© Studio"), Optional.of(Instant.parse("2027-06-30T00:00:00Z")));
        WorkOrder stated = new WorkOrder(
                ORDER.id(),
                ORDER.model(),
                ORDER.shots(),
                ORDER.output(),
                ORDER.destination(),
                ORDER.sourceType(),
                ORDER.label(),
                rights);
        Path clip;
        try (Publication.Draft draft = publication.begin(stated, GenerationMonitor.UNWATCHED)) {
            draft.publish(make(draft), Optional.empty(), GenerationMonitor.UNWATCHED);
            clip = clip(draft);
        }
        assertEquals(rights, store.find("ID1").orElseThrow().metadata().rights());
        ProvenanceReport.Manifest manifest = trusting("old").validate(clip);
        assertEquals(ManifestState.TRUSTED, manifest.state());
        assertTrue(
                manifest.statements()
                        .contains("The signer says that these rights were stated: creator “Anna”, copyright “© Studio”,"
                                + " expires “2027-06-30T00:00:00Z”."),
                manifest.statements()::toString);
    }

    /** A validator that trusts the authority of the key in a folder. */
    private ManifestValidator trusting(String key) throws IOException {
        Path authority = folder.resolve(key).resolve("development-ca.pem");
        return new ManifestValidator(TrustList.read(List.of(authority), Set.of()), Clock.systemUTC());
    }

    /** Marked, signed and recorded as a clip is: a copy without a manifest leads back to it. */
    @Test
    void aStrippedCopyOfAPublishedStillIsRecovered() throws Exception {
        VideoFormat format = new VideoFormat(512, 512, 1, 24);
        WorkOrder order = order(OutputKind.STILL, format);
        Watermarker watermarker = SeededWatermarks.of(1, 0x47e5319293c100abL);
        ManifestValidator validator = trusting("old");
        Path still;
        try (Publication.Draft draft = publication.begin(order, GenerationMonitor.UNWATCHED)) {
            MarkedFrames marked = new MarkedFrames(order, Optional.of(watermarker), next -> next);
            MediaSinks sinks = new MediaSinks(TestEncoders.h264().configured(), new JobPreviews());
            try (FrameSink sink = sinks.open(draft.directory(), order, List.of(), marked::into)) {
                sink.accept(grained(format));
            }
            Produced made = new Produced(
                    new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu", "fp32", List.of()),
                    sinks.codec(order),
                    Map.of(),
                    List.of(),
                    marked.softBinding(),
                    marked.fingerprint(),
                    marked.masterFingerprint());
            draft.publish(made, Optional.empty(), GenerationMonitor.UNWATCHED);
            still = draft.directory().resolve(AssetFile.STILL.fileName());
        }
        assertEquals(
                OutputKind.STILL, store.find("ID1").orElseThrow().metadata().kind());
        RecoveringVerifier verifier = new RecoveringVerifier(watermarker, validator, manifests);
        ProvenanceReport signed = verifier.verify(still);
        assertEquals(Verdict.SIGNED, signed.verdict(), signed.toString());
        assertEquals(ManifestState.TRUSTED, signed.manifest().state());
        Path copy = folder.resolve("copy.jpg");
        ImageIO.write(ImageIO.read(still.toFile()), "jpeg", copy.toFile());
        ProvenanceReport recovered = verifier.verify(copy);
        assertEquals(Verdict.RECOVERED, recovered.verdict(), recovered.toString());
        assertEquals("ID1", recovered.recovered().get(0).assetId());
    }

    @Test
    void aMasterIsSignedForItselfAndLeadsToItsAsset() throws Exception {
        VideoFormat format = new VideoFormat(512, 512, 6, 8);
        WorkOrder order = order(OutputKind.CLIP, format)
                .labelled(TestLabels.generated(Map.of("profile", "kr", "height.percent", 12, "master", true)));
        Watermarker watermarker = SeededWatermarks.of(1, 0x47e5319293c100abL);
        Path master;
        Path clip;
        try (Publication.Draft draft = publication.begin(order, GenerationMonitor.UNWATCHED)) {
            MarkedFrames marked = new MarkedFrames(order, Optional.of(watermarker), next -> next);
            ClipSinks sinks = new MediaSinks(TestEncoders.h264().configured(), new JobPreviews());
            try (FrameSink sink = sinks.open(draft.directory(), order, List.of(), marked::into)) {
                VideoFrame frame = grained(format);
                for (int i = 0; i < format.frameCount(); i++) {
                    sink.accept(frame);
                }
            }
            Produced made = new Produced(
                    new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu", "fp32", List.of()),
                    sinks.codec(order),
                    Map.of(),
                    List.of(),
                    marked.softBinding(),
                    marked.fingerprint(),
                    marked.masterFingerprint());
            draft.publish(made, Optional.empty(), GenerationMonitor.UNWATCHED);
            master = draft.directory().resolve(AssetFile.MASTER.fileName());
            clip = clip(draft);
        }
        RecoveringVerifier verifier = new RecoveringVerifier(watermarker, trusting("old"), manifests);
        ProvenanceReport ofClip = verifier.verify(clip);
        ProvenanceReport ofMaster = verifier.verify(master);
        String asset = ofClip.manifest().label();
        assertEquals(
                Optional.of(asset),
                store.find("ID1")
                        .orElseThrow()
                        .metadata()
                        .provenance()
                        .manifest()
                        .map(AssetMetadata.SignedManifest::label));
        for (ProvenanceReport report : List.of(ofClip, ofMaster)) {
            assertEquals(Verdict.SIGNED, report.verdict(), report.toString());
            assertEquals(ManifestState.TRUSTED, report.manifest().state());
            assertEquals(ProvenanceReport.Origin.THIS_INSTALLATION, report.origin());
            assertEquals("ID1", report.recovered().get(0).assetId());
            assertTrue(report.recovered().get(0).manifestCarried());
        }
        assertNotEquals(asset, ofMaster.manifest().label());
        assertEquals(ofClip.manifest().softBindings(), ofMaster.manifest().softBindings());
        assertEquals(1, statements(ofClip, "AI로 생성됨"));
        assertEquals(0, statements(ofMaster, "AI로 생성됨"), "nothing was written into it");
        Path copy = folder.resolve("copy.mp4");
        try (FrameSink encoder = TestEncoders.h264().open(copy, format);
                ClipReader frames = ClipReader.open(master)) {
            for (Optional<VideoFrame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                encoder.accept(frame.get());
            }
        }
        ProvenanceReport recovered = verifier.verify(copy);
        assertEquals(Verdict.RECOVERED, recovered.verdict(), recovered.toString());
        assertEquals(1, recovered.recovered().size());
        assertEquals("ID1", recovered.recovered().get(0).assetId());
    }

    private static long statements(ProvenanceReport report, String said) {
        return report.manifest().statements().stream()
                .filter(each -> each.contains(said))
                .count();
    }

    @Test
    void aMasterThatCannotBeSignedIsNotStoredNorIsItsClip() throws Exception {
        WorkOrder order = ORDER.labelled(TestLabels.generated(Map.of("profile", "kr", "master", true)));
        try (Publication.Draft draft = publication.begin(order, GenerationMonitor.UNWATCHED)) {
            Produced made = make(draft);
            // no file is there
            Produced mastered = new Produced(
                    made.model(),
                    made.codec(),
                    made.timings(),
                    made.notes(),
                    made.watermark(),
                    made.fingerprint(),
                    Optional.of(made.fingerprint()));
            GenerationException failure = assertThrows(
                    GenerationException.class,
                    () -> draft.publish(mastered, Optional.empty(), GenerationMonitor.UNWATCHED));
            assertEquals(Reason.PROVENANCE, failure.reason());
        }
        assertEquals(0, manifests.count());
        assertEquals(List.of(), store.remains());
    }

    private static WorkOrder order(OutputKind kind, VideoFormat format) {
        return new WorkOrder(
                "ID1",
                "starter",
                List.of(new WorkShot(
                        new ModelTask("a red ball", "", format, new SamplingParameters(3, 20, 3), List.of()),
                        List.of(),
                        new WorkShot.GivenPrompt("a red ball", List.of()),
                        WorkShot.Opening.CUT,
                        format.frameCount(),
                        format.frameCount())),
                new WorkOrder.Output(kind, format, FrameInterpolation.REPEAT, Fit.COVER, false),
                Destination.DEFAULT,
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
    }

    private static VideoFrame grained(VideoFormat format) {
        ByteBuffer rgb = ByteBuffer.allocate(3 * format.width() * format.height());
        ByteBuffer smooth = new Scene(5).frame(format, 0).rgb();
        Random random = new Random(5);
        while (rgb.hasRemaining()) {
            rgb.put((byte) Math.max(0, Math.min(255, (smooth.get() & 0xff) + random.nextInt(-8, 8))));
        }
        return new VideoFrame(format.width(), format.height(), rgb.flip());
    }

    @Test
    void beginsNothingWithoutAKey() throws Exception {
        signer = () -> {
            throw new KeyStoreException("/keys/claims.p12: no such keystore");
        };
        GenerationException failure =
                assertThrows(GenerationException.class, () -> publication.begin(ORDER, GenerationMonitor.UNWATCHED));
        assertEquals(Reason.PROVENANCE, failure.reason());
        assertEquals("no clip can be signed: /keys/claims.p12: no such keystore", failure.getMessage());
        assertEquals(List.of(), store.remains());
    }

    @Test
    void failsWithTheReasonIfTheKeyIsGoneWhenTheClipIsSigned() throws Exception {
        try (Publication.Draft draft = publication.begin(ORDER, GenerationMonitor.UNWATCHED)) {
            Produced made = make(draft);
            byte[] unsigned = Files.readAllBytes(clip(draft));
            signer = () -> {
                throw new KeyStoreException("/keys/claims.p12: no such keystore");
            };
            GenerationException failure = assertThrows(
                    GenerationException.class,
                    () -> draft.publish(made, Optional.empty(), GenerationMonitor.UNWATCHED));
            assertEquals(Reason.PROVENANCE, failure.reason());
            assertEquals("the clip cannot be signed: /keys/claims.p12: no such keystore", failure.getMessage());
            assertEquals(unsigned.length, Files.size(clip(draft)));
        }
        assertEquals(0, manifests.count());
        assertEquals(List.of(), store.remains());
    }

    @Test
    void recordsInTheManifestRepositoryThatIsThereWhenTheClipIsSigned() throws Exception {
        ManifestRepository first = manifests;
        try (ManifestRepository second = TestStores.in(Files.createDirectory(folder.resolve("b")))) {
            try (Publication.Draft draft = publication.begin(ORDER, GenerationMonitor.UNWATCHED)) {
                Produced made = make(draft);
                first.close();
                manifests = second;
                boolean[] recorded = new boolean[1];
                store.commitFailure = new IOException("/assets: no space left");
                assertThrows(
                        GenerationException.class,
                        () -> draft.publish(made, Optional.empty(), new GenerationMonitor() {
                            @Override
                            public void progress(GenerationProgress progress) {
                                if (isRecorded(second)) {
                                    recorded[0] = true;
                                    manifests = first;
                                }
                            }

                            @Override
                            public boolean cancelled() {
                                return false;
                            }
                        }));
                assertTrue(recorded[0]);
            }
            assertFalse(isRecorded(second), "the clip was not stored, and its record goes where it is");
            assertFalse(isRecorded(first));
        }
    }

    @Test
    void storesNoClipWhoseManifestCannotBeRememberedBecauseTheDiskIsFull() throws Exception {
        TestStores.fill(manifests, true);
        try (Publication.Draft draft = publication.begin(ORDER, GenerationMonitor.UNWATCHED)) {
            Produced made = make(draft);
            GenerationException failure = assertThrows(
                    GenerationException.class,
                    () -> draft.publish(made, Optional.empty(), GenerationMonitor.UNWATCHED));
            assertEquals(GenerationException.Reason.PROVENANCE, failure.reason());
            assertTrue(failure.getMessage().contains(folder.resolve("a/manifests.db") + ": "), failure.getMessage());
            assertTrue(failure.getMessage().contains("full"), failure.getMessage());
        }
        assertEquals(List.of(), store.remains());
        assertFalse(isRecorded(manifests));
        TestStores.fill(manifests, false);
        try (Publication.Draft draft = publication.begin(ORDER, GenerationMonitor.UNWATCHED)) {
            draft.publish(make(draft), Optional.empty(), GenerationMonitor.UNWATCHED);
        }
        assertTrue(isRecorded(manifests), "there is space again");
    }

    private static boolean isRecorded(ManifestRepository in) {
        try {
            return in.find("ID1").isPresent();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ClipSigner services() {
        return new ClipSigner(embedder, signer, manifests, "1.2.3", () -> HumanOversight.FULLY_AUTONOMOUS);
    }

    private static Path clip(Publication.Draft draft) {
        return draft.directory().resolve(AssetFile.CLIP.fileName());
    }

    private static Produced make(Publication.Draft draft) throws IOException {
        MarkedFrames marked = new MarkedFrames(ORDER, Optional.empty(), next -> next);
        try (FrameSink sink = marked.into(TestEncoders.h264().open(clip(draft), FORMAT), Optional.empty())) {
            for (int i = 0; i < FORMAT.frameCount(); i++) {
                sink.accept(TestFrames.moving(FORMAT.width(), FORMAT.height(), i));
            }
        }
        Files.write(draft.directory().resolve(AssetFile.POSTER.fileName()), new byte[] {1, 2, 3});
        return new Produced(
                new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu", "fp32", List.of()),
                "libopenh264",
                Map.of(),
                List.of(),
                marked.softBinding(),
                marked.fingerprint(),
                marked.masterFingerprint());
    }
}
