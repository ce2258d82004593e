package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.VideoModel;

/** The client of a generator on another machine, which is the one of this framework behind its HTTP server. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
@Timeout(300)
class RemoteTest {

    private static final String ID = "remote" + System.currentTimeMillis();

    private static final GenerationRequest BALL = GenerationRequest.builder("a red ball rolls past a tree")
            .seed(7)
            .steps(4)
            .size(160, 112)
            .build();

    private BundleContext context;
    private Configuration api;
    private Configuration remote;
    private Path tokens;
    private String base;

    @BeforeEach
    void configure(
            @InjectBundleContext BundleContext own,
            @InjectService(timeout = 30_000) ConfigurationAdmin admin,
            @InjectService(timeout = 30_000) VideoModel installed,
            @InjectService(timeout = 30_000) ServiceAware<HttpServiceRuntime> runtimes)
            throws Exception {
        context = own;
        tokens = HomeFolder.of(context).resolve("api-tokens");
        assertTrue(references(VideoGenerator.class).isEmpty(), "it is off until it is configured");
        api = admin.getConfiguration("org.patchreel.api", "?");
        api.update(FrameworkUtil.asDictionary(Map.of("requests.per.minute", 10_000)));
        base = endpoint(runtimes.getServiceReference());
        while (Files.notExists(tokens) || !isAnswered()) {
            Thread.sleep(50);
        }
        String token = Files.readAllLines(tokens).stream()
                .filter(line -> line.startsWith("editor "))
                .map(line -> line.split(" ", -1)[2])
                .findFirst()
                .orElseThrow();
        remote = admin.getConfiguration("org.patchreel.remote", "?");
        remote.update(FrameworkUtil.asDictionary(Map.of("url", base, ".token", token, "poll.interval", 1)));
    }

    private static String endpoint(ServiceReference<HttpServiceRuntime> runtime) {
        return runtime.getProperty("osgi.http.endpoint") instanceof String[] endpoints
                ? endpoints[0]
                : String.valueOf(runtime.getProperty("osgi.http.endpoint"));
    }

    @AfterEach
    void forget() throws Exception {
        remote.delete();
        api.delete();
        while (!references(VideoGenerator.class).isEmpty() || isAnswered()) {
            Thread.sleep(50);
        }
        Files.delete(tokens);
    }

    private boolean isAnswered() throws Exception {
        return HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(base + "patchreel/api/v1/health"))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                != 404;
    }

    private <T> Optional<ServiceReference<T>> references(Class<T> type) throws Exception {
        return context.getServiceReferences(type, "(service.ranking=-100)").stream()
                .findFirst();
    }

    private <T> T service(Class<T> type) throws Exception {
        Optional<ServiceReference<T>> found = references(type);
        while (found.isEmpty()) {
            Thread.sleep(50);
            found = references(type);
        }
        return context.getService(found.get());
    }

    @Test
    void aClipIsMadeReadAndVerifiedByTheGeneratorThere(
            @InjectService(timeout = 30_000) VideoGenerator local, @TempDir Path folder) throws Exception {
        VideoGenerator generator = service(VideoGenerator.class);
        assertFalse(generator.equals(local), "a generator of this framework comes first");
        assertEquals(local.plan(BALL).clip(), generator.plan(BALL).clip());
        GenerationJob job = generator.submit(ID, BALL, Requester.UNKNOWN);
        JobState.Ended end = job.await(Duration.ofMinutes(3)).orElseThrow();
        assertInstanceOf(JobState.Completed.class, end, end::toString);
        StoredAsset there = local.asset(ID).orElseThrow();
        StoredAsset here = generator.asset(ID).orElseThrow();
        assertEquals(there.metadata(), here.metadata());
        byte[] clip = read(here);
        assertArrayEquals(read(there), clip);
        Path file = Files.write(folder.resolve("clip.mp4"), clip);
        ProvenanceReport report = service(ProvenanceVerifier.class).verify(file);
        assertEquals(ProvenanceReport.Origin.THIS_INSTALLATION, report.origin(), report::sentence);
        Media.Upload upload = service(SourceStore.class).put(new ByteArrayInputStream(clip), "clip.mp4");
        assertTrue(service(SourceStore.class).contains(upload.sha256()));
        assertEquals(
                local.storyboard("brief", "shots:\n  - prompt: a red ball\n  - prompt: a blue ball\n"),
                generator.storyboard("brief", "shots:\n  - prompt: a red ball\n  - prompt: a blue ball\n"));
    }

    private static byte[] read(StoredAsset asset) throws Exception {
        try (InputStream in = Channels.newInputStream(asset.open(AssetFile.CLIP))) {
            return in.readAllBytes();
        }
    }
}
