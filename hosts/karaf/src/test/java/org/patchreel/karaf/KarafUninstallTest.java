package org.patchreel.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when Patchreel is uninstalled: the clips, and nothing else. Each test has a process of its own. */
@Timeout(600)
class KarafUninstallTest {

    @TempDir
    Path directory;

    @Test
    void partsCanBeInstalledAloneAndLeaveNothingRunning() throws Exception {
        Path repository = directory.resolve("repository");
        KarafProcess.unpackArchive(repository);
        try (KarafProcess karaf = KarafProcess.start(directory.resolve("karaf"), repository)) {
            karaf.run("feature:repo-add " + KarafProcess.features().toUri());
            karaf.run("feature:install patchreel-service");
            // A feature is installed when its bundles are started: the components may still be on their way.
            KarafProcess.waitFor(
                    "the command",
                    Duration.ofMinutes(1),
                    () -> karaf.answers("patchreel:generate --help", "generate \"PROMPT\""));
            String without = karaf.run("patchreel:generate \"a ball\"");
            assertTrue(without.contains("no model is installed"), without);

            karaf.run("feature:install patchreel-runtime-cpu patchreel-starter-model");
            String made = karaf.run("patchreel:generate \"a ball\" --steps 2 --seconds 0.5 --json");
            assertTrue(made.contains("\"model\":\"starter\""), made);
            assertFalse(nativeLibraries(karaf).isEmpty());

            karaf.run("feature:uninstall patchreel-starter-model patchreel-runtime-cpu patchreel-service");
            assertNothingRuns(karaf);
            assertEquals(1, assets(karaf).size());
        }
    }

    @Test
    void returnsTheRunningJobToTheQueueAndSaysSo() throws Exception {
        try (KarafProcess karaf = KarafProcess.start(directory.resolve("karaf"), null)) {
            karaf.run("kar:install " + KarafProcess.archive().toUri());
            Process generation = karaf.begin("patchreel:generate \"a ball\" --steps 1000");
            KarafProcess.waitFor(
                    "the draft",
                    Duration.ofMinutes(2),
                    () -> assets(karaf).stream().anyMatch(name -> name.startsWith(".draft-")));

            karaf.run("kar:uninstall patchreel");
            String answer = KarafProcess.output(generation);
            assertTrue(answer.contains("goes on when it is back"), answer);
            assertTrue(
                    karaf.log()
                            .lines()
                            .anyMatch(line -> line.contains("| WARN ")
                                    && line.matches(".*Generation \\w+ is returned to the queue: the .*")),
                    karaf.log());
            assertEquals(List.of(), assets(karaf));
            assertNothingRuns(karaf);
        }
    }

    private static void assertNothingRuns(KarafProcess karaf) throws IOException {
        assertEquals(
                List.of(),
                karaf.bundles().stream()
                        .filter(bundle -> bundle.startsWith("org.patchreel"))
                        .toList());
        String services = karaf.run("service:list -n");
        assertFalse(services.contains("org.patchreel"), services);
        String threads = karaf.run("threads --list");
        assertTrue(threads.contains("features-"), threads);
        assertFalse(threads.contains("patchreel") || threads.contains("JavaCPP"), threads);
        assertEquals(List.of(), nativeLibraries(karaf));
        assertFalse(karaf.log().contains("Unable to delete archive directory"), karaf.log());
    }

    /** {@return native libraries, and links to them, in the folders that belong to Karaf's bundles and temporary files} */
    private static List<Path> nativeLibraries(KarafProcess karaf) throws IOException {
        try (Stream<Path> files = Files.walk(karaf.home().resolve("data"))) {
            return files.filter(file -> file.getFileName().toString().matches(".*\\.so(\\.\\d+)*"))
                    .toList();
        }
    }

    private static List<String> assets(KarafProcess karaf) {
        Path folder = karaf.home().resolve("patchreel/assets");
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
