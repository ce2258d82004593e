package org.patchreel.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other side's API: sends requests, again where that may help, and refuses answers that are none. Every request here may be
 * sent twice without harm. Redirects are not followed: the token is for the configured address alone. Safe for use from any
 * thread.
 */
final class RemoteApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteApi.class);

    private static final String API = "/patchreel/api/v1";

    /** A page of 200 assets with their prompts has less. */
    private static final int MAX_JSON = 16 << 20;

    private static final int MAX_PROBLEM = 1 << 16;

    /** Whoever is told to wait longer does so elsewhere, without a thread. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    /** Server errors that stay as they are. */
    private static final Set<Integer> LASTING = Set.of(501, 505, 507);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final RemoteSettings settings;
    private final String address;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "patchreel-remote-http-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client;

    /**
     * Opens no connection yet.
     *
     * @param settings where the API is, and how to speak with it
     */
    RemoteApi(RemoteSettings settings) {
        this.settings = settings;
        this.address = settings.url() + API;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .executor(threads);
        settings.tls().ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /** {@return the address of a resource} */
    URI address(String path) {
        return URI.create(address + path);
    }

    RemoteSettings settings() {
        return settings;
    }

    /** {@return the generator, for messages} */
    String name() {
        return "the generator at " + settings.url();
    }

    /** What is done with an answer; the stream of its body is closed afterwards, unless it is handed on. */
    interface Reading<T> {
        T read(HttpResponse<InputStream> answer) throws IOException;
    }

    /**
     * {@return the JSON of an answer; sent as often as is configured}
     *
     * @throws RemoteFailure if there is none
     */
    JsonNode json(Call call) throws RemoteFailure {
        return send(call, this::json);
    }

    /** {@return as above, sent once} */
    JsonNode jsonAtOnce(Call call) throws RemoteFailure {
        return atOnce(call, this::json);
    }

    /** Reads an answer of which nothing matters but its status, so that the connection can be used again. */
    static int discard(HttpResponse<InputStream> answer) throws IOException {
        body(answer, MAX_PROBLEM);
        return answer.statusCode();
    }

    private JsonNode json(HttpResponse<InputStream> answer) throws IOException {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.matches("(?i)application/json\\s*(;.*)?")) {
            throw noApi("answers with \"" + Failures.line(type) + "\" instead of JSON");
        }
        byte[] body = body(answer, MAX_JSON);
        if (body.length > MAX_JSON) {
            throw noApi("answers with more than " + MAX_JSON + " bytes");
        }
        try {
            JsonNode json = MAPPER.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            LOG.debug("{}: no JSON", name(), e);
        }
        throw noApi("answers with what is no JSON object");
    }

    /**
     * {@return the JSON of a text}
     *
     * @throws IOException if it is none
     */
    static JsonNode tree(String text) throws IOException {
        return MAPPER.readTree(text);
    }

    private RemoteFailure noApi(String what) {
        return RemoteFailure.lasting(
                name() + " " + what + ": is " + address
                        + " the API of a Patchreel, without a proxy that answers itself?",
                null);
    }

    private static byte[] body(HttpResponse<InputStream> answer, int max) throws IOException {
        try (InputStream body = answer.body()) {
            return body.readNBytes(max + 1);
        }
    }

    /**
     * {@return what is read of an answer; sent as often as is configured}
     *
     * @throws RemoteFailure if the answer is none, or cannot be read
     */
    <T> T send(Call call, Reading<T> reading) throws RemoteFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                return atOnce(call, reading);
            } catch (RemoteFailure e) {
                if (!e.isPassing() || attempt >= settings.tries() || !pause(attempt, e)) {
                    throw e;
                }
                LOG.debug("{}: try {} failed: {}", call, attempt, e.getMessage());
            }
        }
    }

    /**
     * Waits before a further try.
     *
     * @param attempt that failed, from 1
     * @return false if the wait would be too long
     */
    boolean pause(int attempt, RemoteFailure failure) throws RemoteFailure {
        Duration wait = failure.retryAfter().orElse(settings.firstPause().multipliedBy(1L << Math.min(attempt - 1, 6)));
        if (wait.compareTo(MAX_WAIT) > 0) {
            return false;
        }
        try {
            Thread.sleep(wait.toMillis());
            return true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private RemoteFailure interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return RemoteFailure.lasting("interrupted while waiting for " + name(), cause);
    }

    /** {@return what is read of an answer; sent once} */
    <T> T atOnce(Call call, Reading<T> reading) throws RemoteFailure {
        return stream(call, settings.requestTimeout(), reading);
    }

    /**
     * {@return as above, of an answer that may go on}
     *
     * @param silence how long nothing of it may come
     */
    <T> T stream(Call call, Duration silence, Reading<T> reading) throws RemoteFailure {
        Duration patience = settings.requestTimeout().plus(call.sending());
        try {
            HttpResponse<InputStream> answer = client.send(request(call, patience), info -> new BodyStream(silence));
            if (answer.statusCode() / 100 != 2) {
                throw refusal(answer);
            }
            try {
                return reading.read(answer);
            } catch (IOException | RuntimeException e) {
                answer.body().close();
                throw e;
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw Failures.of(name(), e, patience);
        }
    }

    private HttpRequest request(Call call, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(call.path()))
                .timeout(patience)
                .method(call.method(), call.body())
                .header("X-Requested-With", "patchreel-remote");
        if (!call.headers().isEmpty()) {
            request.headers(call.headers().toArray(String[]::new));
        }
        settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request.build();
    }

    private RemoteFailure refusal(HttpResponse<InputStream> answer) throws IOException {
        int status = answer.statusCode();
        String detail = detail(answer).orElse("status " + status);
        String refuses = name() + " refuses";
        if (status / 100 == 3) {
            answer.body().close();
            String target = answer.headers().firstValue("Location").orElse("nowhere");
            return noApi("redirects to " + Failures.line(target) + ", which is not followed");
        }
        return switch (status) {
            case UNAUTHORIZED -> refused(refuses + " the token, or needs one (401): " + detail, answer, detail, false);
            case FORBIDDEN ->
                refused(refuses + " it (403): " + detail + "; the token needs the role editor", answer, detail, false);
            case TIMEOUT, TOO_MANY -> refused(name() + " is busy (" + status + "): " + detail, answer, detail, true);
            default ->
                status >= SERVER_ERROR && !LASTING.contains(status)
                        ? refused(name() + " fails (" + status + "): " + detail, answer, detail, true)
                        : refused(refuses + " it (" + status + "): " + detail, answer, detail, false);
        };
    }

    private static RemoteFailure refused(
            String message, HttpResponse<InputStream> answer, String detail, boolean passing) {
        Optional<Duration> retryAfter = answer.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
        return RemoteFailure.answered(message, answer.statusCode(), detail, passing, retryAfter);
    }

    /** {@return what a problem says; empty if the answer is none} */
    private static Optional<String> detail(HttpResponse<InputStream> answer) throws IOException {
        byte[] body = body(answer, MAX_PROBLEM);
        if (body.length > MAX_PROBLEM
                || !answer.headers().firstValue("Content-Type").orElse("").contains("json")) {
            return Optional.empty();
        }
        try {
            JsonNode detail = MAPPER.readTree(body).path("detail");
            return detail.isTextual() ? Optional.of(Failures.line(detail.textValue())) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Lets the threads of the client go, and its connections, which end when they are idle. */
    @Override
    @SuppressWarnings("resource")
    public void close() {
        threads.shutdown();
    }
}
