package org.patchreel.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page and the API in Karaf's feature http. */
@Timeout(600)
class KarafHttpTest {

    @Test
    void servesThePageAndTheApiWhereTheFeatureHttpIs(@TempDir Path directory) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String root = "http://127.0.0.1:" + port + "/patchreel/";
        try (KarafProcess karaf = KarafProcess.start(directory.resolve("karaf"), null)) {
            Path etc = karaf.home().resolve("etc");
            Files.writeString(
                    etc.resolve("org.ops4j.pax.web.cfg"),
                    "org.osgi.service.http.port = " + port + "\norg.ops4j.pax.web.listening.addresses = 127.0.0.1\n");
            Files.writeString(etc.resolve("org.patchreel.api.cfg"), "# with its defaults\n");
            String installed = karaf.run("feature:install http http-whiteboard")
                    + karaf.run("kar:install " + KarafProcess.archive().toUri());
            KarafProcess.waitFor(
                    "the API; " + installed,
                    Duration.ofMinutes(2),
                    () -> status(root + "api/v1/caller", "") == 401 && status(root, "") == 200);
            assertTrue(get(root, "").body().contains("main.js"));
            String token;
            try (Stream<String> lines = Files.lines(karaf.home().resolve("patchreel/api-tokens"))) {
                token = lines.filter(line -> line.startsWith("operator "))
                        .map(line -> line.split(" ", -1)[2])
                        .findFirst()
                        .orElseThrow();
            }
            HttpResponse<String> caller = get(root + "api/v1/caller", token);
            assertEquals(
                    "operator",
                    new ObjectMapper().readTree(caller.body()).get("role").textValue());
        }
    }

    private static int status(String address, String token) {
        try {
            return get(address, token).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(String address, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
