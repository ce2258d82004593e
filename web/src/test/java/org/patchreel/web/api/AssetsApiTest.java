package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AssetsApiTest {

    private final byte[] clip = new byte[200_000];
    private ApiServer server;
    private Client viewer;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        new Random(1).nextBytes(clip);
        server = new ApiServer(folder);
        viewer = Client.of(server, Role.VIEWER);
        server.installation.store("A1", "a red ball", "starter", "2026-11-28T08:00:00Z", clip);
        server.installation.store("A2", "a blue ball", "wan", "2026-11-29T08:00:00Z", new byte[0]);
        server.installation.store("A3", "a tree", "starter", "2026-11-30T08:00:00Z", clip);
        server.jobs.add("A3", "anna");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        Client.Answer answer = viewer.get("/assets" + query);
        assertEquals(200, answer.status(), answer.text());
        answer.json().get("assets").forEach(asset -> ids.add(asset.get("id").textValue()));
        return ids;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = ';',
            value = {
                "-;A3 A2 A1",
                "?text=BALL;A2 A1",
                "?text=ball+red;A1",
                "?text=title+of+a3;A3",
                "?text=nothing;-",
                "?model=wan;A2",
                "?requester=anna;A3",
                "?requester=bert;-",
                "?since=2026-11-29T08:00:00Z;A3 A2",
                "?until=2026-11-29T08:00:00Z;A1",
                "?limit=1;A3"
            })
    void assetsAreFound(String query, String expected) {
        assertEquals(expected == null ? List.of() : List.of(expected.split(" ", -1)), ids(query == null ? "" : query));
    }

    @Test
    void pagesGoOnWhenAssetsAreDeletedAndStored() throws IOException {
        JsonNode first = viewer.get("/assets?limit=2").json();
        String next = first.get("next").textValue();
        server.installation.delete("A2");
        server.installation.store("A4", "new", "starter", "2026-12-01T08:00:00Z", clip);
        assertEquals(List.of("A1"), ids("?limit=2&cursor=" + next));
        server.installation.delete("A3");
        assertEquals("cursor", viewer.get("/assets?limit=2&cursor=" + next).problem(410));
        for (String wrong : List.of("..", "A1.", "a/b", "A1.A2.A3.A4.A5")) {
            assertEquals("cursor", viewer.get("/assets?cursor=" + wrong).problem(400));
        }
    }

    @Test
    void allThatIsKnownOfAnAssetIsRead() {
        Client.Answer answer = viewer.get("/assets/A3");
        JsonNode asset = answer.json();
        assertEquals("a tree", asset.get("prompt").textValue());
        assertEquals("anna", asset.get("requester").textValue());
        assertEquals("clip", asset.get("kind").textValue());
        assertEquals(2.125, asset.get("seconds").doubleValue());
        assertEquals("clip.mp4", asset.at("/files/0/name").textValue());
        assertEquals(clip.length, asset.at("/files/0/size").intValue());
        assertEquals(2, asset.get("files").size());
        assertFalse(answer.text().contains("secret"));
        assertEquals(
                304,
                viewer.get("/assets/A3", "If-None-Match", answer.header("ETag").orElseThrow())
                        .status());
        assertEquals("id", viewer.get("/assets/unknown").problem(404));
    }

    private static List<String> files(Client client) {
        return client.get("/assets/A1").json().get("files").findValuesAsText("name");
    }

    @Test
    void aMasterIsForEditorsAndOperatorsAloneAndEachHandingOutIsRecorded() throws Exception {
        server.installation.keepMaster("A1", new byte[] {1, 2, 3});
        String path = "/assets/A1/files/master.mp4";
        viewer.get(path).problem(403);
        assertEquals(403, viewer.send("HEAD", path, null).status());
        assertEquals(List.of("clip.mp4", "poster.jpg"), files(viewer));
        assertEquals(List.of(), server.installation.handedOut);
        Client editor = Client.of(server, Role.EDITOR);
        assertEquals(List.of("clip.mp4", "poster.jpg", "master.mp4"), files(editor));
        assertEquals(
                "3", editor.send("HEAD", path, null).header("Content-Length").orElseThrow());
        assertEquals(List.of(), server.installation.handedOut, "nobody has its bytes yet");
        Client.Answer whole = editor.get(path);
        assertArrayEquals(new byte[] {1, 2, 3}, whole.body());
        assertEquals(
                "inline; filename=\"A1-master.mp4\"",
                whole.header("Content-Disposition").orElseThrow());
        assertArrayEquals(new byte[] {3}, editor.get(path, "Range", "bytes=2-").body());
        assertEquals(200, Client.of(server, Role.OPERATOR).get(path).status());
        assertEquals(3, server.installation.handedOut.size());
        assertEquals("name", editor.get("/assets/A3/files/master.mp4").problem(404));
    }

    @Test
    void theMasterOfARejectedClipIsNotHandedOut() throws Exception {
        server.installation.keepMaster("A1", new byte[] {1, 2, 3});
        server.installation.reject("A1", "otto", "too dark");
        Client operator = Client.of(server, Role.OPERATOR);
        operator.get("/assets/A1/files/master.mp4").problem(409);
        assertEquals(List.of("clip.mp4", "poster.jpg"), files(operator));
        assertEquals(200, operator.get("/assets/A1/files/clip.mp4").status());
        assertEquals(List.of(), server.installation.handedOut);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void aFileIsReadAsAWhole(String servlet) throws Exception {
        Client client = Client.of(server, servlet, Role.VIEWER);
        Client.Answer answer = client.get("/assets/A1/files/clip.mp4");
        assertEquals(200, answer.status());
        assertArrayEquals(clip, answer.body());
        assertEquals("video/mp4", answer.header("Content-Type").orElseThrow());
        assertEquals("nosniff", answer.header("X-Content-Type-Options").orElseThrow());
        assertEquals(
                "inline; filename=\"A1.mp4\"",
                answer.header("Content-Disposition").orElseThrow());
        String tag = answer.header("ETag").orElseThrow();
        assertEquals(
                304,
                client.get("/assets/A1/files/clip.mp4", "If-None-Match", tag).status());
        Client.Answer head = client.send("HEAD", "/assets/A1/files/clip.mp4", null);
        assertEquals(200, head.status());
        assertEquals("200000", head.header("Content-Length").orElseThrow());
        assertEquals(
                200,
                client.send("HEAD", "/assets/A1/files/clip.mp4", null, "Range", "bytes=0-1")
                        .status(),
                "ranges are of GET alone");
        assertEquals(200, client.get("/assets/A2/files/clip.mp4").status(), "an empty file is one, too");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=100-199, 100, 100",
        "bytes=199990-, 199990, 10",
        "bytes=199990-999999, 199990, 10",
        "bytes=-10, 199990, 10",
        "bytes=-999999, 0, 200000",
        "bytes=0-, 0, 200000"
    })
    void aRangeOfAFileIsRead(String range, int start, int length) throws Exception {
        for (String servlet : List.of("jakarta", "javax")) {
            Client.Answer answer =
                    Client.of(server, servlet, Role.VIEWER).get("/assets/A1/files/clip.mp4", "Range", range);
            assertEquals(206, answer.status());
            assertArrayEquals(Arrays.copyOfRange(clip, start, start + length), answer.body());
            assertEquals(
                    "bytes " + start + "-" + (start + length - 1) + "/200000",
                    answer.header("Content-Range").orElseThrow());
        }
    }

    @Test
    void rangesThatAreNotUnderstoodAreIgnoredAndThoseBeyondTheEndRefused() {
        for (String range : List.of("bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=-", "nonsense")) {
            assertEquals(
                    200, viewer.get("/assets/A1/files/clip.mp4", "Range", range).status(), range);
        }
        for (String range : List.of("bytes=200000-", "bytes=999999999999999999-", "bytes=-0")) {
            Client.Answer answer = viewer.get("/assets/A1/files/clip.mp4", "Range", range);
            assertEquals("Range", answer.problem(416));
            assertEquals("bytes */200000", answer.header("Content-Range").orElseThrow());
        }
        viewer.get("/assets/A2/files/clip.mp4", "Range", "bytes=0-").problem(416);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void theDigestOfTheWholeFileIsToldToWhoeverWantsIt(String servlet) throws Exception {
        Client client = Client.of(server, servlet, Role.VIEWER);
        String path = "/assets/A1/files/clip.mp4";
        String expected = "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(clip)) + ":";
        Client.Answer whole = client.get(path, "Want-Repr-Digest", "sha-512=3, sha-256=10");
        assertEquals(expected, whole.header("Repr-Digest").orElseThrow());
        assertArrayEquals(clip, whole.body());
        Client.Answer part = client.get(path, "Want-Repr-Digest", "sha-256=1", "Range", "bytes=5-6");
        assertEquals(expected, part.header("Repr-Digest").orElseThrow());
        assertArrayEquals(Arrays.copyOfRange(clip, 5, 7), part.body());
        assertEquals(
                expected,
                client.send("HEAD", path, null, "Want-Repr-Digest", "sha-256=1")
                        .header("Repr-Digest")
                        .orElseThrow());
        for (String other : List.of("sha-256=0", "sha-512=1", "md5=1", "nonsense", "xsha-256=1")) {
            assertTrue(client.get(path, "Want-Repr-Digest", other)
                    .header("Repr-Digest")
                    .isEmpty());
        }
        assertTrue(client.get(path).header("Repr-Digest").isEmpty());
    }

    @Test
    void aRangeOfAnotherVersionIsNotTakenForThisOne() throws IOException {
        String path = "/assets/A1/files/clip.mp4";
        String tag = viewer.get(path).header("ETag").orElseThrow();
        assertEquals(
                206, viewer.get(path, "Range", "bytes=0-1", "If-Range", tag).status());
        server.installation.store("A1", "anew", "starter", "2026-12-01T08:00:00Z", new byte[50]);
        assertEquals(
                200, viewer.get(path, "Range", "bytes=0-1", "If-Range", tag).status());
        assertEquals(200, viewer.get(path, "If-None-Match", tag).status());
    }

    @Test
    void otherFilesAreNotThere() throws Exception {
        assertEquals("name", viewer.get("/assets/A1/files/still.png").problem(404));
        assertEquals("id", viewer.get("/assets/unknown/files/clip.mp4").problem(404));
        for (String path : List.of(
                "/assets/A1/files/metadata.json",
                "/assets/A1/files/..%2F..%2Fetc%2Fpasswd",
                "/assets/A1/files/%2e%2e/clip.mp4",
                "/assets/..%2FA1/files/clip.mp4",
                "/assets/A1/files/",
                "/assets//files/clip.mp4",
                "/assets/A1/files/clip.mp4%00.jpg",
                "/assets/A1/files/..;/clip.mp4")) {
            int status = viewer.statusOf("GET", path);
            assertTrue(Set.of(400, 404).contains(status), path + " " + status);
        }
    }

    @Test
    void aClientThatGoesAwayKeepsNoPlace() throws Exception {
        server.installation.store("BIG", "big", "starter", "2026-12-01T08:00:00Z", new byte[30_000_000]);
        String token = server.token(Role.VIEWER);
        for (int i = 0; i < 40; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setReceiveBufferSize(4096);
                socket.getOutputStream()
                        .write(("GET /jakarta" + ApiServer.PATH + "/assets/BIG/files/clip.mp4 HTTP/1.1\r\nHost: x\r\n"
                                        + "Authorization: Bearer " + token + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                assertEquals("HTTP/1.1 200", new String(in.readNBytes(12), StandardCharsets.US_ASCII));
                socket.setSoLinger(true, 0);
            }
        }
        assertArrayEquals(clip, viewer.get("/assets/A1/files/clip.mp4").body());
    }

    @Test
    void filesThatAreSentAtATimeAreBounded() throws Exception {
        server.installation.store("BIG", "big", "starter", "2026-12-01T08:00:00Z", new byte[30_000_000]);
        String token = server.token(Role.VIEWER);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
                slow.add(socket);
                socket.getOutputStream()
                        .write(("GET /jakarta" + ApiServer.PATH + "/assets/BIG/files/clip.mp4 HTTP/1.1\r\nHost: x\r\n"
                                        + "Authorization: Bearer " + token + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertEquals(
                        "HTTP/1.1 200", new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
            }
            viewer.get("/assets/A1/files/clip.mp4").problem(503);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        while (viewer.get("/assets/A1/files/clip.mp4").status() != 200) {
            Thread.sleep(20);
        }
    }

    @Test
    void anAssetIsDeletedByItsRequesterOrAnOperator() throws Exception {
        server.installation.store("mine", "a red ball", "starter", "2026-11-30T08:00:00Z", new byte[] {1});
        server.installation.store("old", "a red ball", "starter", "2026-11-30T08:00:00Z", new byte[] {1});
        server.jobs.add("mine", "editor");
        Client editor = Client.of(server, Role.EDITOR);
        Client operator = Client.of(server, Role.OPERATOR);
        editor.delete("/assets/old").problem(403);
        Client.of(server, Role.VIEWER).delete("/assets/mine").problem(403);
        assertEquals(204, editor.delete("/assets/mine").status());
        editor.get("/assets/mine").problem(404);
        editor.delete("/assets/mine").problem(404);
        server.installation.hosted = true;
        Client.Answer refused = operator.delete("/assets/old");
        refused.problem(409);
        assertTrue(refused.json().get("detail").textValue().contains("by the means of their host"));
        server.installation.hosted = false;
        assertEquals(204, operator.delete("/assets/old").status());
        operator.delete("/assets/nosuch").problem(404);
    }

    @Test
    void anOperatorDecidesOnAnAssetAndNobodyElse() throws Exception {
        Client operator = Client.of(server, Role.OPERATOR);
        assertEquals(
                403,
                Client.of(server, Role.EDITOR)
                        .put("/assets/A1/review", "{\"decision\":\"approved\"}")
                        .status());
        Client.Answer approved = operator.put("/assets/A1/review", "{\"decision\":\"approved\",\"reason\":\"fine\"}");
        assertEquals(200, approved.status(), approved.text());
        assertEquals("approved", approved.json().get("review").textValue());
        assertEquals("fine", approved.json().get("reviewReason").textValue());
        assertEquals(
                approved.json().get("reviewedBy"),
                viewer.get("/assets/A1").json().get("reviewedBy"));
        assertEquals(
                409,
                operator.put("/assets/A1/review", "{\"decision\":\"approved\"}").status());
        assertEquals(
                422,
                operator.put("/assets/A1/review", "{\"decision\":\"rejected\"}").status());
        assertEquals(
                200,
                operator.put("/assets/A1/review", "{\"decision\":\"rejected\",\"reason\":\"a logo\"}")
                        .status());
        assertEquals(
                422,
                operator.put("/assets/A1/review", "{\"decision\":\"maybe\"}").status());
        assertEquals(
                404,
                operator.put("/assets/none/review", "{\"decision\":\"approved\"}")
                        .status());
        server.installation.hosted = true;
        Client.Answer hosted = operator.put("/assets/A1/review", "{\"decision\":\"approved\"}");
        assertEquals(409, hosted.status());
        assertTrue(hosted.text().contains("by the means of their host"), hosted.text());
    }
}
