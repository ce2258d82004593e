package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
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

/** The Soft Binding Resolution API over a real HTTP server. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
@Timeout(120)
class ResolutionTest {

    private static final String TOKEN = "a-token-of-the-tests";
    private static final String ALGORITHM = "org.patchreel.watermark.1";

    private final HttpClient client = HttpClient.newHttpClient();
    private Configuration configuration;
    private String base;

    @BeforeEach
    void configure(
            @InjectService(timeout = 30_000) ConfigurationAdmin admin,
            @InjectService(timeout = 30_000) ServiceAware<HttpServiceRuntime> runtimes)
            throws Exception {
        base = endpoint(runtimes.getServiceReference()) + "patchreel/c2pa/v1";
        configuration = admin.getConfiguration("org.patchreel.resolution", "?");
        configuration.update(
                FrameworkUtil.asDictionary(Map.of(".tokens", new String[] {TOKEN}, "requests.per.minute", 1000)));
        awaitService();
    }

    private void awaitService() throws Exception {
        while (get("/services/supportedAlgorithms", TOKEN).statusCode() == 404) {
            Thread.sleep(50);
        }
    }

    /** The first address that the server listens on, with a slash at the end. */
    private static String endpoint(ServiceReference<HttpServiceRuntime> runtime) {
        return runtime.getProperty("osgi.http.endpoint") instanceof String[] endpoints
                ? endpoints[0]
                : String.valueOf(runtime.getProperty("osgi.http.endpoint"));
    }

    @AfterEach
    void forget() throws Exception {
        configuration.delete();
        while (get("/services/supportedAlgorithms", TOKEN).statusCode() != 404) {
            Thread.sleep(50);
        }
    }

    @Test
    void namesItsAlgorithmToThoseWhoHaveAToken() throws Exception {
        HttpResponse<byte[]> answer = get("/services/supportedAlgorithms", TOKEN);
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(ALGORITHM, json(answer).at("/watermarks/0/alg").textValue());
        HttpResponse<byte[]> stranger = get("/services/supportedAlgorithms", "another-token-entirely");
        assertEquals(401, stranger.statusCode());
        assertEquals("Bearer", stranger.headers().firstValue("WWW-Authenticate").orElseThrow());
    }

    @Test
    void knowsNothingOfAnotherMarkOrManifest() throws Exception {
        String value = Base64.getUrlEncoder().encodeToString(new byte[8]);
        HttpResponse<byte[]> matches =
                get("/matches/byBinding?alg=" + ALGORITHM + "&value=" + value.replace("=", "%3D"), TOKEN);
        assertEquals("{\"matches\":[]}", new String(matches.body(), UTF_8));
        assertEquals(404, get("/manifests/urn:c2pa:unknown", TOKEN).statusCode());
        assertEquals(400, get("/matches/byBinding?alg=" + ALGORITHM, TOKEN).statusCode());
    }

    @Test
    void examinesWhatIsSent() throws Exception {
        HttpResponse<byte[]> answer = client.send(
                request("/matches/byContent", TOKEN)
                        .header("Content-Type", "video/mp4")
                        .POST(HttpRequest.BodyPublishers.ofString("this is no video"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals("{\"matches\":[]}", new String(answer.body(), UTF_8));
        assertTrue(json(answer).get("matches").isEmpty());
    }

    @Test
    void goesAndComesWithItsBundle(@InjectBundleContext BundleContext context) throws Exception {
        Bundle web = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals("org.patchreel.web"))
                .findFirst()
                .orElseThrow();
        web.stop();
        try {
            assertEquals(404, get("/services/supportedAlgorithms", TOKEN).statusCode());
        } finally {
            web.start();
        }
        awaitService();
        examinesWhatIsSent();
    }

    private HttpResponse<byte[]> get(String path, String token) throws Exception {
        return client.send(request(path, token).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
