package org.patchreel.impl.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.PromptExpander.Draft;
import org.patchreel.spi.PromptExpander.Expansion;

@Timeout(30)
class EndpointExpanderTest {

    private static final String KEY = "sk-secret-0123456789";

    private static final Draft DRAFT =
            new Draft("a red ball", "", Camera.UNSPECIFIED, Models.withVocabulary(Optional.empty()));

    private final List<JsonNode> questions = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private HttpHandler answer = exchange -> {};

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> {
            synchronized (questions) {
                questions.add(
                        new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
                headers.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            }
            answer.handle(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void usesTheAnswerAndSaysWhoGaveIt() throws GenerationException {
        answers(200, completion("  \"A red ball \u8d64\u3044 rolls over wet grass.\" "));
        Expansion expansion = expander(Map.of()).expand(DRAFT);
        assertEquals("A red ball \u8d64\u3044 rolls over wet grass.", expansion.prompt());
        assertEquals(List.of("the prompt was expanded by the language model writer at " + host()), expansion.notes());
        JsonNode question = questions.get(0);
        assertEquals("writer", question.get("model").textValue());
        assertEquals("system", question.at("/messages/0/role").textValue());
        assertTrue(question.at("/messages/0/content").textValue().startsWith("Rewrite"));
        assertEquals("user", question.at("/messages/1/role").textValue());
        assertEquals("a red ball", question.at("/messages/1/content").textValue());
        assertEquals(List.of("Bearer " + KEY), headers);
    }

    @Test
    void tellsTheLanguageModelTheWordsOfAClosedVocabularyAndNotToMoveTheCamera() throws GenerationException {
        answers(200, completion("a red ball"));
        ClosedVocabulary known = new ClosedVocabulary(Set.of("red", "ball", "a"), Map.of());
        expander(Map.of("system.prompt", "Be brief.", ".key", ""))
                .expand(new Draft("x", "", Camera.of(CameraMove.PAN_LEFT), Models.withVocabulary(Optional.of(known))));
        assertEquals(
                "Be brief.\nThe model knows these English words only, use no others: a, ball, red.\n"
                        + "The camera's moves are added later (pan left): say nothing of the camera.",
                questions.get(0).at("/messages/0/content").textValue());
        assertEquals(List.of("null"), headers, "no key, no header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "401|{}|answers with HTTP status 401: the key is refused",
                "404|{}|answers with HTTP status 404: the address or the model is unknown",
                "429|{}|answers with HTTP status 429: too many requests, or the quota is used up",
                "500|{\"error\": {\"message\": \"sk-secret-0123456789\"}}|answers with HTTP status 500",
                "302|{}|answers with HTTP status 302",
                "200|<html>|the answer is not JSON",
                "200|``|the answer has no text at choices[0].message.content",
                "200|{\"choices\": []}|the answer has no text at choices[0].message.content",
                "200|{\"choices\": [{\"message\": {\"content\": null}}]}|the answer has no text at choices[0].message.content",
                "200|{\"choices\": [{\"message\": {\"content\": \" \\n \"}}]}|the answer is empty",
                "200|{\"choices\": [{\"message\": {\"content\": \"\\\"\\\"\"}}]}|the answer is empty",
                "200|{\"choices\": [{\"finish_reason\": \"length\", \"message\": {\"content\": \"a\"}}]}|the answer is cut off:"
                        + " the endpoint allows too few tokens",
                "200|{\"choices\": [{\"message\": {\"content\": \"a \\u001b[2J ball\"}}]}|the answer cannot be used: prompt has a"
                        + " control character U+001B at character 2",
            })
    void refusesTheRequestAndNamesTheHostAndTheReason(int status, String body, String reason) throws Exception {
        answers(status, body);
        assertFailure(reason);
    }

    @Test
    void refusesAnAnswerThatIsTooLong() {
        answers(200, completion("x".repeat(300_000)));
        assertFailure("an answer of more than 262144 bytes");
        answers(200, completion("x".repeat(10_001)));
        assertFailure("the answer cannot be used: prompt has 10001 characters, at most 10000 are read");
    }

    @Test
    void waitsNoLongerThanItsTimeout() {
        answer = exchange -> sleep();
        assertFailure("no answer within 1 s");
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            body.write(' ');
            body.flush();
            sleep();
        };
        assertFailure("no answer within 1 s");
    }

    @Test
    void namesAHostThatCannotBeReached() {
        server.stop(0);
        GenerationException failure =
                assertThrows(GenerationException.class, () -> expander(Map.of()).expand(DRAFT));
        assertTrue(
                failure.getMessage().startsWith("the prompt cannot be expanded: prompt endpoint " + host() + ": "),
                failure.getMessage());
    }

    @Test
    void usesThePromptAsItWasGivenWhereItIsOptional() throws GenerationException {
        answers(500, "{}");
        assertEquals(
                new Expansion(
                        "a red ball",
                        List.of("the prompt was used as it was given: prompt endpoint " + host()
                                + ": answers with HTTP status 500")),
                expander(Map.of("optional", true)).expand(DRAFT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url|''|url = , expected an https address, for example https://llm.example.com/v1",
                "url|ftp://a.example|url = ftp://a.example, expected an https address, for example"
                        + " https://llm.example.com/v1",
                "url|http://llm.example.com/v1|url = http://llm.example.com/v1, expected https, or allow.http = true: http shows"
                        + " prompts and the key to others",
                "url|http://127.0.0.1.example.com/v1|url = http://127.0.0.1.example.com/v1, expected https, or allow.http ="
                        + " true: http shows prompts and the key to others",
                "url|https://u:secret@llm.example.com/|url has a user, a query or a fragment, expected an https address, for"
                        + " example https://llm.example.com/v1",
                "model|' '|model =  , expected the name of a language model",
                "timeout|0|timeout = 0, expected a whole number from 1 to 300",
                ".key|se cret|.key, expected a key of visible ASCII characters",
            })
    void reportsAConfigurationThatCannotBeUsed(String key, String value, String problem) {
        EndpointExpander expander = expander(Map.of(key, key.equals("timeout") ? (Object) 0 : value));
        assertEquals(
                "configuration org.patchreel.prompt: " + problem,
                expander.problem().orElseThrow().line());
        GenerationException failure = assertThrows(GenerationException.class, () -> expander.expand(DRAFT));
        assertEquals("the prompt cannot be expanded: org.patchreel.prompt: " + problem, failure.getMessage());
        assertEquals(List.of(), questions, "nothing was sent");
    }

    @Test
    void takesHttpFromThisMachineAndElsewhereWhereItIsAllowed() {
        for (String local :
                List.of("http://localhost:1/v1", "http://127.0.0.1/", "http://[::1]:8/v1", "https://a.example")) {
            assertEquals(Optional.empty(), expander(Map.of("url", local)).problem(), local);
        }
        assertEquals(
                Optional.empty(),
                expander(Map.of("url", "http://llm.example.com/v1", "allow.http", true))
                        .problem());
    }

    @Test
    void keepsTheLastGoodConfiguration() throws GenerationException {
        answers(200, completion("a big red ball"));
        EndpointExpander expander = expander(Map.of());
        Map<String, Object> wrong = properties(Map.of("url", "nowhere"));
        expander.modified(config(wrong), wrong);
        assertTrue(expander.problem().orElseThrow().usable());
        assertEquals("a big red ball", expander.expand(DRAFT).prompt());
    }

    private void assertFailure(String reason) {
        GenerationException failure = assertThrows(
                GenerationException.class, () -> expander(Map.of("timeout", 1)).expand(DRAFT));
        assertEquals(Reason.PROMPT, failure.reason());
        assertEquals("the prompt cannot be expanded: prompt endpoint " + host() + ": " + reason, failure.getMessage());
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(String.valueOf(cause).contains(KEY), "the key is shown: " + cause);
        }
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void answers(int status, String body) {
        answer = exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            send(exchange, status, bytes);
        };
    }

    private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().add("Location", "/v1/elsewhere");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static String completion(String text) {
        ObjectMapper json = new ObjectMapper();
        var root = json.createObjectNode();
        root.putArray("choices")
                .addObject()
                .put("finish_reason", "stop")
                .putObject("message")
                .put("role", "assistant")
                .put("content", text);
        return root.toString();
    }

    private static void sleep() {
        try {
            Thread.sleep(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private EndpointExpander expander(Map<String, Object> changes) {
        Map<String, Object> properties = properties(changes);
        return new EndpointExpander(config(properties), properties);
    }

    private Map<String, Object> properties(Map<String, Object> changes) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("url", "http://" + host() + "/v1/", "model", "writer", ".key", KEY));
        properties.putAll(changes);
        return properties;
    }

    /** As Declarative Services read it. */
    private static EndpointExpander.Config config(Map<String, Object> properties) {
        return new Configured(
                (String) properties.getOrDefault("url", ""),
                (String) properties.getOrDefault("model", ""),
                (String) properties.getOrDefault(".key", ""),
                (int) properties.getOrDefault("timeout", 30),
                (String) properties.getOrDefault("system.prompt", "Rewrite it."),
                (boolean) properties.getOrDefault("optional", false),
                (boolean) properties.getOrDefault("allow.http", false));
    }

    private record Configured(
            String url,
            String model,
            String _key,
            int timeout,
            String system_prompt,
            boolean optional,
            boolean allow_http)
            implements EndpointExpander.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return EndpointExpander.Config.class;
        }
    }
}
