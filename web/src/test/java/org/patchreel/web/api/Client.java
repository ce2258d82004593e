package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of the API: whatever it is answered must stand in the API's description. */
final class Client {

    private static final int MAX_LOST = 10;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String base;
    private final List<String> headers = new ArrayList<>();

    Client(ApiServer server, String servlet) {
        base = "http://127.0.0.1:" + server.port() + "/" + servlet + ApiServer.PATH;
    }

    /** A client with a token of the server. */
    static Client of(ApiServer server, Role role) throws IOException {
        return of(server, "jakarta", role);
    }

    static Client of(ApiServer server, String servlet, Role role) throws IOException {
        return new Client(server, servlet).with("Authorization", "Bearer " + server.token(role));
    }

    /** Adds a header to all requests. */
    Client with(String header, String value) {
        headers.add(header);
        headers.add(value);
        return this;
    }

    /** What was answered. */
    record Answer(HttpResponse<byte[]> response) {

        int status() {
            return response.statusCode();
        }

        byte[] body() {
            return response.body();
        }

        String text() {
            return new String(response.body(), UTF_8);
        }

        JsonNode json() {
            try {
                return MAPPER.readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError(text(), e);
            }
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** Asserts that it is a problem, and returns the field. */
        String problem(int status) {
            assertEquals(status, status(), text());
            assertEquals("application/problem+json", header("Content-Type").orElse(""));
            assertEquals(status, json().get("status").intValue());
            return json().path("field").asText("");
        }
    }

    Answer get(String path, String... more) {
        return send("GET", path, null, more);
    }

    Answer post(String path, String json, String... more) {
        return send("POST", path, json.getBytes(UTF_8), with("Content-Type", "application/json", more));
    }

    Answer put(String path, String json, String... more) {
        return send("PUT", path, json.getBytes(UTF_8), with("Content-Type", "application/json", more));
    }

    private static String[] with(String name, String value, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        if (!all.contains(name)) {
            all.addAll(0, List.of(name, value));
        }
        return all.toArray(String[]::new);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    Answer send(String method, String path, byte @Nullable [] body, String... more) {
        HttpRequest.Builder request = request(path, more)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        try {
            Answer answer = new Answer(sent(request.build()));
            OpenApi.check(method, path, answer);
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    /**
     * A server may close a connection after a body that it did not read: just when it is used again, or so that its answer is lost,
     * when the rest of the body arrives.
     */
    private static HttpResponse<byte[]> sent(HttpRequest request) throws IOException, InterruptedException {
        for (int lost = 0; lost < MAX_LOST; lost++) {
            try {
                return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException e) {
                Thread.sleep(10);
            }
        }
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** {@return the status of an answer that may be the server's own} */
    int statusOf(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    HttpRequest.Builder request(String path, String... more) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        if (more.length > 0) {
            request.headers(more);
        }
        return request;
    }

    static HttpClient http() {
        return HTTP;
    }
}
