package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GenerationRequest;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

class ProductionAndPublicationTest {

    private static final GenerationRequest REQUEST =
            GenerationRequest.builder("a red ball").seed(7).size(64, 48).build();
    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

    private GenerationRequest request = REQUEST;
    private FakeStore store;
    private Path work;
    private CurrentStore stores;
    private final FakeSinks sinks = new FakeSinks();
    private FakeSinks configured = sinks;
    private final FakeProvenance provenance = new FakeProvenance();
    private final List<GenerationProgress> progress = new ArrayList<>();
    private BooleanSupplier cancelled = () -> false;

    @BeforeEach
    void openStore(@TempDir Path directory, @TempDir Path workFolder) {
        store = new FakeStore(directory);
        work = workFolder;
        stores = new CurrentStore(store, Duration.ZERO);
    }

    @AfterEach
    void everySinkIsClosed() {
        assertEquals(0, sinks.open);
        assertEquals(0, provenance.open);
    }

    @Test
    void storesAClipWithAllThatIsNeededToMakeItAgain() throws Exception {
        AssetReference asset = run(new FakeModel(FakeModel.starter()));
        assertEquals("ID1", asset.id());
        AssetMetadata metadata = store.find("ID1").orElseThrow().metadata();
        assertEquals("a red ball", metadata.prompt());
        assertEquals("blurred", metadata.negativePrompt());
        assertEquals("starter", metadata.model().name());
        assertEquals("cpu, 2 threads", metadata.model().device());
        assertEquals(
                "vae/diffusion_pytorch_model.safetensors",
                metadata.model().weights().get(0).path());
        assertEquals(7, metadata.sampling().seed());
        assertEquals(new FrameSize(64, 48), metadata.format().size());
        assertEquals(17, metadata.format().frameCount());
        assertTrue(metadata.generated().width() > metadata.generated().height());
        assertEquals("fake264", metadata.codec());
        assertEquals("1.2.3", metadata.version());
        assertEquals(FakeProvenance.SIGNED, metadata.provenance());
        assertEquals(List.of("ID1"), provenance.records);
        assertEquals(NOW, metadata.created());
        assertEquals(
                List.of("loading", "encoding-prompt", "sampling", "decoding", "encoding", "signing", "storing"),
                List.copyOf(metadata.timings().keySet()));
    }

    @Test
    void namesTheFilesOfAdaptersInTheMetadata() throws Exception {
        request =
                REQUEST.toBuilder().adapters(List.of(new Adapter("snow", 0.8))).build();
        FakeModel model = new FakeModel(FakeModel.adaptable("snow"));
        run(model);
        assertEquals(request.adapters(), model.tasks.get(0).adapters());
        assertEquals(
                List.of("cd".repeat(32) + " snow:0.8 snow.safetensors"),
                store.find("ID1").orElseThrow().metadata().model().adapters().stream()
                        .map(AssetMetadata.AdapterFile::toString)
                        .toList());
    }

    @Test
    void encodesAClipAsConfiguredWhenItBegan() throws Exception {
        FakeModel model = new FakeModel(FakeModel.starter(), at -> {
            if (at.equals("sampling")) {
                configured = new FakeSinks("later");
            }
        });
        run(model);
        assertEquals("fake264", store.find("ID1").orElseThrow().metadata().codec());
    }

    @Test
    void makesNothingWithoutAUsableConfiguration() throws Exception {
        VideoEncoders encoders = TestEncoders.configured("vp9", 80);
        FakeModel model = new FakeModel(FakeModel.starter());
        GenerationException failure = assertThrows(
                GenerationException.class,
                () -> run(model, () -> new MediaSinks(encoders.configured(), new JobPreviews())));
        assertEquals(Reason.ENCODING, failure.reason());
        assertEquals(
                "no clip can be encoded: org.patchreel.media: codec = vp9, expected h264 or av1", failure.getMessage());
        assertEquals(List.of(), model.tasks);
        assertNothingRemains();
    }

