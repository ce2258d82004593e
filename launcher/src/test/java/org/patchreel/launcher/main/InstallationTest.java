package org.patchreel.launcher.main;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InstallationTest {

    /** Mounts a file system for a command alone, and runs it. */
    private static final List<String> NOEXEC = List.of(
            "unshare", "--mount", "--map-root-user", "sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"");

    /** Unpacks a jar at a home and prints why that is not possible. */
    public static void main(String[] arguments) {
        try (Installation installation = Installation.of(Path.of(arguments[0]), Path.of(arguments[1]))) {
            System.out.println("unpacked " + installation.bundles());
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    @Test
    void namesAHomeThatIsMountedNoexecBeforeAnythingIsUnpacked(@TempDir Path home) throws Exception {
        assumeTrue(run(home, "true").status() == 0, "this machine allows no namespaces");
        Path jar = Files.writeString(Files.createTempFile(home, "app", ".jar"), "not looked at");
        Path elsewhere = Files.createDirectory(home.resolve("home"));
        Result result = run(
                elsewhere,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                InstallationTest.class.getName(),
                jar.toString(),
                elsewhere.toString());
        assertEquals(
                elsewhere.resolve("app")
                        + " is on a file system that is mounted noexec, from which native libraries cannot be loaded: set"
                        + " PATCHREEL_HOME to a folder on another",
                result.output());
    }

    private record Result(int status, String output) {}

    private static Result run(Path mounted, String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(NOEXEC);
        whole.add(mounted.toString());
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        return new Result(process.waitFor(), output);
    }
}
