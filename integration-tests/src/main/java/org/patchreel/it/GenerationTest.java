package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Destination;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationEvents;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.VideoModel;

/** Clips from the starter model, made in few steps. */
@Timeout(300)
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
class GenerationTest {

    private static final GenerationRequest REQUEST = GenerationRequest.builder("a red ball rolls past a tree")
            .seed(7)
            .steps(4)
            .size(160, 112)
            .build();

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private VideoGenerator generator;
    private AssetStore store;
    private ServiceRegistration<EventHandler> handler;

    @BeforeEach
    void listen(
            @InjectBundleContext BundleContext context,
            @InjectService(timeout = 30_000) VideoGenerator videoGenerator,
            @InjectService(timeout = 30_000) AssetStore assetStore,
            @InjectService(timeout = 30_000) VideoModel installed) {
        assertEquals("starter", installed.descriptor().name());
        generator = videoGenerator;
        store = assetStore;
        handler = context.registerService(
                EventHandler.class,
                events::add,
                FrameworkUtil.asDictionary(Map.of(EventConstants.EVENT_TOPIC, GenerationEvents.TOPIC_PREFIX + "*")));
    }

    @AfterEach
    void stopListening() {
        handler.unregister();
    }

    @Test
    void makesAnMp4OfTheSizeLengthAndRateThatWereAskedFor() throws Exception {
        JobState.Completed end = assertInstanceOf(
                JobState.Completed.class,
                end(generator.submit(
                        REQUEST.toBuilder().seconds(1).frameRate(12).build(), Requester.UNKNOWN)));
        Path clip = Path.of(end.asset().location());
        ClipFile read = ClipFile.read(clip);
        assertEquals(avcodec.AV_CODEC_ID_H264, read.codec());
        assertEquals(new FrameSize(160, 112), read.size());
        assertEquals(12, read.frames().size());
        assertEquals(12.0, read.frameRate(), 1e-6);
        assertEquals(1.0, read.seconds(), 1e-3);
        for (byte[] frame : read.frames()) {
            assertTrue(spread(frame) > 20, "a frame is of one colour");
        }
        assertFalse(Arrays.equals(read.frames().get(0), read.frames().get(11)), "nothing moves");
        assertTrue(Files.size(clip.resolveSibling(AssetFile.POSTER.fileName())) > 100);
        assertTrue(Files.size(clip.resolveSibling(AssetFile.CONTACT_SHEET.fileName())) > 100);

        AssetMetadata metadata = store.find(end.asset().id()).orElseThrow().metadata();
        assertEquals("a red ball rolls past a tree", metadata.prompt());
        assertEquals(7, metadata.sampling().seed());
        assertEquals("starter", metadata.model().name());
        assertFalse(metadata.model().weights().isEmpty());
        assertTrue(metadata.timings().keySet().containsAll(List.of("sampling", "decoding", "storing")));
        assertTrue(store.list().stream()
                .anyMatch(asset -> asset.id().equals(end.asset().id())));
    }

    /** Each clip has a mark of its own, which moves a sample by a few levels at most. */
    @Test
    void makesTheSamePicturesAgainFromTheSameSeedAndOthersFromAnother() throws Exception {
        List<byte[]> first = frames(REQUEST);
        List<byte[]> again = frames(REQUEST);
        List<byte[]> other = frames(REQUEST.toBuilder().seed(8).build());
        double same = difference(first.get(0), again.get(0));
        double different = difference(first.get(0), other.get(0));
        assertTrue(same < 4, "mean difference in levels: " + same);
        assertTrue(different > 2 * same, "mean differences in levels: " + same + ", " + different);
    }

