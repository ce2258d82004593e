package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ModelHealth;

class InstallationApiTest {

    private ApiServer server;
    private Client viewer;
    private Client editor;
    private Client operator;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
        viewer = Client.of(server, Role.VIEWER);
        editor = Client.of(server, Role.EDITOR);
        operator = Client.of(server, Role.OPERATOR);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void modelsAreListedAndFilesOfTheHostNamedToOperatorsAlone() {
        Client.Answer answer = viewer.get("/models");
        JsonNode model = answer.json().at("/models/0");
        assertEquals("starter", model.get("name").textValue());
        assertTrue(model.get("default").booleanValue());
        assertEquals("320x320", model.get("nativeSize").textValue());
        assertEquals("control", model.at("/abilities/0").textValue());
        assertFalse(answer.text().contains("secret"));
        assertTrue(operator.get("/models").json().at("/models/0").has("lastError"));
    }

    @Test
    void aFileIsExamined() {
        Client.Answer answer = viewer.send("POST", "/verify", new byte[3], "Content-Type", "video/mp4");
        JsonNode report = answer.json();
        assertEquals("recovered", report.get("verdict").textValue());
        assertEquals("this-installation", report.get("origin").textValue());
        assertEquals(0.988, report.at("/recovered/similarity").doubleValue());
        assertEquals(3, report.at("/watermark/marks/0/end").doubleValue());
        assertEquals(
                "Content-Type",
                viewer.send("POST", "/verify", new byte[3], "Content-Type", "text/html")
                        .problem(415));
        viewer.send("POST", "/verify", new byte[(1 << 20) + 1], "Content-Type", "image/png")
                .problem(413);
    }

    @Test
    void theManifestsOfAFileAreGivenAsContentCredentials() {
        Client.Answer answer = viewer.send("POST", "/verify?format=crjson", new byte[3], "Content-Type", "video/mp4");
        assertEquals(3, answer.json().get("length").intValue());
        assertTrue(answer.json().get("manifests").isEmpty());
        assertEquals(
                "recovered",
                viewer.send("POST", "/verify?format=report", new byte[3], "Content-Type", "video/mp4")
                        .json()
                        .get("verdict")
                        .textValue());
        assertEquals(
                "format",
                viewer.send("POST", "/verify?format=xml", new byte[3], "Content-Type", "video/mp4")
                        .problem(400));
        viewer.send("POST", "/verify?format=crjson", new byte[(1 << 20) + 1], "Content-Type", "image/png")
                .problem(413);
    }

    @Test
    void usersReadTheirOwnUsageAndOperatorsAll() {
        JsonNode own = editor.get("/usage").json();
        assertEquals(1, own.get("usage").size());
        assertEquals("editor", own.at("/usage/0/user").textValue());
        assertEquals(12.5, own.at("/usage/0/deviceSeconds").doubleValue());
        assertEquals(0.25, own.at("/usage/0/cost").doubleValue());
        assertEquals(3600, own.at("/usage/0/budgetToday").intValue());
        assertEquals(
                2, operator.get("/usage?since=2026-11-01").json().get("usage").size());
        assertEquals(
                "starter",
                operator.get("/usage?by=model").json().at("/usage/0/model").textValue());
        editor.get("/usage?by=model").problem(403);
        assertEquals("by", operator.get("/usage?by=colour").problem(400));
        assertEquals("since", operator.get("/usage?since=today").problem(400));
    }

    @Test
    void healthSaysWhetherJobsCanBeMade() {
        JsonNode well = viewer.get("/health").json();
        assertEquals("ok", well.get("status").textValue());
        assertEquals(0, well.at("/queue/jobs/queued").intValue());
        server.installation.problems.add(
                new ComponentStatus.Problem("store", "/secret is nearly full", "make room", true));
        Client.Answer degraded = viewer.get("/health");
        assertEquals(200, degraded.status());
        assertEquals("degraded", degraded.json().get("status").textValue());
        assertFalse(degraded.text().contains("secret"));
        assertEquals(
                "make room",
                operator.get("/health").json().at("/problems/0/remedy").textValue());
        server.installation.problems.add(new ComponentStatus.Problem("store", "is full", "make room", false));
        assertEquals(503, viewer.get("/health").status());
        server.installation.problems.clear();
        server.installation.model = ModelHealth.Status.UNAVAILABLE;
        assertFalse(viewer.get("/health").json().get("modelAvailable").booleanValue());
        server.installation.model = ModelHealth.Status.LOADED;
        server.jobs.broken = true;
        Client.Answer broken = viewer.get("/health");
        assertEquals(503, broken.status());
        assertEquals("failing", broken.json().get("status").textValue());
    }

    @Test
    void theDescriptionIsServedAndKept() {
        Client.Answer answer = viewer.get("/openapi.json");
        assertEquals(OpenApi.DOCUMENT, answer.json());
        assertEquals(
                304,
                viewer.get(
                                "/openapi.json",
                                "If-None-Match",
                                answer.header("ETag").orElseThrow())
                        .status());
    }

    @Test
    void callersLearnWhoTheyAre() {
        assertEquals(
                "{\"user\":\"viewer\",\"role\":\"viewer\"}",
                viewer.get("/caller").text());
    }
}
