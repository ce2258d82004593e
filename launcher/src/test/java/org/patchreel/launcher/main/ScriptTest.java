package org.patchreel.launcher.main;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of the app in a checkout without a build, with programs in place of Maven and Java. */
@Timeout(60)
class ScriptTest {

    private static final Path SCRIPT = Path.of("../patchreel");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private record Result(int status, String output) {}

    @Test
    void theFirstCallBuildsTheAppAndThenRunsTheCommand() throws Exception {
        Result result =
                run("echo '[INFO] Building Patchreel API 0.1.0                [2/8]'; printf '\\033[0m\\033[0m'");
        assertEquals(0, result.status(), result.output());
        assertTrue(result.output().contains("[2/8] Patchreel API 0.1.0"), result.output());
        assertTrue(result.output().endsWith("java -jar models\n"), result.output());
    }

    @Test
    void aBuildThatFailsEndsItWithTheErrors() throws Exception {
        Result result = run("echo '[ERROR] no space left'; echo '[INFO] end'; exit 1");
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().contains("[ERROR] no space left\npatchreel: the build failed"), result.output());
        assertFalse(result.output().contains("java"), result.output());
    }

    private Result run(String maven) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        program(bin.resolve("mvn"), maven);
        program(bin.resolve("java"), "for last; do :; done; echo \"java -jar $last\"");
        Path script = Files.copy(SCRIPT, folder.resolve("patchreel"));
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "models").redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().keySet().removeIf(name -> name.startsWith("PATCHREEL_"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), output);
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
