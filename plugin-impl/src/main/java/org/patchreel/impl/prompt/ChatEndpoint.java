package org.patchreel.impl.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.patchreel.impl.c2pa.BoundedBody;

/**
 * A language model behind an HTTP interface as OpenAI's: {@code POST …/chat/completions}. Redirections are not followed: a key
 * goes to the configured host alone, and stands in no message. Safe for use from any thread.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">the interface</a>
 */
final class ChatEndpoint {

    /** A prompt of the largest size is 40 kB, and may be escaped. */
    private static final int MAX_ANSWER = 256 << 10;

    private static final JsonMapper JSON = new JsonMapper();

    private final URI url;
    private final String model;
    private final String key;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Describes an endpoint; sends nothing yet.
     *
     * @param base its address without {@code /chat/completions}
     * @param model that it shall use
     * @param key is sent as bearer token; empty for none
     * @param timeout of a whole exchange
     */
    ChatEndpoint(URI base, String model, String key, Duration timeout) {
        this.url = URI.create(base.toString().replaceAll("/+$", "") + "/chat/completions");
        this.model = model;
        this.key = key;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** {@return the host, and the port if one is given, for messages} */
    String host() {
        return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** {@return the model that it uses} */
    String model() {
        return model;
    }

    /**
     * Asks once.
     *
     * @param system says what to do
     * @param user what to do it with
     * @return the text of the answer, not empty
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if there is no such text in time; the message is the reason, without the host
     */
    String ask(String system, String user) throws IOException {
        ObjectNode question = JSON.createObjectNode().put("model", model).put("stream", false);
        ArrayNode messages = question.putArray("messages");
        messages.addObject().put("role", "system").put("content", system);
        messages.addObject().put("role", "user").put("content", user);
        return text(exchange(JSON.writeValueAsBytes(question)));
    }

    private byte[] exchange(byte[] question) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(question));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request.build(), head -> new BoundedBody(MAX_ANSWER));
        try {
            // the request's own timeout ends with the first byte of the body
            HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException(refusal(response.statusCode()));
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException(late(), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof HttpTimeoutException) {
                throw new IOException(late(), cause);
            }
            String reason = cause.getMessage() == null ? "cannot be reached" : cause.getMessage();
            throw new IOException(reason, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        } finally {
            exchange.cancel(true);
        }
    }

    private String late() {
        return "no answer within " + timeout.toSeconds() + " s";
    }

    private static String refusal(int status) {
        String answer = "answers with HTTP status " + status;
        return switch (status) {
            case 401, 403 -> answer + ": the key is refused";
            case 404 -> answer + ": the address or the model is unknown";
            case 429 -> answer + ": too many requests, or the quota is used up";
            default -> answer;
        };
    }

    private static String text(byte[] answer) throws IOException {
        JsonNode choice;
        try {
            choice = JSON.readTree(answer).path("choices").path(0);
        } catch (JsonProcessingException e) {
            throw new IOException("the answer is not JSON", e);
        }
        JsonNode content = choice.path("message").path("content");
        if (!content.isTextual()) {
            throw new IOException("the answer has no text at choices[0].message.content");
        }
        if (choice.path("finish_reason").asText().equals("length")) {
            throw new IOException("the answer is cut off: the endpoint allows too few tokens");
        }
        String text = unquoted(content.textValue().strip());
        if (text.isEmpty()) {
            throw new IOException("the answer is empty");
        }
        return text;
    }

    /** Models like to put what they quote between quotation marks. */
    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && ((text.startsWith("\"") && text.endsWith("\""))
                        || (text.startsWith("\u201c") && text.endsWith("\u201d")));
        return quoted ? text.substring(1, text.length() - 1).strip() : text;
    }
}
