package org.patchreel.web.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.content.ScriptedVerifier;
import org.patchreel.web.http.Authentication;
import org.patchreel.web.http.MadeUpRequest;
import org.patchreel.web.http.Response;

class ResolutionServiceTest {

    private static final String ALGORITHM = KnownManifests.ALGORITHM;
    private static final String TOKEN = "a-token-of-the-tests";
    private static final String OTHER_TOKEN = "another-token-of-the-tests";
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, (byte) 0xfb};

    /** As a servlet container decodes it. */
    private static final String HOSTILE = "/../..%2e\r\nERROR forged \u001b[2J";

    private static final String ID_IN_BASE64 = "AQIDBAUGB/s=";

    private static final byte[] ACTIVE = {5, 6, 7};
    private static final byte[] STORE = {1, 2, 3, 4, 5, 6, 7};

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final KnownManifests manifests = new KnownManifests();
    private long nanos;
    private Optional<byte[]> examined = Optional.empty();

    @BeforeEach
    void rememberAClip() {
        manifests.put(ID, "urn:c2pa:1", STORE, ACTIVE);
    }

    @Test
    void leadsFromAWatermarkToAManifest() throws Exception {
        Response answer = service(TOKEN)
                .answer(get("/matches/byBinding").with("alg", ALGORITHM).with("value", ID_IN_BASE64));
        assertEquals(200, answer.status());
        assertEquals("{\"matches\":[{\"manifestId\":\"urn:c2pa:1\"}]}", new String(answer.bytes(), UTF_8));
        String query = "{\"alg\":\"" + ALGORITHM + "\",\"value\":\"" + ID_IN_BASE64 + "\"}";
        Response posted = service(TOKEN).answer(post("/matches/byBinding", query.getBytes(UTF_8)));
        assertArrayEquals(answer.bytes(), posted.bytes());
        Response unknown = service(TOKEN)
                .answer(get("/matches/byBinding").with("alg", ALGORITHM).with("value", "AAAAAAAAAAA="));
        assertEquals("{\"matches\":[]}", new String(unknown.bytes(), UTF_8));
    }

    @Test
    void handsAManifestOut() throws Exception {
        Response answer = service(TOKEN).answer(get("/manifests/urn:c2pa:1"));
        assertEquals(200, answer.status());
        assertEquals("application/c2pa", answer.contentType());
        assertArrayEquals(STORE, answer.bytes());
        assertEquals("no-store", answer.headers().get("Cache-Control"));
        assertEquals(404, service(TOKEN).answer(get("/manifests/urn:c2pa:2")).status());
    }

    @Test
    void handsTheActiveManifestOutAlone() throws Exception {
        Response answer = service(TOKEN).answer(get("/manifests/urn:c2pa:1").with("returnActiveManifest", "true"));
        assertEquals("application/c2pa", answer.contentType());
        assertArrayEquals(ACTIVE, answer.bytes());
        assertEquals(
                404,
                service(TOKEN)
                        .answer(get("/manifests/urn:c2pa:2").with("returnActiveManifest", "true"))
                        .status());
    }

    @Test
    void namesEachManifestOnceAndNoMoreThanAskedFor() throws Exception {
        manifests.put(ID, "urn:c2pa:2", STORE, ACTIVE);
        MadeUpRequest request = get("/matches/byBinding").with("alg", ALGORITHM).with("value", ID_IN_BASE64);
        assertEquals(
                "{\"matches\":[{\"manifestId\":\"urn:c2pa:1\"},{\"manifestId\":\"urn:c2pa:2\"}]}",
                new String(service(TOKEN).answer(request).bytes(), UTF_8));
        assertEquals(
                "{\"matches\":[{\"manifestId\":\"urn:c2pa:1\"}]}",
                new String(
                        service(TOKEN).answer(request.with("maxResults", "1")).bytes(), UTF_8));
    }

    @Test
    void namesTheAlgorithm() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(service(TOKEN)
                        .answer(get("/services/supportedAlgorithms"))
                        .bytes());
        assertEquals(ALGORITHM, json.at("/watermarks/0/alg").textValue());
    }

    @Test
    void examinesAFileAndSaysNoMoreThanWhichManifest() throws Exception {
        byte[] file = "a file".repeat(1000).getBytes(UTF_8);
        Response answer = service(TOKEN).answer(post("/matches/byContent", file).header("Content-Type", "video/mp4"));
        assertEquals("{\"matches\":[{\"manifestId\":\"urn:c2pa:proved\"}]}", new String(answer.bytes(), UTF_8));
        assertArrayEquals(file, examined.orElseThrow());
        assertNothingIsLeft();
    }

    @Test
    void refusesAFileThatIsTooLargeWhateverItsLengthIsSaidToBe() throws Exception {
        byte[] file = new byte[(1 << 20) + 1];
        for (long said : new long[] {-1, 10, file.length}) {
            Response answer = service(TOKEN)
                    .answer(post("/matches/byContent", file)
                            .header("Content-Type", "video/mp4")
                            .length(said));
            assertEquals(413, answer.status());
        }
        assertEquals(Optional.empty(), examined);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        Path received = folder.resolve("received");
        try (Stream<Path> left = Files.exists(received) ? Files.list(received) : Stream.empty()) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nothing,404",
        "GET,'',404",
        "PUT,/matches/byBinding,405",
        "GET,/matches/byContent,405",
        "POST,/matches/byContent,415",
        "GET,/matches/byBinding,400",
        "POST,/matches/byBinding,400",
        "GET,/manifests/,400",
    })
    void refusesWhatItDoesNotUnderstand(String method, String path, int status) throws Exception {
        Response answer = service(TOKEN).answer(request(method, path, new byte[0]));
        assertEquals(status, answer.status());
        assertTrue(new ObjectMapper().readTree(answer.bytes()).has("error"));
    }

    @ParameterizedTest
    @CsvSource({
        "alg,com.other.1",
        "value,%%%",
        "value,AQID",
        "maxResults,0",
        "maxResults,many",
    })
    void refusesAParameterOutOfRange(String name, String value) {
        MadeUpRequest request = get("/matches/byBinding").with("alg", ALGORITHM).with("value", ID_IN_BASE64);
        assertEquals(400, service(TOKEN).answer(request.with(name, value)).status());
    }

    @Test
    void answersNobodyWithoutAToken() {
        for (String header : new String[] {"", "Bearer ", "Bearer wrong", "Basic " + TOKEN, TOKEN}) {
            Response answer =
                    service(TOKEN).answer(get("/services/supportedAlgorithms").header("Authorization", header));
            assertEquals(401, answer.status(), header);
            assertEquals("Bearer", answer.headers().get("WWW-Authenticate"));
        }
    }

    @Test
    void answersNobodyUntilItIsSaidWhoAuthenticates() {
        ResolutionService open = service();
        assertEquals(503, open.answer(get("/services/supportedAlgorithms")).status());
        assertEquals(
                503,
                open.answer(get("/services/supportedAlgorithms").by(Optional.of("editor")))
                        .status());
        Problem problem = open.problem().orElseThrow();
        assertFalse(problem.usable());
        assertEquals(
                "configuration org.patchreel.resolution: osgi.http.whiteboard.context.select is missing, expected a filter"
                        + " that selects a context which authenticates: without one, and without .tokens, anybody could ask",
                problem.line());
    }

    @Test
    void keepsTheLastGoodValuesWhenAConfigurationCannotBeUsed() {
        ResolutionService service = service(TOKEN);
        assertEquals(Optional.empty(), service.problem());
        for (Map.Entry<Configured, String> wrong : Map.of(
                        new Configured("short", ""),
                        ".tokens, expected 16 characters or more of each token; the values before it stay in use",
                        new Configured(TOKEN, "(osgi.http"),
                        "osgi.http.whiteboard.context.select = (osgi.http, expected a filter such as"
                                + " (osgi.http.whiteboard.context.name=org.apache.sling); the values before it stay in use",
                        new Configured(TOKEN, "", 0, 1),
                        "requests.per.minute = 0, expected a whole number of at least 1; the values before it stay in use",
                        new Configured(TOKEN, "", 60, -5),
                        "max.upload = -5, expected a whole number of at least 1; the values before it stay in use")
                .entrySet()) {
            service.modified(wrong.getKey(), wrong.getKey().properties());
            Problem problem = service.problem().orElseThrow();
            assertEquals("configuration org.patchreel.resolution", problem.subject());
            assertEquals(wrong.getValue(), problem.description());
            assertTrue(problem.usable());
            assertEquals(
                    200, service.answer(get("/services/supportedAlgorithms")).status());
        }
        Configured right = new Configured(OTHER_TOKEN, "");
        service.modified(right, right.properties());
        assertEquals(Optional.empty(), service.problem());
        assertEquals(
                401, service.answer(get("/services/supportedAlgorithms")).status(), "the old token is known no more");
    }

    @Test
    void limitsTheRequestsWithAToken() {
        ResolutionService service = service(TOKEN, OTHER_TOKEN);
        for (int i = 0; i < 60; i++) {
            assertEquals(
                    200,
                    service.answer(get("/services/supportedAlgorithms").from("proxy" + i))
                            .status());
        }
        Response refused = service.answer(get("/services/supportedAlgorithms"));
        assertEquals(429, refused.status());
        assertEquals("1", refused.headers().get("Retry-After"));
        Response file = service.answer(post("/matches/byContent", new byte[0]));
        assertEquals("10", file.headers().get("Retry-After"));
        assertEquals(
                200,
                service.answer(get("/services/supportedAlgorithms").header("Authorization", "Bearer " + OTHER_TOKEN))
                        .status(),
                "behind a proxy the other client has the same address");
        nanos += 1_000_000_000L;
        assertEquals(200, service.answer(get("/services/supportedAlgorithms")).status());
        assertEquals(429, service.answer(get("/services/supportedAlgorithms")).status());
    }

    @Test
    void strangersHaveASmallAllowanceOfTheirOwn() {
        ResolutionService service = service(TOKEN);
        for (int i = 0; i < 100; i++) {
            int status = service.answer(
                            get("/services/supportedAlgorithms").header("Authorization", "Bearer guess" + i))
                    .status();
            assertEquals(i < 10 ? 401 : 429, status);
        }
        assertEquals(
                200,
                service.answer(get("/services/supportedAlgorithms")).status(),
                "strangers behind the same proxy use up nothing of a client's");
    }

    @Test
    void withoutTokensOnlyAUserOfTheHostIsAnswered() {
        ResolutionService service = hosted();
        Response refused = service.answer(get("/services/supportedAlgorithms").by(Optional.empty()));
        assertEquals(403, refused.status());
        Response answer = service.answer(get("/services/supportedAlgorithms").by(Optional.of("editor")));
        assertEquals(200, answer.status());
    }

    @Test
    void limitsEachUserOfTheHost() {
        ResolutionService service = hosted();
        for (int i = 0; i < 60; i++) {
            service.answer(get("/services/supportedAlgorithms").by(Optional.of("editor")));
        }
        assertEquals(
                429,
                service.answer(get("/services/supportedAlgorithms").by(Optional.of("editor")))
                        .status());
        assertEquals(
                200,
                service.answer(get("/services/supportedAlgorithms").by(Optional.of("author")))
                        .status());
    }

    private ResolutionService hosted() {
        return service(this::examine, new Configured("", "(osgi.http.whiteboard.context.name=org.apache.sling)"));
    }

    @Test
    void saysOfEveryAnswerThatItsTypeIsNotToBeGuessed() throws Exception {
        ResolutionService service = service(TOKEN);
        List<MadeUpRequest> requests = List.of(
                get("/services/supportedAlgorithms"),
                get("/manifests/urn:c2pa:1"),
                get("/manifests/urn:c2pa:2"),
                get("/nothing"),
                get("/matches/byBinding"),
                get("/matches/byContent"),
                post("/matches/byContent", new byte[1]),
                post("/matches/byContent", new byte[1])
                        .header("Content-Type", "image/png")
                        .length(1L << 40),
                get("/services/supportedAlgorithms").header("Authorization", "Bearer wrong"));
        Set<Integer> statuses = new TreeSet<>();
        for (MadeUpRequest request : requests) {
            Response answer = service.answer(request);
            statuses.add(answer.status());
            assertEquals("nosniff", answer.headers().get("X-Content-Type-Options"), request.path());
        }
        assertEquals(Set.of(200, 400, 401, 404, 405, 413, 415), statuses);
        for (ResolutionService other : List.of(service(), hosted())) {
            Response refused = other.answer(get("/services/supportedAlgorithms"));
            assertEquals("nosniff", refused.headers().get("X-Content-Type-Options"));
        }
    }

    @Test
    void removesWhatAnEarlierProcessLeft() throws Exception {
        Path received = Files.createDirectories(folder.resolve("received"));
        Path left = Files.createFile(received.resolve("content-1"));
        Path inUse = Files.createFile(received.resolve("content-2"));
        Instant start = Instant.now().minusSeconds(60);
        Files.setLastModifiedTime(left, FileTime.from(start.minusSeconds(1)));
        ContentExamination.removeLeftovers(received, start);
        assertTrue(Files.notExists(left));
        assertTrue(Files.exists(inUse));
        ContentExamination.removeLeftovers(folder.resolve("not there"), start);
    }

    @Test
    void saysNothingOfAFailureWithin() {
        ResolutionService broken = service(
                file -> {
                    throw new IOException("secret path");
                },
                new Configured(TOKEN, ""));
        Response answer = broken.answer(post("/matches/byContent", new byte[9]).header("Content-Type", "image/png"));
        assertEquals(500, answer.status());
        assertFalse(new String(answer.bytes(), UTF_8).contains("secret"));
    }

    @Test
    void logsNothingOfACallersMistake() {
        String logged = logged(() -> {
            for (String path : List.of(HOSTILE, "/manifests/" + HOSTILE, "/matches/byBinding", "/matches/byContent")) {
                assertTrue(service(TOKEN).answer(get(path)).status() < 500, path);
            }
        });
        assertEquals("", logged);
    }

    @Test
    void logsAFailureInOneLineWithoutThePathThatWasAskedFor() {
        manifests.putDamaged(ID, HOSTILE);
        MadeUpRequest request = get("/manifests/" + HOSTILE).with("returnActiveManifest", "true");
        String logged =
                logged(() -> assertEquals(500, service(TOKEN).answer(request).status()));
        assertEquals(1, logged.strip().lines().count(), logged);
        assertTrue(logged.contains("ERROR"), logged);
        assertTrue(logged.contains(" /manifests/ failed: "), logged);
        assertFalse(logged.contains("forged"), logged);
    }

    private static String logged(Runnable action) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(UTF_8);
    }

    private ResolutionService service(String... tokens) {
        return service(this::examine, new Configured(String.join(" ", tokens), ""));
    }

    private ResolutionService service(ScriptedVerifier.Reports reports, Configured config) {
        return new ResolutionService(
                folder.resolve("received"),
                manifests,
                new ScriptedVerifier(reports),
                () -> nanos,
                config,
                config.properties());
    }

    private ProvenanceReport examine(Path file) throws IOException {
        examined = Optional.of(Files.readAllBytes(file));
        TimeRange second = new TimeRange(Duration.ZERO, Duration.ofSeconds(1));
        List<MatchedRange> ranges = List.of(new MatchedRange(second, second));
        return new ProvenanceReport(
                Verdict.RECOVERED,
                "",
                Manifest.none(),
                new Watermark(List.of()),
                List.of(
                        new Recovered("a", "urn:c2pa:proved", "", false, true, ranges, 0.9, List.of()),
                        new Recovered("b", "urn:c2pa:markAlone", "", false, true, List.of(), 0, List.of()),
                        new Recovered("c", "urn:c2pa:picturesAlone", "", false, false, ranges, 0.9, List.of())));
    }

    private static MadeUpRequest get(String path) {
        return request("GET", path, new byte[0]);
    }

    private static MadeUpRequest post(String path, byte[] body) {
        return request("POST", path, body);
    }

    private static MadeUpRequest request(String method, String path, byte[] body) {
        return new MadeUpRequest(method, path, body).header("Authorization", "Bearer " + TOKEN);
    }

    record Configured(String joined, String context, int requests_per_minute, int max_upload)
            implements ResolutionService.Config {

        Configured(String joined, String context) {
            this(joined, context, 60, 1);
        }

        Map<String, Object> properties() {
            Map<String, Object> properties = new HashMap<>(
                    Map.of(".tokens", _tokens(), "requests.per.minute", requests_per_minute, "max.upload", max_upload));
            if (!context.isEmpty()) {
                properties.put(Authentication.CONTEXT, context);
            }
            return properties;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return ResolutionService.Config.class;
        }

        @Override
        public String[] _tokens() {
            return joined.isEmpty() ? new String[0] : joined.split(" ", -1);
        }

        @Override
        public String osgi_http_whiteboard_context_select() {
            return context;
        }
    }
}