    private static double difference(byte[] one, byte[] other) {
        assertEquals(one.length, other.length);
        long sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs((one[i] & 255) - (other[i] & 255));
        }
        return (double) sum / one.length;
    }

    @Test
    void marksAndSignsWhatItMakes(@InjectService(timeout = 30_000) ProvenanceVerifier verifier) throws Exception {
        JobState.Completed end = assertInstanceOf(
                JobState.Completed.class,
                end(generator.submit(REQUEST.toBuilder().size(384, 384).build(), Requester.UNKNOWN)));
        AssetMetadata.Provenance provenance =
                store.find(end.asset().id()).orElseThrow().metadata().provenance();
        AssetMetadata.SignedManifest manifest = provenance.manifest().orElseThrow();
        assertTrue(manifest.signer().contains("development"), manifest.signer());

        ProvenanceReport report = verifier.verify(Path.of(end.asset().location()));
        assertEquals(ProvenanceReport.Verdict.SIGNED, report.verdict(), report.sentence());
        assertEquals(ProvenanceReport.ManifestState.VALID, report.manifest().state());
        assertEquals(manifest.label(), report.manifest().label());
        String id = provenance.watermarkId().orElseThrow();
        assertEquals(id, report.manifest().softBindings().get(0).value());
        assertTrue(
                report.watermark().marks().stream().anyMatch(mark -> mark.id().equals(id)), "the mark is not read");
        assertEquals(end.asset().id(), report.recovered().get(0).assetId());
    }

    @Test
    void storesNothingThatItCannotSign(@InjectBundleContext BundleContext context) throws Exception {
        Set<Path> before = files();
        ClaimSigner refusing = () -> {
            throw new GeneralSecurityException("CN=Press office has expired");
        };
        ServiceRegistration<ClaimSigner> registration = context.registerService(
                ClaimSigner.class, refusing, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, 1000)));
        try {
            JobState.Failed end =
                    assertInstanceOf(JobState.Failed.class, end(generator.submit(REQUEST, Requester.UNKNOWN)));
            assertEquals(GenerationException.Reason.PROVENANCE, end.cause().reason());
            assertTrue(end.cause().getMessage().contains("CN=Press office has expired"));
        } finally {
            registration.unregister();
        }
        assertEquals(before, files());
        assertInstanceOf(JobState.Completed.class, end(generator.submit(REQUEST, Requester.UNKNOWN)));
    }

    @Test
    void tellsOfTheJobThroughEventAdmin() throws Exception {
        GenerationJob job = generator.submit(REQUEST, Requester.UNKNOWN);
        end(job);
        List<String> course = new ArrayList<>();
        String topic = "";
        while (!topic.equals(GenerationEvents.COMPLETED)) {
            Event event = nextEvent();
            topic = event.getTopic();
            assertEquals(job.id(), event.getProperty(GenerationEvents.JOB_ID));
            String what = topic.equals(GenerationEvents.PROGRESS)
                    ? (String) event.getProperty(GenerationEvents.STAGE)
                    : topic.substring(GenerationEvents.TOPIC_PREFIX.length());
            if (course.isEmpty() || !course.get(course.size() - 1).equals(what)) {
                course.add(what);
            }
        }
        assertEquals(
                List.of(
                        "QUEUED",
                        "loading",
                        "encoding-prompt",
                        "sampling",
                        "decoding",
                        "signing",
                        "storing",
                        "COMPLETED"),
                course);
    }

    @Test
    void leavesNothingOfACancelledJob() throws Exception {
        Set<Path> before = files();
        GenerationJob job = generator.submit(REQUEST.toBuilder().steps(1000).build(), Requester.UNKNOWN);
        Event event = nextEvent();
        while (!"sampling".equals(event.getProperty(GenerationEvents.STAGE))) {
            event = nextEvent();
        }
        job.cancel();
        assertInstanceOf(JobState.Cancelled.class, end(job));
        assertEquals(before, files());
        assertTrue(store.find(job.id()).isEmpty());
    }

    @Test
    void refusesWhatTheModelCannotDoAndLeavesNothing() throws Exception {
        Set<Path> before = files();
        int jobs = generator.jobs().size();
        assertRefused(REQUEST.toBuilder().model("sora").build(), "unknown model: sora, installed: starter");
        assertRefused(
                REQUEST.toBuilder().seconds(3000).build(),
                "seconds: 3000.0 at 8 frames per second are 24000 frames, model starter makes at most 3601 (450.125"
                        + " seconds)");
        assertThrows(
                IllegalArgumentException.class,
                () -> generator.submit(REQUEST.toBuilder().seconds(3600).build(), Requester.UNKNOWN));
        assertThrows(
                IllegalArgumentException.class,
                () -> generator.submit(REQUEST.toBuilder().seconds(1e-6).build(), Requester.UNKNOWN));
        assertEquals(jobs, generator.jobs().size());
        assertEquals(before, files());
    }

    private Event nextEvent() throws InterruptedException {
        return Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS), "no event for a minute");
    }

    private void assertRefused(GenerationRequest request, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> generator.submit(request, Requester.UNKNOWN))
                        .getMessage());
    }

    private List<byte[]> frames(GenerationRequest request) throws Exception {
        JobState.Completed end =
                assertInstanceOf(JobState.Completed.class, end(generator.submit(request, Requester.UNKNOWN)));
        return ClipFile.read(Path.of(end.asset().location())).frames();
    }

    private static JobState.Ended end(GenerationJob job) throws Exception {
        return job.await(Duration.ofMinutes(4)).orElseThrow();
    }

    /** All files and folders in the store's folder. */
    private Set<Path> files() throws IOException {
        Path folder;
        try (AssetDraft draft = store.open("PROBE" + System.nanoTime(), Destination.DEFAULT)) {
            folder = draft.directory().getParent();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return new HashSet<>(files.toList());
        }
    }

    private static int spread(byte[] frame) {
        int least = 255;
        int most = 0;
        for (byte sample : frame) {
            least = Math.min(least, sample & 255);
            most = Math.max(most, sample & 255);
        }
        return most - least;
    }
}
