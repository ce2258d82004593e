package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
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
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.VideoModel;

/** The API over a real HTTP server, with the starter model. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
@Timeout(300)
class ApiTest {

    /** Of this run: the register keeps jobs of earlier ones. */
    private static final String ID = "http" + System.currentTimeMillis();

    private static final String JOB = "{\"id\":\"" + ID
            + "\",\"prompt\":\"a red ball rolls past a tree\",\"seed\":7,\"steps\":4,\"size\":\"160x112\"}";

    private final HttpClient client = HttpClient.newHttpClient();
    private Configuration configuration;
    private String base;
    private Path tokens;

    @BeforeEach
    void configure(
            @InjectBundleContext BundleContext context,
            @InjectService(timeout = 30_000) ConfigurationAdmin admin,
            @InjectService(timeout = 30_000) VideoModel installed,
            @InjectService(timeout = 30_000) ServiceAware<HttpServiceRuntime> runtimes)
            throws Exception {
        base = endpoint(runtimes.getServiceReference()) + "patchreel/api/v1";
        tokens = HomeFolder.of(context).resolve("api-tokens");
        configuration = admin.getConfiguration("org.patchreel.api", "?");
        configuration.update(FrameworkUtil.asDictionary(Map.of("requests.per.minute", 10_000)));
        while (Files.notExists(tokens) || get("/health").statusCode() == 404) {
            Thread.sleep(50);
        }
    }

    private static String endpoint(ServiceReference<HttpServiceRuntime> runtime) {
        return runtime.getProperty("osgi.http.endpoint") instanceof String[] endpoints
                ? endpoints[0]
                : String.valueOf(runtime.getProperty("osgi.http.endpoint"));
    }

    @AfterEach
    void forget() throws Exception {
        configuration.delete();
        while (get("/health").statusCode() != 404) {
            Thread.sleep(50);
        }
        Files.delete(tokens);
    }

    private HttpRequest.Builder request(String path) throws Exception {
        String token = Files.readAllLines(tokens).stream()
                .filter(line -> line.startsWith("editor "))
                .map(line -> line.split(" ", -1)[2])
                .findFirst()
                .orElseThrow();
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void aClipIsAskedForFollowedLoadedAndVerified() throws Exception {
        HttpResponse<byte[]> taken = post("/jobs", "application/json", JOB.getBytes(UTF_8));
        assertEquals(202, taken.statusCode(), new String(taken.body(), UTF_8));
        HttpResponse<Stream<String>> events =
                client.send(request("/jobs/" + ID + "/events").build(), HttpResponse.BodyHandlers.ofLines());
        List<String> states;
        try (Stream<String> lines = events.body()) {
            states = lines.filter(line -> line.startsWith("data: ")).toList();
        }
        assertTrue(states.get(states.size() - 1).contains("\"state\":\"completed\""), states::toString);
        assertTrue(states.stream().anyMatch(state -> state.contains("\"stage\":")), states::toString);
        assertEquals(
                "completed",
                json(post("/jobs", "application/json", JOB.getBytes(UTF_8)))
                        .get("state")
                        .textValue());
        assertEquals(
                409,
                post("/jobs", "application/json", JOB.replace("red", "blue").getBytes(UTF_8))
                        .statusCode());

        JsonNode asset = json(get("/assets/" + ID));
        assertEquals(160, asset.get("width").intValue());
        assertEquals("editor", asset.get("requester").textValue());
        byte[] clip = get("/assets/" + ID + "/files/clip.mp4").body();
        assertEquals(asset.at("/files/0/size").intValue(), clip.length);
        HttpResponse<byte[]> part = get("/assets/" + ID + "/files/clip.mp4", "Range", "bytes=100-199");
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(clip, 100, 200), part.body());
        JsonNode report = json(post("/verify", "video/mp4", clip));
        assertEquals("this-installation", report.get("origin").textValue(), report::toString);
        assertEquals(ID, report.at("/recovered/assetId").textValue(), report::toString);
        assertTrue(json(get("/usage")).at("/usage/0/clips").intValue() > 0);
    }

    @Test
    void aThousandStreamsOfOneCallerKeepNobodyFromAnything() throws Exception {
        HttpRequest events = request("/events").build();
        List<CompletableFuture<HttpResponse<InputStream>>> asked = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            asked.add(client.sendAsync(events, HttpResponse.BodyHandlers.ofInputStream()));
        }
        int open = 0;
        for (CompletableFuture<HttpResponse<InputStream>> each : asked) {
            HttpResponse<InputStream> answer = each.get(1, TimeUnit.MINUTES);
            assertTrue(Set.of(200, 503).contains(answer.statusCode()), () -> "status " + answer.statusCode());
            // one that is refused has a body; of the others, those that came at the same moment end at once
            open += answer.statusCode() == 200 && answer.body().read() >= 0 ? 1 : 0;
        }
        assertEquals(16, open);
        assertEquals(200, get("/jobs").statusCode());
        for (CompletableFuture<HttpResponse<InputStream>> each : asked) {
            each.get().body().close();
        }
        int status = 503;
        while (status == 503) {
            Thread.sleep(50);
            HttpResponse<InputStream> again = client.send(events, HttpResponse.BodyHandlers.ofInputStream());
            status = again.statusCode();
            again.body().close();
        }
        assertEquals(200, status);
    }

    @Test
    void theInstallationIsDescribed() throws Exception {
        assertEquals("ok", json(get("/health")).get("status").textValue(), () -> "see doctor");
        assertEquals("starter", json(get("/models")).at("/models/0/name").textValue());
        assertEquals("3.1.0", json(get("/openapi.json")).get("openapi").textValue());
        assertEquals(404, get("/jobs/unknown").statusCode());
    }
}