    @Test
    void tellsOfEveryStageToItsEnd() throws Exception {
        run(new FakeModel(FakeModel.starter()));
        for (Stage stage : Stage.values()) {
            List<GenerationProgress> told =
                    progress.stream().filter(each -> each.stage() == stage).toList();
            assertEquals(0, told.get(0).done(), stage.label());
            GenerationProgress last = told.get(told.size() - 1);
            assertEquals(last.total(), last.done(), stage.label());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loading", "encoding-prompt", "sampling", "frame 0", "frame 16"})
    void leavesNothingWhenTheModelFailsAtAnyPoint(String point) throws IOException {
        GenerationException cause = new GenerationException(Reason.DEVICE, "no such device: cuda:7");
        FakeModel model = new FakeModel(FakeModel.starter(), at -> {
            if (at.equals(point)) {
                throw cause;
            }
        });
        assertSame(cause, assertThrows(GenerationException.class, () -> run(model)));
        assertNothingRemains();
    }

    @ParameterizedTest
    @ValueSource(strings = {"loading", "encoding-prompt", "sampling", "frame 0", "frame 16"})
    void leavesNothingWhenItIsCancelledAtAnyPoint(String point) throws IOException {
        boolean[] stop = new boolean[1];
        cancelled = () -> stop[0];
        FakeModel model = new FakeModel(FakeModel.starter(), at -> stop[0] |= at.equals(point));
        assertThrows(GenerationCancelledException.class, () -> run(model));
        assertNothingRemains();
    }

    @Test
    void leavesNothingWhenItIsCancelledWhileItStores() throws IOException {
        cancelled = () -> progress.stream().anyMatch(each -> each.stage() == Stage.STORING);
        assertThrows(GenerationCancelledException.class, () -> run(new FakeModel(FakeModel.starter())));
        assertNothingRemains();
    }

    @Test
    void generatesNothingThatCouldNotBeSigned() throws IOException {
        provenance.checkFailure = new GenerationException(Reason.PROVENANCE, "the certificate has expired");
        FakeModel model = new FakeModel(FakeModel.starter());
        assertSame(provenance.checkFailure, assertThrows(GenerationException.class, () -> run(model)));
        assertTrue(model.tasks.isEmpty());
        assertNothingRemains();
    }

    @Test
    void generatesNothingThatCouldNotBeMarked() throws IOException {
        provenance.markFailure = new GenerationException(Reason.PROVENANCE, "no watermarker is there");
        FakeModel model = new FakeModel(FakeModel.starter());
        assertSame(provenance.markFailure, assertThrows(GenerationException.class, () -> run(model)));
        assertTrue(model.tasks.isEmpty());
        assertNothingRemains();
    }

    @Test
    void signsAClipAsConfiguredWhenItBegan() throws Exception {
        provenance.signs = false;
        run(new FakeModel(FakeModel.starter(), at -> provenance.signs = true));
        assertEquals(
                Optional.empty(),
                store.find("ID1").orElseThrow().metadata().provenance().manifest());
        assertEquals(List.of(), provenance.records);
    }

    @Test
    void storesNothingThatWasNotSigned() throws IOException {
        provenance.signFailure = new GenerationException(Reason.PROVENANCE, "the token was pulled out");
        assertSame(
                provenance.signFailure,
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter()))));
        assertNothingRemains();
    }

    @Test
    void saysThatMemoryRanOut() throws IOException {
        FakeModel model = new FakeModel(FakeModel.starter(), at -> {
            throw new OutOfMemoryError("Java heap space");
        });
        GenerationException failure = assertThrows(GenerationException.class, () -> run(model));
        assertEquals(Reason.MEMORY, failure.reason());
        assertEquals("memory ran out while making 17 frames of 112x80: Java heap space", failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void reportsFaultsOfAModelAsInternal() throws IOException {
        FakeModel model = new FakeModel(FakeModel.starter(), at -> {
            throw new UnsatisfiedLinkError("libtorch_cpu.so: cannot open\nshared object file");
        });
        GenerationException failure = assertThrows(GenerationException.class, () -> run(model));
        assertEquals(Reason.INTERNAL, failure.reason());
        assertEquals("model starter failed: libtorch_cpu.so: cannot open", failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void refusesAClipThatLacksFrames() throws IOException {
        FakeModel model = new FakeModel(FakeModel.starter());
        model.missingFrames = 2;
        GenerationException failure = assertThrows(GenerationException.class, () -> run(model));
        assertEquals("model starter made 15 frames instead of 17", failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void namesAnEncoderThatCannotBeOpened() throws IOException {
        sinks.openFailure = new IOException("no H.264 encoder: libx264");
        GenerationException failure =
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())));
        assertEquals(Reason.ENCODING, failure.reason());
        assertEquals("the clip cannot be written: no H.264 encoder: libx264", failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void reportsTheSinksFailureWhateverTheModelMakesOfIt() throws IOException {
        sinks.thirdFrameFailure = new IOException("clip.mp4: encoder gave up");
        GenerationException failure =
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())));
        assertEquals(Reason.ENCODING, failure.reason());
        assertEquals("the clip cannot be written: clip.mp4: encoder gave up", failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void reportsAClipThatCannotBeCompleted() throws IOException {
        sinks.closeFailure = new AccessDeniedException("clip.mp4");
        GenerationException failure =
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())));
        assertEquals(Reason.STORAGE, failure.reason());
        assertEquals("the clip cannot be written: AccessDeniedException clip.mp4", failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void reportsAStoreThatTakesNothing() throws IOException {
        store.openFailure = new IOException("/assets: read-only file system");
        GenerationException failure =
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())));
        assertEquals(Reason.STORAGE, failure.reason());
        assertEquals("asset ID1 cannot be stored: /assets: read-only file system", failure.getMessage());

        store.openFailure = null;
        store.commitFailure = new IOException("/assets: no space left");
        assertEquals(
                Reason.STORAGE,
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())))
                        .reason());
        assertNothingRemains();
    }

    /** What throws is blamed, and not the model: whoever reads the reason looks for the cause there. */
    @Test
    void blamesWhateverPartHasThrown() throws IOException {
        RuntimeException fault = new IllegalStateException("the service was stopped");
        store.openFailure = fault;
        assertFailure(Reason.STORAGE, "asset ID1 cannot be stored: the service was stopped");
        store.openFailure = null;
        store.commitFailure = fault;
        assertFailure(Reason.STORAGE, "asset ID1 cannot be stored: the service was stopped");
        store.commitFailure = null;
        provenance.markFailure = fault;
        assertFailure(Reason.PROVENANCE, "no clip can be marked: the service was stopped");
        provenance.markFailure = null;
        provenance.checkFailure = fault;
        assertFailure(Reason.PROVENANCE, "no clip can be signed: the service was stopped");
        provenance.checkFailure = null;
        provenance.signFailure = fault;
        assertFailure(Reason.PROVENANCE, "the clip cannot be signed: the service was stopped");
        provenance.signFailure = null;
        sinks.openFailure = fault;
        assertFailure(Reason.ENCODING, "the clip cannot be written: the service was stopped");
        sinks.openFailure = null;
        sinks.thirdFrameFailure = fault;
        assertFailure(Reason.ENCODING, "the clip cannot be written: the service was stopped");
        sinks.thirdFrameFailure = null;
        sinks.closeFailure = fault;
        assertFailure(Reason.ENCODING, "the clip cannot be written: the service was stopped");
    }

    private void assertFailure(Reason reason, String message) throws IOException {
        GenerationException failure =
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())));
        assertEquals(reason, failure.reason());
        assertEquals(message, failure.getMessage());
        assertNothingRemains();
    }

    @Test
    void finishesAClipInTheStoreThatItWasBegunIn(@TempDir Path elsewhere) throws Exception {
        FakeStore other = new FakeStore(elsewhere);
        run(replacingTheStoreBy(other));
        assertEquals(List.of("ID1"), List.copyOf(store.assets.keySet()));
        assertEquals(List.of(), other.remains());
    }

    @Test
    void storesAClipInTheOtherStoreIfItsOwnWasReplacedAndWorksNoMore(@TempDir Path elsewhere) throws Exception {
        FakeStore other = new FakeStore(elsewhere);
        store.commitFailure = new IOException("the repository was shut down");
        run(replacingTheStoreBy(other));
        assertEquals("a red ball", other.find("ID1").orElseThrow().metadata().prompt());
        assertEquals(17, Files.size(elsewhere.resolve("ID1/clip.mp4")));
        assertEquals(List.of(), store.remains());
        assertEquals(List.of("ID1"), provenance.records);
    }

    @Test
    void namesTheStoreThatWentWhileAClipWasMade() throws Exception {
        store.commitFailure = new IOException("the repository was shut down");
        GenerationException failure = assertThrows(GenerationException.class, () -> run(replacingTheStoreBy(null)));
        assertEquals(Reason.STORAGE, failure.reason());
        assertEquals(
                "asset ID1 cannot be stored: its store went while the clip was made:"
                        + " org.patchreel.impl.generator.FakeStore (the repository was shut down); no asset store is"
                        + " there; see doctor",
                failure.getMessage());
        assertNothingRemains();
        assertEquals(
                "asset ID1 cannot be stored: no asset store is there; see doctor",
                assertThrows(GenerationException.class, () -> run(new FakeModel(FakeModel.starter())))
                        .getMessage());
    }

    @Test
    void namesBothStoresIfNeitherTakesTheClip(@TempDir Path elsewhere) throws Exception {
        FakeStore other = new FakeStore(elsewhere);
        other.openFailure = new IOException("/assets: read-only file system");
        store.commitFailure = new IOException("the repository was shut down");
        GenerationException failure = assertThrows(GenerationException.class, () -> run(replacingTheStoreBy(other)));
        assertEquals(
                "asset ID1 cannot be stored: its store was replaced while the clip was made, and takes it no more:"
                        + " org.patchreel.impl.generator.FakeStore (the repository was shut down); nor does"
                        + " org.patchreel.impl.generator.FakeStore (/assets: read-only file system)",
                failure.getMessage());
        assertNothingRemains();
    }

    private FakeModel replacingTheStoreBy(@Nullable FakeStore other) {
        return new FakeModel(FakeModel.starter(), at -> {
            if (at.equals("sampling")) {
                stores.replace(other);
            }
        });
    }

    private AssetReference run(FakeModel model) throws GenerationException, GenerationCancelledException {
        return run(model, () -> configured);
    }

    private AssetReference run(FakeModel model, Supplier<ClipSinks> clipSinks)
            throws GenerationException, GenerationCancelledException {
        InstalledModels models = new InstalledModels();
        models.addModel(model, new FakeReference(0, 1));
        WorkOrder order = new RequestResolver(models, TestSources.none(), new Random(1))
                .resolve("ID1", request)
                .order();
        GenerationMonitor monitor = new GenerationMonitor() {
            @Override
            public void progress(GenerationProgress each) {
                progress.add(each);
            }

            @Override
            public boolean cancelled() {
                return cancelled.getAsBoolean();
            }
        };
        Production production = new Production(clipSinks, provenance, TestSources.none());
        Publication publication = new Publication(
                stores,
                provenance,
                TestSources.none(),
                (source, file) -> SourceOrigin.UNKNOWN,
                TestAudit.admission(),
                TestAudit.audit(),
                "1.2.3",
                () -> NOW);
        try (Publication.Draft draft = publication.begin(order, monitor)) {
            Produced clip = production.produce(order, model, draft.directory(), work, monitor);
            Publication.Stored stored = draft.publish(clip, Optional.empty(), monitor);
            assertTrue(((FakeStore) stored.store()).find("ID1").isPresent());
            return stored.asset();
        }
    }

    private void assertNothingRemains() throws IOException {
        assertEquals(List.of(), store.remains());
        assertTrue(store.assets.isEmpty());
        assertEquals(List.of(), provenance.records);
    }
}
