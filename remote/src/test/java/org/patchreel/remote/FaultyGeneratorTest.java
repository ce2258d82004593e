package org.patchreel.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.remote.FaultyServer.bytes;
import static org.patchreel.remote.FaultyServer.json;
import static org.patchreel.remote.FaultyServer.problem;
import static org.patchreel.remote.FaultyServer.with;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.contract.SampleAsset;

/** Servers that are away, are none, or answer what they should not: one clear message each, and nothing is left. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FaultyGeneratorTest {

    private static final GenerationRequest BALL = GenerationRequest.of("a red ball");
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final byte[] CLIP = SampleAsset.clip(7, 300_000);

    private Certificates certificates;
    private SSLContext client;
    private SSLContext serverSide;

    private FaultyServer server;
    private HeldStore store;
    private final List<RemoteHost> hosts = new ArrayList<>();

    @BeforeAll
    void makeCertificates(@TempDir Path folder) throws Exception {
        certificates = new Certificates(folder);
        certificates.make("server", "ip:127.0.0.1");
        certificates.make("elsewhere", "dns:example.com");
        certificates.make("client", "dns:client");
        certificates.make("stranger", "dns:stranger");
        client = certificates.context(Optional.empty(), "server");
        serverSide = certificates.context(Optional.of("server"), "client");
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new FaultyServer(serverSide, false);
        store = new HeldStore(folder);
    }

    @AfterEach
    void stop() {
        hosts.forEach(RemoteHost::close);
        hosts.clear();
        server.close();
    }

    @AfterAll
    void noThreadIsLeft() throws Exception {
        for (int i = 0; i < 100 && !threads().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertEquals(List.of(), threads());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("patchreel-remote"))
                .toList();
    }

    private RemoteHost host() {
        return host(null);
    }

    private RemoteHost host(@Nullable HeldStore own) {
        return host(server.url(), client, own);
    }

    private RemoteHost host(String url, SSLContext tls, @Nullable HeldStore own) {
        RemoteHost host = new RemoteHost(RemoteHost.settings(url, TOKEN, tls), own);
        hosts.add(host);
        return host;
    }

    private static String job(String state, String more) {
        return "{\"id\":\"A1\",\"state\":\"" + state + "\",\"requester\":{\"user\":\"editor\"},\"model\":\"starter\","
                + "\"prompt\":\"a red ball\"" + more + "}";
    }

    private static String refused(RemoteHost host) {
        GenerationException failure =
                assertThrows(GenerationException.class, () -> host.generator().submit("A1", BALL, Requester.UNKNOWN));
        assertEquals(Reason.BUSY, failure.reason());
        assertFalse(String.valueOf(failure.getMessage()).contains(TOKEN));
        assertFalse(String.valueOf(failure.getMessage()).contains("\n"));
        return failure.getMessage();
    }

    /** Lets the server have the asset A1 with a clip. */
    private void serveAsset(FaultyServer.Answer... clip) throws Exception {
        ObjectNode asset = new ObjectMapper()
                .valueToTree(AssetFacts.of(SampleAsset.metadata("A1", Optional.of("Ball")))
                        .values());
        asset.putArray("files").addObject().put("name", "clip.mp4");
        asset.withArray("/files").addObject().put("name", "something-new.bin");
        asset.put("somethingNew", 1);
        server.on("GET /assets/A1", bytes(200, "application/json", new ObjectMapper().writeValueAsBytes(asset)));
        server.on("GET /assets/A1/files/clip.mp4", clip);
    }

    private static String digest(byte[] content) throws Exception {
        return "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(content)) + ":";
    }

    private static FaultyServer.Answer clip(byte[] sent, byte[] promised) throws Exception {
        return with("ETag", "\"1\"", with("Repr-Digest", digest(promised), bytes(200, "video/mp4", sent)));
    }

    /** Promises a clip and breaks off. */
    private static FaultyServer.Answer brokenOff(int after) throws Exception {
        String digest = digest(CLIP);
        return exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.getResponseHeaders().set("Repr-Digest", digest);
            exchange.sendResponseHeaders(200, CLIP.length);
            exchange.getResponseBody().write(CLIP, 0, after);
            exchange.getResponseBody().flush();
        };
    }

    private static FaultyServer.Answer rest() {
        return exchange -> {
            int start = Integer.parseInt(
                    exchange.getRequestHeaders().getFirst("Range").replaceAll("\\D", ""));
            assertEquals("\"1\"", exchange.getRequestHeaders().getFirst("If-Range"));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + start + "-" + (CLIP.length - 1) + "/" + CLIP.length);
            exchange.sendResponseHeaders(206, CLIP.length - start);
            exchange.getResponseBody().write(CLIP, start, CLIP.length - start);
        };
    }

    private void assertNothingIsLeft() throws IOException {
        assertEquals(List.of(), store.folders());
        assertEquals(List.of(), store.list());
    }

    @Test
    void aGeneratorThatIsAwayIsNamed() throws Exception {
        String url;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "https://127.0.0.1:" + free.getLocalPort();
        }
        String message = refused(host(url, client, null));
        assertTrue(message.startsWith("the generator at " + url + " cannot be reached"), message);
    }

    @Test
    void theTokenIsSentAndNothingElseOfTheHost() throws Exception {
        List<String> headers = Collections.synchronizedList(new ArrayList<>());
        server.on("POST /jobs", exchange -> {
            headers.add(exchange.getRequestHeaders().getFirst("Authorization"));
            json(202, job("queued", "")).send(exchange);
        });
        host().generator().submit("A1", BALL, Requester.of("anna"));
        assertEquals(List.of("Bearer " + TOKEN), headers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | a bearer token is needed | refuses the token, or needs one (401): a bearer token is needed",
                "403 | this needs the role editor | refuses it (403): this needs the role editor; the token needs the role editor",
                "415 | other type | refuses it (415): other type",
                "418 | teapot | refuses it (418): teapot",
                "507 | no room | refuses it (507): no room"
            })
    void aLastingRefusalIsToldOnce(int status, String detail, String message) throws Exception {
        server.on("POST /jobs", problem(status, detail));
        assertEquals("the generator at " + server.url() + " " + message, refused(host()));
        assertEquals(1, server.requests().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 408, 500, 502, 503})
    void whatMayPassIsTriedAgain(int status) throws Exception {
        server.on("POST /jobs", problem(status, "later"));
        String message = refused(host());
        assertTrue(message.contains("(" + status + "): later"), message);
        assertEquals(3, server.requests().size());
        server.on("POST /jobs", problem(status, "later"), json(202, job("queued", "")));
        assertEquals(
                "queued",
                host().generator().submit("A1", BALL, Requester.UNKNOWN).state().name());
    }

    @Test
    void retryAfterIsHeeded() throws Exception {
        server.on("POST /jobs", with("Retry-After", "1", problem(503, "full")), json(202, job("queued", "")));
        long start = System.nanoTime();
        host().generator().submit("A1", BALL, Requester.UNKNOWN);
        assertTrue(
                System.nanoTime() - start >= Duration.ofSeconds(1).toNanos(), "it asked again before it was told to");
        server.on("POST /jobs", with("Retry-After", "3600", problem(503, "full")));
        refused(host());
        assertEquals(3, server.requests().stream().filter("POST /jobs"::equals).count(), "nobody is kept for an hour");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        server.on("POST /jobs", with("Location", "https://example.com/", bytes(307, "text/plain", new byte[0])));
        String message = refused(host());
        assertTrue(message.contains("redirects to https://example.com/, which is not followed"), message);
        assertEquals(1, server.requests().size());
    }

    @Test
    void aPageInsteadOfJsonIsNamed() throws Exception {
        server.on("POST /jobs", bytes(200, "text/html", "<html>log in</html>".getBytes(UTF_8)));
        String message = refused(host());
        assertTrue(message.contains("answers with \"text/html\" instead of JSON"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{} {}", "\"job\""})
    void whatIsNoJsonObjectIsNamed(String body) throws Exception {
        server.on("POST /jobs", json(202, body));
        assertTrue(refused(host()).contains("no JSON object"));
        assertEquals(1, server.requests().size());
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
        server.on("POST /jobs", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(202, 0);
            byte[] block = new byte[1 << 16];
            Arrays.fill(block, (byte) ' ');
            for (int i = 0; i < 10_000; i++) {
                exchange.getResponseBody().write(block);
            }
        });
        assertTrue(refused(host()).contains("answers with more than 16777216 bytes"));
    }

    @Test
    void anAnswerThatStopsMidwayDoesNotKeepTheThread() throws Exception {
        server.on("POST /jobs", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(202, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            sleep(20_000);
        });
        String message = refused(host());
        assertTrue(message.contains("nothing came for 2 s"), message);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fieldsThatAreNotKnownAreIgnored() throws Exception {
        server.on("POST /jobs", json(202, job("running", ",\"stage\":\"polishing\",\"new\":{\"a\":[1]}")));
        GenerationJob job = host().generator().submit("A1", BALL, Requester.UNKNOWN);
        assertEquals("running", job.state().name());
    }

    @Test
    void aStateThatIsNotKnownIsAnError() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, job("frozen", "")));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(
                failed.cause().getMessage().contains("state is \"frozen\""),
                failed.cause().getMessage());
        server.on("POST /jobs", json(202, job("frozen", "")));
        assertTrue(refused(host()).contains("state is \"frozen\""));
    }

    @Test
    void aFailureOfAnUnknownKindKeepsItsMessage() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, job("failed", ",\"reason\":\"melted\",\"message\":\"the device melted\"")));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertEquals("melted: the device melted", failed.cause().getMessage());
    }

    @Test
    void aJobWaitsWhileTheGeneratorIsAway() throws Exception {
        server.on("POST /jobs", json(202, job("running", ",\"stage\":\"sampling\",\"done\":1,\"total\":4")));
        server.on(
                "GET /jobs/A1",
                problem(502, "the proxy sees nobody"),
                json(200, job("running", ",\"stage\":\"sampling\",\"done\":2,\"total\":4")),
                json(200, job("completed", "")));
        GenerationJob job = host().generator().submit("A1", BALL, Requester.UNKNOWN);
        List<JobState> states = Collections.synchronizedList(new ArrayList<>());
        job.observe(states::add);
        assertInstanceOf(JobState.Completed.class, job.await());
        assertEquals(
                List.of("running", "waiting", "running", "completed"),
                states.stream().map(JobState::name).toList());
        assertTrue(((JobState.Waiting) states.get(1)).reason().contains("fails (502): the proxy sees nobody"));
    }

    /** A stream with some text, which stays open for a while. */
    private static FaultyServer.Answer events(String text, Duration open) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(text.getBytes(UTF_8));
            exchange.getResponseBody().flush();
            sleep(open.toMillis());
        };
    }

    private static String event(int number, String job) {
        return "id: run-" + number + "\nevent: job\ndata: " + job + "\n\n";
    }

    private static String sampling(int done) {
        return job("running", ",\"stage\":\"sampling\",\"done\":" + done + ",\"total\":4");
    }

    private long count(String request) {
        return server.requests().stream().filter(request::equals).count();
    }

    @Test
    void progressIsToldByEventsAndAskedForOnceOnly() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, sampling(1)));
        server.on("GET /events", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 100 && count("GET /jobs/A1") == 0; i++) {
                sleep(20);
            }
            sleep(200);
            for (String next : List.of(
                    ":\n\n",
                    "retry: 3000\r\n\r\n",
                    event(1, job("running", "").replace("A1", "another")),
                    event(2, sampling(2)),
                    event(3, sampling(3)))) {
                exchange.getResponseBody().write(next.getBytes(UTF_8));
                exchange.getResponseBody().flush();
                sleep(400);
            }
            exchange.getResponseBody().write(event(4, job("completed", "")).getBytes(UTF_8));
            exchange.getResponseBody().flush();
            sleep(1000);
        });
        GenerationJob job = host().generator().submit("A1", BALL, Requester.UNKNOWN);
        List<JobState> states = Collections.synchronizedList(new ArrayList<>());
        job.observe(states::add);
        assertInstanceOf(JobState.Completed.class, job.await());
        List<Integer> done = states.stream()
                .filter(JobState.Running.class::isInstance)
                .map(state -> ((JobState.Running) state).progress().done())
                .toList();
        assertEquals(List.of(1, 2, 3), done);
        assertEquals(1, count("GET /events"));
        assertTrue(count("GET /jobs/A1") <= 3, server.requests().toString());
    }

    @Test
    void aStreamThatBreaksIsOpenedBehindTheLastEvent() throws Exception {
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, job("running", "")));
        server.on(
                "GET /events",
                exchange -> {
                    for (int i = 0; i < 100 && count("GET /jobs/A1") == 0; i++) {
                        sleep(20);
                    }
                    events(event(7, sampling(2)), Duration.ZERO).send(exchange);
                },
                exchange -> {
                    ids.add(String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
                    events(event(8, job("completed", "")), Duration.ofSeconds(1))
                            .send(exchange);
                });
        assertInstanceOf(
                JobState.Completed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertEquals(List.of("run-7"), ids);
    }

    @Test
    void withoutEventsJobsAreAskedForAndEventsNoMore() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on(
                "GET /jobs/A1",
                json(200, sampling(1)),
                json(200, sampling(2)),
                json(200, sampling(3)),
                json(200, job("completed", "")));
        server.on("GET /events", problem(501, "the servlets of this host cannot send events"));
        assertInstanceOf(
                JobState.Completed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertEquals(4, count("GET /jobs/A1"));
        assertEquals(1, count("GET /events"));
    }

    @Test
    void aStreamThatFailsAgainAndAgainIsLeftAlone() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, sampling(1)));
        server.on("GET /events", problem(503, "there are too many streams of events"));
        GenerationJob job = host().generator().submit("A1", BALL, Requester.UNKNOWN);
        for (int i = 0; i < 200 && count("GET /events") < 5; i++) {
            Thread.sleep(50);
        }
        Thread.sleep(2000);
        assertEquals(5, count("GET /events"));
        assertFalse(threads().contains("patchreel-remote-events"), threads().toString());
        server.on("GET /jobs/A1", json(200, job("completed", "")));
        assertInstanceOf(JobState.Completed.class, job.await());
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless", "noJson", "unknownState"})
    void anEventThatIsNoneDoesNotDecideOnAJob(String kind) throws Exception {
        String text = switch (kind) {
            case "endless" -> "data: " + "x".repeat(3 << 20);
            case "noJson" -> "event: job\ndata: {\"id\": \n\n";
            default -> event(1, job("melting", ""));
        };
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, sampling(1)), json(200, sampling(2)), json(200, job("completed", "")));
        server.on("GET /events", events(text, Duration.ofMillis(300)));
        assertInstanceOf(
                JobState.Completed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(count("GET /events") <= 5);
    }

    @Test
    void aStreamWithoutASignOfLifeIsNoReasonToWait() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, sampling(1)), json(200, job("completed", "")));
        server.on("GET /events", exchange -> sleep(10_000)); // no answer at all
        assertInstanceOf(
                JobState.Completed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertEquals(2, count("GET /jobs/A1"));
    }

    @Test
    void aTokenThatIsWithdrawnEndsTheWaitAndNotTheJob() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", problem(401, "a bearer token is needed"));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(
                failed.cause().getMessage().contains("refuses the token"),
                failed.cause().getMessage());
        assertFalse(server.requests().contains("DELETE /jobs/A1"));
    }

    @Test
    void aJobThatIsGoneWithItsAssetIsAFailure() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host().generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(
                failed.cause().getMessage().contains("knows no job A1 any more"),
                failed.cause().getMessage());
    }

    @Test
    void aCancellationIsRepeatedUntilTheGeneratorHasIt() throws Exception {
        server.on("POST /jobs", json(202, job("running", "")));
        server.on("GET /jobs/A1", json(200, job("running", "")));
        server.on("DELETE /jobs/A1", problem(503, "busy"), exchange -> {
            server.on("GET /jobs/A1", json(200, job("cancelled", "")));
            exchange.sendResponseHeaders(204, -1);
        });
        GenerationJob job = host().generator().submit("A1", BALL, Requester.UNKNOWN);
        job.cancel();
        assertInstanceOf(JobState.Cancelled.class, job.await());
        assertEquals(
                2, server.requests().stream().filter("DELETE /jobs/A1"::equals).count());
    }

    @Test
    void aClipWithAnotherDigestIsNotStored() throws Exception {
        byte[] other = CLIP.clone();
        other[200_000] ^= 1;
        server.on("POST /jobs", json(202, job("completed", "")));
        serveAsset(clip(other, CLIP));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host(store).generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertEquals(Reason.STORAGE, failed.cause().reason());
        assertTrue(
                failed.cause().getMessage().contains("its SHA-256 differs"),
                failed.cause().getMessage());
        assertNothingIsLeft();
    }

    @Test
    void whoReadsAClipWithAnotherDigestFailsBeforeItsEnd() throws Exception {
        byte[] other = CLIP.clone();
        other[0] ^= 1;
        serveAsset(clip(other, CLIP));
        StoredAsset asset = host().generator().asset("A1").orElseThrow();
        try (InputStream in = Channels.newInputStream(asset.open(AssetFile.CLIP))) {
            // without asking for the end of the stream
            assertThrows(IOException.class, () -> in.readNBytes(new byte[CLIP.length], 0, CLIP.length));
        }
    }

    @Test
    void aDownloadThatBreaksOffGoesOn() throws Exception {
        server.on("POST /jobs", json(202, job("completed", "")));
        serveAsset(brokenOff(100_000), rest());
        assertInstanceOf(
                JobState.Completed.class,
                host(store).generator().submit("A1", BALL, Requester.UNKNOWN).await());
        try (InputStream in =
                Channels.newInputStream(store.find("A1").orElseThrow().open(AssetFile.CLIP))) {
            assertArrayEquals(CLIP, in.readAllBytes());
        }
        assertEquals(
                SampleAsset.metadata("A1", Optional.of("Ball")),
                store.find("A1").orElseThrow().metadata());
    }

    @Test
    void aDownloadThatBreaksOffAgainAndAgainLeavesNothing() throws Exception {
        server.on("POST /jobs", json(202, job("completed", "")));
        serveAsset(brokenOff(100_000), problem(503, "busy"));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host(store).generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(
                failed.cause().getMessage().contains("is made and not stored here"),
                failed.cause().getMessage());
        assertNothingIsLeft();
    }

    @Test
    void aFileThatChangesWhileItIsReadIsNotMixed() throws Exception {
        server.on("POST /jobs", json(202, job("completed", "")));
        serveAsset(brokenOff(100_000), clip(CLIP, CLIP));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host(store).generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(
                failed.cause().getMessage().contains("has changed while it was read"),
                failed.cause().getMessage());
        assertNothingIsLeft();
    }

    @Test
    void aClipWithoutADigestIsNotStored() throws Exception {
        server.on("POST /jobs", json(202, job("completed", "")));
        serveAsset(bytes(200, "video/mp4", CLIP));
        JobState.Failed failed = assertInstanceOf(
                JobState.Failed.class,
                host(store).generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertTrue(
                failed.cause().getMessage().contains("tells neither size nor SHA-256"),
                failed.cause().getMessage());
        assertNothingIsLeft();
    }

    @Test
    void anInstanceThatIsKilledMidwayLeavesTheClipToTheNext() throws Exception {
        server.on("POST /jobs", json(202, job("completed", "")));
        serveAsset(
                exchange -> {
                    brokenOffOrFail(exchange);
                    sleep(1_000);
                },
                clip(CLIP, CLIP));
        RemoteHost killed = host(store);
        GenerationJob job = killed.generator().submit("A1", BALL, Requester.UNKNOWN);
        while (!server.requests().contains("GET /assets/A1/files/clip.mp4")) {
            Thread.sleep(10);
        }
        killed.close();
        assertInstanceOf(JobState.Suspended.class, job.await());
        assertInstanceOf(
                JobState.Completed.class,
                host(store).generator().submit("A1", BALL, Requester.UNKNOWN).await());
        assertEquals(1, store.list().size());
    }

    private static void brokenOffOrFail(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
        try {
            brokenOff(1_000).send(exchange);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A2", ""})
    void metadataOfAnotherAssetAreNotTaken(String id) throws Exception {
        ObjectNode asset = new ObjectMapper()
                .valueToTree(AssetFacts.of(SampleAsset.metadata("A1", Optional.empty()))
                        .values());
        asset.putArray("files");
        asset.put("id", id);
        server.on("GET /assets/A1", json(200, asset.toString()));
        IOException failure =
                assertThrows(IOException.class, () -> host().generator().asset("A1"));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("asset A1: id is"), failure.getMessage());
        asset.put("id", "A1").remove("seed");
        server.on("GET /assets/A1", json(200, asset.toString()));
        failure = assertThrows(IOException.class, () -> host().generator().asset("A1"));
        assertTrue(String.valueOf(failure.getMessage()).contains("seed is missing"), failure.getMessage());
    }

    @Test
    void aVerdictThatIsNotKnownIsAnErrorAndNoReport(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("a.mp4"), new byte[3]);
        server.on(
                "POST /verify",
                json(
                        200,
                        "{\"verdict\":\"certain\",\"sentence\":\"s\",\"manifest\":{},\"watermark\":{\"marks\":[]},"
                                + "\"recovered\":null,\"furtherClips\":[]}"));
        IOException failure =
                assertThrows(IOException.class, () -> host().verifier().verify(file));
        assertTrue(String.valueOf(failure.getMessage()).contains("verdict is \"certain\""), failure.getMessage());
    }

    @Test
    void theJobsAreThoseThatAreFollowedIfTheGeneratorIsAway() throws Exception {
        server.on("POST /jobs", json(202, job("queued", "")));
        server.on("GET /jobs/A1", json(200, job("queued", "")));
        server.on("GET /jobs?limit=100", problem(400, "no"));
        RemoteHost host = host();
        host.generator().submit("A1", BALL, Requester.UNKNOWN);
        assertEquals(1, host.generator().jobs().size());
    }

    @Test
    void anotherCertificateIsNotTrusted() throws Exception {
        RemoteHost host = host(server.url(), certificates.context(Optional.empty(), "stranger"), null);
        String message = refused(host);
        assertTrue(message.contains("no trusted connection, look at the certificates"), message);
        assertEquals(List.of(), server.requests());
    }

    @Test
    void aCertificateOfAnotherHostIsNotTrusted() throws Exception {
        try (FaultyServer other = new FaultyServer(certificates.context(Optional.of("elsewhere"), "client"), false)) {
            String message = refused(host(other.url(), certificates.context(Optional.empty(), "elsewhere"), null));
            assertTrue(message.contains("no trusted connection"), message);
        }
    }

    @Test
    void aServerThatAsksForACertificateIsShownOne() throws Exception {
        try (FaultyServer mutual = new FaultyServer(serverSide, true)) {
            mutual.on("POST /jobs", json(202, job("queued", "")));
            RemoteHost known = host(mutual.url(), certificates.context(Optional.of("client"), "server"), null);
            assertEquals(
                    "queued",
                    known.generator()
                            .submit("A1", BALL, Requester.UNKNOWN)
                            .state()
                            .name());
            refused(host(mutual.url(), client, null));
            refused(host(mutual.url(), certificates.context(Optional.of("stranger"), "server"), null));
            assertEquals(
                    List.of("POST /jobs"),
                    mutual.requests().stream().filter("POST /jobs"::equals).toList());
        }
    }
}
