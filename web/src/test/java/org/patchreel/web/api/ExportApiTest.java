package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips for an editor's program, in one file. */
class ExportApiTest {

    private static final byte[] CLIP = {1, 2, 3, 4};

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ApiServer server;
    private Client viewer;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(folder);
        viewer = Client.of(server, Role.VIEWER);
        for (String id : List.of("A1", "A2", "damaged")) {
            server.installation.store(id, "a red ball", "starter", "2026-11-28T08:00:00Z", CLIP);
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        try (Stream<Path> left = Files.walk(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.getFileName().toString().startsWith("export") && !file.endsWith("exports"))
                            .toList(),
                    "what is made is deleted");
        }
    }

    private static Map<String, byte[]> files(byte[] zip) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    @Test
    void hasTheClipsAndTheTimelinesThatAreAskedFor() throws Exception {
        Client.Answer answer = viewer.get("/export?assets=A2,A1&formats=otio,edl");
        assertEquals(200, answer.status());
        assertEquals("application/zip", answer.header("Content-Type").orElse(""));
        assertTrue(answer.header("Content-Disposition").orElse("").startsWith("attachment"));
        Map<String, byte[]> files = files(answer.body());
        assertEquals(
                List.of(
                        "patchreel/media/A1.mp4",
                        "patchreel/media/A2.mp4",
                        "patchreel/timeline.edl",
                        "patchreel/timeline.otio"),
                List.copyOf(files.keySet()));
        assertArrayEquals(CLIP, files.get("patchreel/media/A1.mp4"));
        assertEquals(5, files(viewer.get("/export?assets=A1").body()).size(), "all formats");
    }

    @Test
    void refusesWhatIsNotThere() throws Exception {
        viewer.get("/export").problem(422);
        assertEquals("formats", viewer.get("/export?assets=A1&formats=fcp7").problem(422));
        assertEquals("assets", viewer.get("/export?assets=A1,nosuch").problem(404));
        viewer.get("/export?assets=..%2Fsecret").problem(404);
        Client.Answer failed = viewer.get("/export?assets=damaged");
        failed.problem(500);
        assertTrue(!failed.text().contains(folder.toString()), failed.text());
        for (int i = 0; i < 4; i++) {
            assertEquals(200, viewer.get("/export?assets=A1").status(), "places are given back");
        }
    }
}
