package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesApiTest {

    private static final byte[] PICTURE = "a picture".getBytes(UTF_8);
    private static final String PATH = "/sources/" + FakeInstallation.sha256(PICTURE);

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

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void aFileIsKeptOnce(String servlet) throws Exception {
        Client client = Client.of(server, servlet, Role.EDITOR);
        assertEquals(404, client.send("HEAD", PATH, null).status());
        assertEquals(201, client.send("PUT", PATH, PICTURE).status());
        assertArrayEquals(PICTURE, server.installation.sources.get(FakeInstallation.sha256(PICTURE)));
        assertEquals(204, client.send("HEAD", PATH, null).status());
        assertEquals(204, client.send("PUT", PATH, PICTURE).status());
    }

    @Test
    void aPartOfAFileIsRefused() {
        assertEquals(
                "Content-Range",
                editor.send("PUT", PATH, PICTURE, "Content-Range", "bytes 0-8/100")
                        .problem(400));
    }

    @Test
    void nothingIsKeptOfOtherContent() {
        Client.Answer answer = editor.send("PUT", PATH, "another".getBytes(UTF_8));
        assertEquals("sha256", answer.problem(422));
        assertTrue(answer.text().contains(FakeInstallation.sha256("another".getBytes(UTF_8))));
        assertTrue(server.installation.sources.isEmpty());
        editor.send("PUT", "/sources/" + FakeInstallation.sha256(new byte[0]), new byte[0])
                .problem(422);
    }

    @Test
    void sizeAndRoomAreLimited() throws Exception {
        byte[] large = new byte[FakeInstallation.MAX_SOURCE + 1];
        editor.send("PUT", "/sources/" + FakeInstallation.sha256(large), large).problem(413);
        HttpRequest unannounced = editor.request("/sources/" + FakeInstallation.sha256(large))
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build();
        assertEquals(
                413,
                Client.http()
                        .send(unannounced, HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        server.installation.full = true;
        editor.send("PUT", PATH, PICTURE).problem(507);
        assertTrue(server.installation.sources.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "..%2F..%2Fa", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789"})
    void whatIsNoDigestIsNotThere(String name) throws Exception {
        int status = editor.statusOf("HEAD", "/sources/" + name);
        assertTrue(status == 404 || status == 400, "" + status);
    }

    @Test
    void viewersUploadNothing() throws Exception {
        Client.of(server, Role.VIEWER).send("PUT", PATH, PICTURE).problem(403);
    }
}
