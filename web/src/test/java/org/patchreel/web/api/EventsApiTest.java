package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobSummary.State;

@Timeout(60)
class EventsApiTest {

    private ApiServer server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
        server.jobs.add("a", "anna");
        server.jobs.add("b", "bert");
        server.jobs.add("done", "bert");
        server.jobs.move("done", State.COMPLETED);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** An event as a browser reads it. */
    private record Event(String id, String name, String data) {
        String state() {
            return data.replaceAll(".*\"state\":\"([a-z]+)\".*", "$1");
        }

        String job() {
            return data.replaceAll(".*\"id\":\"([A-Za-z0-9]+)\".*", "$1");
        }
    }

    private static final class Stream implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;
        int comments;

        Stream(HttpResponse<InputStream> response) {
            this.response = response;
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** {@return the next event; empty at the end} */
        Optional<Event> next() throws IOException {
            String id = "";
            String name = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.startsWith(":")) {
                    comments++;
                } else if (line.isEmpty() && !data.isEmpty()) {
                    return Optional.of(new Event(id, name, data));
                }
            }
            return Optional.empty();
        }

        List<String> take(int count) throws IOException {
            List<String> taken = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Event event = next().orElseThrow();
                taken.add(event.name().equals("reset") ? "reset" : event.job() + " " + event.state());
            }
            return taken;
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    private Stream open(String servlet, String path, String... headers) throws Exception {
        HttpResponse<InputStream> response = Client.http()
                .send(
                        Client.of(server, servlet, Role.VIEWER)
                                .request(path, headers)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
        return new Stream(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void allJobsAreFollowedFromTheirStateOfNowOn(String servlet) throws Exception {
        try (Stream stream = open(servlet, "/events")) {
            assertEquals(List.of("b queued", "a queued"), stream.take(2));
            server.jobs.move("a", State.RUNNING, "", "", new GenerationProgress(Stage.SAMPLING, 1, 4));
            assertEquals(List.of("a running"), stream.take(1));
            server.jobs.add("c", "carl");
            server.jobs.tell("c");
            server.jobs.move("a", State.COMPLETED);
            assertEquals(List.of("c queued", "a completed"), stream.take(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void aJobIsFollowedToItsEnd(String servlet) throws Exception {
        try (Stream stream = open(servlet, "/jobs/a/events")) {
            assertEquals(List.of("a queued"), stream.take(1));
            server.jobs.move("b", State.RUNNING);
            server.jobs.move("a", State.FAILED, "memory", "it\nran out", null);
            Event last = stream.next().orElseThrow();
            assertEquals("failed", last.state());
            assertEquals(Optional.empty(), stream.next());
            Client viewer = Client.of(server, servlet, Role.VIEWER);
            assertEquals(
                    204,
                    viewer.get("/jobs/a/events", "Last-Event-ID", last.id()).status(),
                    "a browser would come back for ever");
        }
    }

    @Test
    void whoComesBackIsSentWhatHasChanged() throws Exception {
        String last;
        try (Stream stream = open("jakarta", "/events")) {
            stream.take(2);
            server.jobs.move("a", State.RUNNING);
            last = stream.next().orElseThrow().id();
        }
        server.jobs.move("b", State.RUNNING);
        server.jobs.move("b", State.CANCELLED);
        server.jobs.move("a", State.COMPLETED);
        try (Stream stream = open("jakarta", "/events", "Last-Event-ID", last)) {
            assertEquals(List.of("b cancelled", "a completed"), stream.take(2));
            server.jobs.add("c", "carl");
            server.jobs.tell("c");
            assertEquals(List.of("c queued"), stream.take(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzz-1", "nonsense", "1-999999999999999999"})
    void whoComesBackFromAnotherRunIsToldToBeginAnew(String last) throws Exception {
        try (Stream stream = open("jakarta", "/events", "Last-Event-ID", last)) {
            assertEquals(List.of("reset", "b queued", "a queued"), stream.take(3));
        }
        try (Stream stream = open("jakarta", "/jobs/done/events", "Last-Event-ID", last)) {
            assertEquals(List.of("done completed"), stream.take(1));
            assertEquals(Optional.empty(), stream.next());
        }
    }

    @Test
    void aRegisterThatCannotBeReadLosesNothing() throws Exception {
        try (Stream stream = open("jakarta", "/events")) {
            stream.take(2);
            server.jobs.broken = true;
            server.jobs.move("a", State.RUNNING);
            assertEquals(List.of("reset"), stream.take(1));
        }
    }

    @Test
    void streamsShowSignsOfLifeAndKeepNoThread() throws Exception {
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            streams.add(open(i % 2 == 0 ? "jakarta" : "javax", "/events"));
        }
        int busy = server.busyThreads();
        Thread.sleep(300);
        server.jobs.move("a", State.RUNNING);
        for (Stream stream : streams) {
            assertEquals("a running", stream.take(3).get(2));
            assertTrue(stream.comments > 0, "a proxy closes what is silent");
        }
        assertTrue(busy < 8, busy + " threads");
        for (Stream stream : streams) {
            stream.close();
        }
    }

    @Test
    void streamsAreBoundedAndFreedWhenClientsGo() throws Exception {
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Stream stream = open("jakarta", "/events");
            stream.take(1); // it has its place, which the head of the answer does not tell
            streams.add(stream);
        }
        Client viewer = Client.of(server, Role.VIEWER);
        viewer.get("/events").problem(503);
        assertTrue(viewer.get("/jobs/a/events").header("Retry-After").isPresent());
        for (Stream stream : streams) {
            stream.close();
        }
        int status = 503;
        while (status == 503) {
            Thread.sleep(50);
            HttpResponse<InputStream> response =
                    Client.http().send(viewer.request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            status = response.statusCode();
            response.body().close();
        }
        assertEquals(200, status);
    }

    @Test
    void aClientThatDoesNotReadHoldsNobodyUpAndIsLetGo() throws Exception {
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(2048);
            deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            deaf.getOutputStream()
                    .write(("GET /jakarta" + ApiServer.PATH + "/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                    + server.token(Role.VIEWER) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            deaf.getInputStream().readNBytes(12);
            String message = "x".repeat(100_000);
            try (Stream stream = open("jakarta", "/events")) {
                stream.take(2);
                for (int i = 0; i < 200; i++) {
                    server.jobs.move(i % 2 == 0 ? "a" : "b", State.WAITING, "", message + i, null);
                }
                String last = "";
                while (!last.contains("x199")) {
                    last = stream.next().orElseThrow().data();
                }
            }
            assertTrue(isClosed(deaf), "the deaf client is let go");
        }
    }

    private static boolean isClosed(Socket socket) throws InterruptedException {
        try {
            InputStream in = socket.getInputStream();
            Thread.sleep(1000);
            byte[] buffer = new byte[1 << 16];
            int read = in.read(buffer);
            while (read >= 0) {
                read = in.read(buffer);
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void streamsEndWithTheService() throws Exception {
        try (Stream stream = open("jakarta", "/events")) {
            stream.take(2);
            server.service().close();
            assertEquals(Optional.empty(), stream.next());
        }
    }

    @Test
    void eventsOfOneJobSayNothingOfItsFiles() throws Exception {
        server.jobs.move("a", State.RUNNING);
        try (Stream stream = open("jakarta", "/jobs/a/events")) {
            stream.take(1);
            server.jobs.move("a", State.COMPLETED, "", "file:/secret", null);
            assertFalse(stream.next().orElseThrow().data().contains("secret"));
        }
    }

    @Test
    void promptsOfOthersAreNotTold() throws Exception {
        server.jobs.add("mine", "viewer");
        try (Stream stream = open("jakarta", "/events")) {
            String prompts = "";
            for (int i = 0; i < 3; i++) {
                Event event = stream.next().orElseThrow();
                prompts += event.job() + (event.data().contains("\"prompt\":\"\"") ? " hidden " : " shown ");
            }
            assertEquals("mine shown b hidden a hidden ", prompts);
            server.jobs.move("a", State.RUNNING);
            assertTrue(stream.next().orElseThrow().data().contains("\"prompt\":\"\""));
        }
    }
}
