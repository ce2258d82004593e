package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.web.http.MadeUpRequest;
import org.patchreel.web.http.Refusal;

/** Requests that no well-meaning client sends. */
@Timeout(60)
class BadRequestsTest {

    private ApiServer server;
    private Client editor;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
        editor = Client.of(server, Role.EDITOR);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static byte[] large() {
        return ("{\"prompt\":\"" + "a".repeat(JobResources.MAX_REQUEST) + "\"}").getBytes(US_ASCII);
    }

    @Test
    void aRequestThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws Exception {
        editor.send("POST", "/jobs", large(), "Content-Type", "application/json")
                .problem(413);
        HttpRequest unannounced = editor.request("/jobs", "Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large())))
                .build();
        assertEquals(
                413,
                Client.http()
                        .send(unannounced, HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        assertEquals(0, server.jobs.size());
    }

    /** It sends all before it reads: with the connection closed before, it would get no answer. */
    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void aClientThatSendsAllBeforeItReadsGetsItsAnswer(String servlet) throws Exception {
        byte[] body = new byte[12 << 20];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /" + servlet + ApiServer.PATH + "/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                            + server.token(Role.EDITOR) + "\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(US_ASCII));
            Thread.sleep(200); // it is refused by now
            out.write(body);
            out.flush();
            assertTrue(new String(socket.getInputStream().readNBytes(12), US_ASCII).endsWith(" 413"));
        }
    }

    @Test
    void whoIsRefusedAndSendsSlowlyIsNotWaitedForLong() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("POST /jakarta" + ApiServer.PATH + "/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999"
                                    + "\r\n\r\n")
                            .getBytes(US_ASCII));
            socket.setSoTimeout(20_000);
            InputStream in = socket.getInputStream();
            assertTrue(new String(in.readNBytes(12), US_ASCII).endsWith(" 401"));
            while (in.read() >= 0) {
                // to the end of the connection
            }
        }
    }

    @Test
    void aTextThatIsTooLongNamesItsField() {
        assertEquals(
                "/prompt",
                editor.post("/jobs", "{\"prompt\":\"" + "a".repeat(10_001) + "\"}")
                        .problem(422));
        StringBuilder shots = new StringBuilder();
        for (int i = 0; i < 101; i++) {
            shots.append(i == 0 ? "" : ",").append("{\"prompt\":\"a\"}");
        }
        assertEquals(
                "/shots", editor.post("/jobs", "{\"shots\":[" + shots + "]}").problem(422));
    }

    @Test
    void whatAClientHasSentIsQuotedInPartAndOnOneLine() {
        Client.Answer answer = editor.post("/jobs", "{\"prompt\":\"a\",\"" + "x\\n".repeat(10_000) + "\":1}");
        answer.problem(422);
        assertTrue(answer.body().length < 3000, () -> answer.body().length + " bytes");
    }

    private Socket slow(String head) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(head.getBytes(US_ASCII));
        return socket;
    }

    private String head() throws IOException {
        return "POST /jakarta" + ApiServer.PATH + "/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + server.token(Role.EDITOR) + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    }

    @Test
    void aBodyThatDripsIsRefused() throws Exception {
        try (Socket socket = slow(head())) {
            String status = "";
            for (int i = 0; i < 90 && status.isEmpty(); i++) {
                Thread.sleep(20);
                if (socket.getInputStream().available() > 0) {
                    status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
                } else {
                    socket.getOutputStream().write(' ');
                }
            }
            assertEquals("HTTP/1.1 408", status);
        }
    }

    @Test
    void slowSendersKeepReadersFromNothing() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                slow.add(slow(head()));
            }
            int status = 0;
            for (int i = 0; i < 100 && status != 503; i++) {
                status = editor.post("/jobs", "{\"prompt\":\"a\"}").status();
                Thread.sleep(10);
            }
            assertEquals(503, status);
            assertEquals(200, editor.get("/jobs").status());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        while (editor.post("/jobs", "{\"prompt\":\"a\"}").status() == 503) {
            Thread.sleep(20);
        }
    }

    @Test
    void aBodyThatBreaksOffLeavesNoJob() throws Exception {
        try (Socket socket = slow(head())) {
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
        assertEquals(0, server.jobs.size());
    }

    @Test
    void aClientThatGoesAwayIsNoFailureToLog() {
        IOException gone = new IOException("gone");
        Refusal refusal = assertThrows(
                Refusal.class,
                () -> new Incoming(1, Duration.ofSeconds(1))
                        .read(new MadeUpRequest("POST", "/jobs", new byte[0]), 10, body -> {
                            throw new Incoming.BrokenOffException(gone);
                        }));
        assertEquals(400, refusal.status());
    }

    @Test
    void whatIsNoRequestIsAnsweredByTheServer() throws Exception {
        for (String text : List.of("GET\r\n\r\n", "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n")) {
            try (Socket socket = slow(text)) {
                socket.setSoTimeout(10_000);
                String answer = new String(socket.getInputStream().readNBytes(10), US_ASCII);
                assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 5"));
            }
        }
        assertEquals(200, editor.get("/jobs").status());
    }

    @Test
    void otherMethodsAreNotUnderstood() {
        for (String method : List.of("PATCH", "OPTIONS", "DELETE")) {
            assertEquals(
                    "GET, POST",
                    editor.send(method, "/jobs", null).header("Allow").orElse(""));
        }
    }
}
