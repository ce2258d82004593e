package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.SamplingPlan;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.impl.label.TestLabels;
import org.patchreel.impl.label.VisibleLabel;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.RemoteModel;

class RemoteProductionTest {

    private final FakeProvenance here = new FakeProvenance();
    private final FakeProvenance there = new FakeProvenance();
    private final Elsewhere model = new Elsewhere();
    private UnaryOperator<String> journey = UnaryOperator.identity();
    private Optional<VisibleLabel> label = Optional.empty();
    private Path folder;

    @BeforeEach
    void openFolder(@TempDir Path directory) {
        folder = directory;
    }

    /** Carries orders out as the process of a worker does: of order and clip it gets and gives texts alone. */
    private final class Elsewhere implements RemoteModel {

        private final FakeModel local = new FakeModel(FakeModel.adaptable("snow"));

        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public String produce(String id, String order, Path directory, GenerationMonitor monitor)
                throws GenerationException, GenerationCancelledException {
            assertEquals("ID1", id);
            Production production = new Production(FakeSinks::new, there, TestSources.none());
            Produced clip =
                    production.produce(WorkOrderJson.read(order), local, directory, folder.resolve("work"), monitor);
            return journey.apply(ProducedJson.write(clip));
        }

        @Override
        public ModelDescriptor descriptor() {
            return local.descriptor();
        }

        @Override
        public ModelHealth health() {
            return local.health();
        }

        @Override
        public SamplingPlan plan(ModelTask task) {
            return local.plan(task);
        }
    }

    private Produced produce() throws GenerationException, GenerationCancelledException, IOException {
        InstalledModels models = new InstalledModels();
        models.addModel(model, new FakeReference(0, 1));
        WorkOrder resolved = new RequestResolver(models, TestSources.none(), new Random(1))
                .resolve(
                        "ID1",
                        GenerationRequest.builder("a red ball")
                                .size(112, 80)
                                .adapters(List.of(new Adapter("snow", 0.8)))
                                .build())
                .order();
        WorkOrder order = label.map(resolved::labelled).orElse(resolved);
        Production production = new Production(
                () -> {
                    throw new AssertionError("nothing is encoded here");
                },
                here,
                TestSources.none());
        return production.produce(
                order, model, Files.createDirectories(folder.resolve("clip")), folder, GenerationMonitor.UNWATCHED);
    }

    private String refusal(Reason reason) {
        GenerationException refused = assertThrows(GenerationException.class, this::produce);
        assertEquals(reason, refused.reason(), refused.getMessage());
        return refused.getMessage();
    }

    @Test
    void aClipFromElsewhereIsKnownAsOneThatWasMadeHere() throws Exception {
        String[] text = new String[1];
        journey = json -> text[0] = json;
        Produced clip = produce();
        assertEquals("starter", clip.model().name());
        assertEquals("cpu, 2 threads", clip.model().device());
        assertEquals(1, clip.model().weights().size());
        assertEquals(new Adapter("snow", 0.8), clip.model().adapters().get(0).adapter());
        assertEquals("fake264", clip.codec());
        assertEquals(
                List.of("loading", "encoding-prompt", "sampling", "decoding", "encoding"),
                List.copyOf(clip.timings().keySet()));
        assertEquals(Optional.of(new SoftBinding("org.patchreel.none", "0123456789abcdef")), clip.watermark());
        assertTrue(clip.fingerprint().toBytes().length > 0);
        assertEquals(text[0], ProducedJson.write(clip));
        assertArrayEquals(
                new byte[17], Files.readAllBytes(folder.resolve("clip").resolve(AssetFile.CLIP.fileName())));
    }

    @Test
    void aClipWithTheMarkOfAnotherSecretIsRefused() {
        here.read = List.of();
        assertEquals(
                "the mark 0123456789abcdef cannot be read in the clip of a worker: give the worker the watermark secrets of"
                        + " this host",
                refusal(Reason.PROVENANCE));
        here.read = List.of("fedcba9876543210");
        refusal(Reason.PROVENANCE);
    }

    @Test
    void hostAndWorkerMarkBothOrNeither() throws Exception {
        there.marks = false;
        assertTrue(
                refusal(Reason.PROVENANCE).startsWith("this host marks clips, and the worker has not marked this one"));
        here.marks = false;
        assertEquals(Optional.empty(), produce().watermark());
        there.marks = true;
        refusal(Reason.PROVENANCE);
    }

    @Test
    void whatIsNoDescriptionOfAClipIsRefused() {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                json -> "",
                json -> "nonsense",
                json -> "{}",
                json -> "{\"version\":1}",
                json -> json.replace("\"version\":1", "\"version\":2"),
                json -> json.replace("\"fingerprint\":\"", "\"fingerprint\":\"AAAA"),
                json -> json.replaceAll("\"fingerprint\":\"[^\"]*\"", "\"fingerprint\":\"!\""),
                json -> json.replace("\"0123456789abcdef\"", "\"../x\""),
                json -> json.replace("\"fake264\"", "\"" + "x".repeat(3000) + "\""),
                json -> json.replaceAll("\"loading\":\\d+", "\"loading\":\"soon\""),
                json -> json.replaceAll("\"loading\":\\d+", "\"loading\":-1"),
                json -> json.replaceAll("\"weights\":\\[.*?]", "\"weights\":7"))) {
            journey = change;
            String message = refusal(Reason.INTERNAL);
            assertTrue(message.startsWith("what a worker tells of its clip is wrong: "), message);
        }
    }

    @Test
    void aWorkerThatSendsNoClipFails() {
        journey = json -> {
            try {
                Files.delete(folder.resolve("clip").resolve(AssetFile.CLIP.fileName()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return json;
        };
        assertEquals("a worker has sent no clip.mp4", refusal(Reason.INTERNAL));
    }

    @Test
    void aMasterComesAsItWasOrdered() throws Exception {
        label = Optional.of(TestLabels.generated(Map.of("profile", "custom", "text", "AI", "master", true)));
        Produced clip = produce();
        assertTrue(clip.master().isPresent());
        assertNotEquals(clip.fingerprint(), clip.master().get());
        assertEquals(17, Files.size(folder.resolve("clip").resolve(AssetFile.MASTER.fileName())));
    }

    @Test
    void aWorkerThatSendsNoMasterFails() {
        label = Optional.of(TestLabels.generated(Map.of("profile", "custom", "text", "AI", "master", true)));
        journey = json ->
                json.replaceAll("\"masterFingerprint\":\"[^\"]*\",?", "").replace(",}", "}");
        assertEquals("a worker has sent no master.mp4", refusal(Reason.INTERNAL));
    }

    @Test
    void aMasterThatWasNotOrderedIsRefused() {
        journey = json -> {
            try {
                Files.createFile(folder.resolve("clip").resolve(AssetFile.MASTER.fileName()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return json;
        };
        assertEquals("a worker has sent a master.mp4 that was not ordered", refusal(Reason.INTERNAL));
    }
}
