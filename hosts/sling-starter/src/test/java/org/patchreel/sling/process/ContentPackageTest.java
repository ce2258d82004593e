package org.patchreel.sling.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Patchreel's content package, put into a Sling that runs already. */
@Timeout(600)
class ContentPackageTest {

    private static final String GENERATE = "/content/patchreel/generate";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    @Test
    void installsEverythingThatAClipNeeds() throws Exception {
        SlingProcess sling = new SlingProcess(directory.resolve("sling"));
        try {
            sling.await("Sling is up", () -> sling.get("/starter.html").statusCode() == 200);
            // A Sling that has answered once may refuse for a moment while its other bundles start.
            sling.await("the package is in the repository", () -> {
                sling.post("admin", "/apps/packages/install", Map.of("jcr:primaryType", "sling:Folder"));
                sling.put(
                        "/apps/packages/install/patchreel-sling.zip",
                        Files.readAllBytes(SlingProcess.PACKAGE),
                        "application/zip");
                return true;
            });
            sling.await(
                    "the servlet answers",
                    () -> SlingProcess.text(sling.get(GENERATE + ".json/none")).contains("no such job"));
            sling.await(
                    "a model is there",
                    () -> SlingProcess.text(sling.get("/system/health.json?tags=patchreel"))
                            .contains("model starter"));
            // Without it, a job ends in Sling's main queue, which forgets it.
            sling.await(
                    "the queue is configured",
                    () -> SlingProcess.text(sling.get("/system/console/slingevent"))
                            .contains("Job Queue Configuration: patchreel"));
            HttpResponse<byte[]> queued =
                    sling.post("admin", GENERATE, Map.of("prompt", "a red ball", "steps", "4", "title", "Ball"));
            assertEquals(202, queued.statusCode(), SlingProcess.text(queued));
            String job = URI.create(queued.headers().firstValue("Location").orElseThrow())
                    .getPath();
            sling.await("the clip", () -> {
                String state = job(sling, job).get("state").asText();
                assertTrue(!state.equals("error"), () -> "the job has failed: " + state);
                return state.equals("succeeded");
            });
            // The queue's configuration keeps the job.
            String path = job(sling, job).get("path").asText();
            assertEquals("/content/dam/patchreel/Ball.mp4", path);
            assertEquals(200, sling.get(path).statusCode());
        } finally {
            sling.stop();
        }
    }

    private static JsonNode job(SlingProcess sling, String job) throws IOException {
        return JSON.readTree(sling.get(job).body());
    }
}
