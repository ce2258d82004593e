package org.patchreel.impl.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.api.AfterEach;
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
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.verify.TestStores;
import org.patchreel.spi.ComponentStatus.Problem;

class ResolutionServiceTest {

    private static final String ALGORITHM = "org.patchreel.test.1";
    private static final String TOKEN = "a-token-of-the-tests";
    private static final String OTHER_TOKEN = "another-token-of-the-tests";
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, (byte) 0xfb};

    /** As a servlet container decodes it. */
    private static final String HOSTILE = "/../..%2e\r\nERROR forged \u001b[2J";

    private static final String ID_IN_BASE64 = "AQIDBAUGB/s=";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestRepository store;
    private long nanos;
    private Optional<byte[]> examined = Optional.empty();

    @BeforeEach
    void rememberAClip() throws IOException {
        store = TestStores.in(folder);
        store.put(new StoredManifest(
                "asset",
                ID,
                "urn:c2pa:1",
                box("jumb", box("jumd", new byte[20]), box("jumb", box("jumd", new byte[9]))),
                new Scene(1).fingerprint(new VideoFormat(64, 64, 9, 8)),
                Instant.EPOCH));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void leadsFromAWatermarkToAManifest() throws Exception {
        Response answer = service(TOKEN)
                .answer(get("/matches/byBinding").with("alg", ALGORITHM).with("value", ID_IN_BASE64));
        assertEquals(200, answer.status());
        assertEquals("{\"matches\":[{\"manifestId\":\"urn:c2pa:1\"}]}", new String(answer.body(), UTF_8));
        String query = "{\"alg\":\"" + ALGORITHM + "\",\"value\":\"" + ID_IN_BASE64 + "\"}";
        Response posted = service(TOKEN).answer(post("/matches/byBinding", query.getBytes(UTF_8)));
        assertArrayEquals(answer.body(), posted.body());
        Response unknown = service(TOKEN)
                .answer(get("/matches/byBinding").with("alg", ALGORITHM).with("value", "AAAAAAAAAAA="));
        assertEquals("{\"matches\":[]}", new String(unknown.body(), UTF_8));
    }

    @Test
    void handsAManifestOut() throws Exception {
        Response answer = service(TOKEN).answer(get("/manifests/urn:c2pa:1"));
        assertEquals(200, answer.status());
        assertEquals("application/c2pa", answer.contentType());
        assertArrayEquals(store.find("asset").orElseThrow().manifest(), answer.body());
        assertEquals("no-store", answer.headers().get("Cache-Control"));
        assertEquals(404, service(TOKEN).answer(get("/manifests/urn:c2pa:2")).status());
    }

    @Test
    void namesTheAlgorithm() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(service(TOKEN)
                        .answer(get("/services/supportedAlgorithms"))
                        .body());
        assertEquals(ALGORITHM, json.at("/watermarks/0/alg").textValue());
    }

    @Test
    void examinesAFileAndSaysNoMoreThanWhichManifest() throws Exception {
        byte[] file = "a file".repeat(1000).getBytes(UTF_8);
        Response answer = service(TOKEN).answer(post("/matches/byContent", file).header("Content-Type", "video/mp4"));
        assertEquals("{\"matches\":[{\"manifestId\":\"urn:c2pa:proved\"}]}", new String(answer.body(), UTF_8));
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
        Response answer = service(TOKEN).answer(new MadeUp(method, path, new byte[0]));
        assertEquals(status, answer.status());
        assertTrue(new ObjectMapper().readTree(answer.body()).has("error"));
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
        MadeUp request = get("/matches/byBinding").with("alg", ALGORITHM).with("value", ID_IN_BASE64);
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
        for (String[] request :
                new String[][] {{null, null}, {"anonymous", null}, {"anonymous", "FORM"}, {"", "BASIC"}}) {
            Response answer =
                    service.answer(get("/services/supportedAlgorithms").by(HostUser.of(request[0], request[1])));
            assertEquals(403, answer.status());
        }
        Response answer = service.answer(get("/services/supportedAlgorithms").by(HostUser.of("editor", "BASIC")));
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
        List<MadeUp> requests = List.of(
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
        for (MadeUp request : requests) {
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
        ResolutionService.removeLeftovers(received, start);
        assertTrue(Files.notExists(left));
        assertTrue(Files.exists(inUse));
        ResolutionService.removeLeftovers(folder.resolve("not there"), start);
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
        assertFalse(new String(answer.body(), UTF_8).contains("secret"));
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
    void logsAFailureInOneLineWithoutThePathThatWasAskedFor() throws IOException {
        Fingerprint pictures = new Scene(1).fingerprint(new VideoFormat(64, 64, 9, 8));
        store.put(new StoredManifest("damaged", ID, HOSTILE, new byte[3], pictures, Instant.EPOCH));
        MadeUp request = get("/manifests/" + HOSTILE).with("returnActiveManifest", "true");
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

    @Test
    void readsTheQueryOfAnAddress() {
        assertEquals(Optional.of("a b&c"), Query.parameter("x=1&alg=a+b%26c&alg=2", "alg"));
        assertEquals(Optional.of(""), Query.parameter("alg", "alg"));
        assertEquals(Optional.empty(), Query.parameter("x=%zz", "y"));
        assertEquals(Optional.empty(), Query.parameter("alg=%zz", "alg"));
        assertEquals(Optional.empty(), Query.parameter(null, "alg"));
    }

    private ResolutionService service(String... tokens) {
        return service(this::examine, new Configured(String.join(" ", tokens), ""));
    }

    private ResolutionService service(ProvenanceVerifier verifier, Configured config) {
        return new ResolutionService(
                folder.resolve("received"), store, verifier, ALGORITHM, () -> nanos, config, config.properties());
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

    private static byte[] box(String type, byte[]... content) {
        int length = 8 + Stream.of(content).mapToInt(each -> each.length).sum();
        ByteBuffer box = ByteBuffer.allocate(length).putInt(length).put(type.getBytes(UTF_8));
        Stream.of(content).forEach(box::put);
        return box.array();
    }

    private static MadeUp get(String path) {
        return new MadeUp("GET", path, new byte[0]);
    }

    private static MadeUp post(String path, byte[] body) {
        return new MadeUp("POST", path, body);
    }

    private static final class MadeUp implements Request {
        private final String method;
        private final String path;
        private final byte[] body;
        private final Map<String, String> parameters = new HashMap<>();
        private final Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + TOKEN));
        private String client = "127.0.0.1";
        private Optional<String> user = Optional.empty();
        private long length = -1;

        MadeUp(String method, String path, byte[] body) {
            this.method = method;
            this.path = path;
            this.body = body;
        }

        MadeUp with(String parameter, String value) {
            parameters.put(parameter, value);
            return this;
        }

        MadeUp header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        MadeUp from(String address) {
            client = address;
            return this;
        }

        MadeUp by(Optional<String> hostUser) {
            user = hostUser;
            return this;
        }

        MadeUp length(long said) {
            length = said;
            return this;
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        @Override
        public Optional<String> user() {
            return user;
        }

        @Override
        public String client() {
            return client;
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(body);
        }
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
                properties.put(ResolutionService.CONTEXT, context);
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
