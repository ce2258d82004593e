package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Storyboard;

/** What requests and storyboards would become. */
@SuppressWarnings("NullAway.Init")
class RequestsApiTest {

    private ApiServer server;
    private Client editor;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
        editor = Client.of(server, Role.EDITOR);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRequestIsPlannedAndNothingIsQueued() {
        JsonNode plan = editor.post("/estimates", "{\"prompt\":\"a red ball\",\"frameRate\":29.97}")
                .json();
        assertEquals("starter", plan.get("model").textValue());
        assertEquals(8, plan.at("/clip/frameRate").doubleValue());
        assertEquals(17, plan.at("/clip/frames").intValue());
        assertEquals(17, plan.at("/generated/frames").intValue());
        assertEquals("whole", plan.at("/shots/0/method").textValue());
        assertEquals(1, plan.at("/shots/0/seed").longValue());
        assertEquals(2.5, plan.get("estimatedSeconds").doubleValue());
        assertEquals("EUR", plan.get("currency").textValue());
        assertEquals(0, server.jobs.size());
    }

    @Test
    void aRequestThatCannotBePlannedIsRefusedAsOneThatCannotBeSubmitted() {
        Client.Answer answer = editor.post("/estimates", "{\"prompt\":\"a red ball\",\"model\":\"nosuch\"}");
        answer.problem(422);
        assertTrue(answer.text().contains("unknown model: nosuch"));
        assertEquals(
                "/promt",
                editor.post("/estimates", "{\"promt\":\"a\",\"prompt\":\"a\"}").problem(422));
        editor.post("/estimates", "{").problem(400);
    }

    @Test
    void aStoryboardBecomesShotsThatNamePaths() {
        JsonNode shots = editor.post(
                        "/storyboard",
                        "a ball | last | extend\na tree | middle | character",
                        "Content-Type",
                        "text/plain")
                .json()
                .get("shots");
        assertEquals(2, shots.size());
        assertEquals("a ball", shots.at("/0/prompt").textValue());
        assertEquals(2.5, shots.at("/0/seconds").doubleValue());
        assertEquals("pan left", shots.at("/0/camera").textValue());
        assertEquals("dissolve", shots.at("/0/transition").textValue());
        assertEquals("last", shots.at("/0/sources/0/at").textValue());
        assertEquals("last.png", shots.at("/0/sources/0/path").textValue());
        assertEquals("before", shots.at("/0/sources/1/side").textValue());
        assertEquals(1.5, shots.at("/1/sources/0/at").doubleValue());
        assertEquals("anna", shots.at("/1/sources/1/name").textValue());
    }

    @Test
    void whatIsNoStoryboardIsRefusedByTheNameThatItHas() {
        Client.Answer answer = editor.post("/storyboard?name=brief%20%C3%A4.yaml", " ");
        answer.problem(422);
        assertTrue(answer.text().contains("brief ä.yaml is empty"), answer.text());
        assertEquals("nam", editor.post("/storyboard?nam=a", "a").problem(400));
        editor.send("POST", "/storyboard", new byte[] {(byte) 0xFF}).problem(400);
        editor.send(
                        "POST",
                        "/storyboard",
                        "a".repeat(3 * Storyboard.MAX_LENGTH + 1).getBytes(StandardCharsets.US_ASCII))
                .problem(413);
    }

    @Test
    void aViewerMayNeitherPlanNorReadStoryboards() throws Exception {
        Client viewer = Client.of(server, Role.VIEWER);
        viewer.post("/estimates", "{\"prompt\":\"a\"}").problem(403);
        viewer.post("/storyboard", "a").problem(403);
    }
}
