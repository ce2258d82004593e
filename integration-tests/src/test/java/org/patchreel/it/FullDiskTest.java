package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.export.Program;

/** {@code ./patchreel} on file systems of 1 MB, in a mount namespace of its own, which are full and get space again. */
@Timeout(300)
class FullDiskTest {

    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();

    /** Has what the build has unpacked, which is more than a small file system takes. */
    private static final Path UNPACKED = Path.of("target", "home").toAbsolutePath();

    private static final String PROMPT = "a red ball";
    private static final String CLIP = " --json --size 96x96 --steps 1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path home;
    private Path assets;

    @BeforeEach
    void makeFolders() throws Exception {
        assumeTrue(
                Program.runs("unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"),
                "this machine allows no namespaces");
        home = Files.createDirectory(folder.resolve("home"));
        assets = Files.createDirectory(folder.resolve("assets"));
        for (String name : List.of("app", "natives")) {
            Files.createDirectories(UNPACKED.resolve(name));
            Files.createDirectory(home.resolve(name));
        }
    }

    /** {@return the lines that a script prints which gets the folder that shall be small} */
    private List<String> run(Path small, String script) throws IOException, InterruptedException {
        Files.createDirectories(small);
        String mounts = """
                set -e
                mount -t tmpfs -o size=1m none "$1"
                mkdir -p "$2/app" "$2/natives"
                mount --bind "$3/app" "$2/app"
                mount --bind "$3/natives" "$2/natives"
                set +e
                """;
        ProcessBuilder builder = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--map-root-user",
                        "sh",
                        "-c",
                        mounts + script,
                        SCRIPT.toString(),
                        small.toString(),
                        home.toString(),
                        UNPACKED.toString())
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().putAll(Map.of("PATCHREEL_HOME", home.toString(), "PATCHREEL_ASSETS", assets.toString()));
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), errors());
        return lines;
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("errors"));
    }

    private static final String FILL = "dd if=/dev/zero of=\"$1/filler\" bs=4k 2>/dev/null\n";

    private static String generate(String more) {
        return "\"$0\" generate '" + PROMPT + "'" + CLIP + more + "; echo $?\n";
    }

    private static final String LIST = "rm \"$1/filler\"; \"$0\" jobs --json; \"$0\" assets --json\n";

    private static JsonNode json(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }

    @Test
    void aClipThatFindsNoSpaceFailsAndIsMadeOnceThereIsSome() throws Exception {
        String left = "ls -A \"$1\" | tr '\\n' ' '; echo\n";
        List<String> lines = run(
                assets,
                FILL + generate(" --seconds 1") + left + LIST + "\"$0\" generate '" + PROMPT + "'" + CLIP
                        + " --seconds 1; echo $?");
        assertEquals(List.of("1", "filler "), lines.subList(0, 2), errors());
        assertTrue(errors().contains("No space left on device"), errors());
        JsonNode job = json(lines.get(2)).get(0);
        assertEquals("failed", job.get("state").textValue());
        assertEquals("storage", job.get("reason").textValue());
        assertTrue(job.get("message").textValue().contains("No space left on device"), job.toString());
        assertEquals(0, json(lines.get(3)).size());
        assertEquals(PROMPT, json(lines.get(4)).get("prompt").textValue());
        assertEquals("0", lines.get(5));
    }

    @Test
    void noJobIsTakenThatCannotBeRecorded() throws Exception {
        Files.createDirectories(home.resolve("secrets"));
        List<String> lines = run(home, FILL + generate(" --seconds 1") + LIST);
        assertEquals("1", lines.get(0), errors());
        assertTrue(errors().contains("is not taken: submitted cannot be recorded: "), errors());
        assertTrue(errors().contains("No space left on device"), errors());
        assertEquals(0, json(lines.get(1)).size());
        assertEquals(0, json(lines.get(2)).size());
        try (Stream<Path> left = Files.list(assets)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aLongClipIsMadeAlsoWhereNothingOfItCanBeKept() throws Exception {
        List<String> lines = run(home.resolve("work"), FILL + generate(" --seconds 5") + LIST);
        assertEquals("0", lines.get(1), errors());
        assertEquals(40, json(lines.get(0)).get("frames").intValue());
        assertEquals(
                1,
                errors().lines()
                        .filter(line -> line.contains("are made again if the clip is interrupted"))
                        .count(),
                errors());
        assertTrue(errors().contains("No space left on device"), errors());
        assertTrue(!errors().contains("\tat "), errors());
        assertEquals("completed", json(lines.get(2)).get(0).get("state").textValue());
    }
}
