package org.patchreel.karaf;

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

/**
 * What becomes of a running Karaf whose bundles are updated, refreshed or installed anew: it lives, and what needs a new
 * process says so. Native libraries are what could end it.
 */
@Timeout(1200)
class KarafUpdateTest {
    private static final String MAKE = "patchreel:generate \"a ball\" --steps 2 --seconds 0.5 --json";
    private static final String MADE = "\"model\":\"starter\"";
    private static final String REFUSED = "cannot be loaded twice: restart the process";

    @TempDir
    Path directory;

    @Test
    void anArchiveThatIsInstalledAgainLeavesTheHostAliveAndSaysWhatItNeeds() throws Exception {
        try (KarafProcess karaf = KarafProcess.start(directory.resolve("karaf"), null)) {
            String install = "kar:install " + KarafProcess.archive().toUri();
            karaf.run(install);
            String made = karaf.run(MAKE);
            assertTrue(made.contains(MADE), made);
            karaf.run("kar:uninstall patchreel");
            karaf.run(install);

            KarafProcess.waitFor(
                    "the model", Duration.ofMinutes(2), () -> karaf.answers("patchreel:models", "starter"));
            String models = karaf.run("patchreel:models");
            assertTrue(models.contains("unavailable") && models.contains(REFUSED), models);
            String refused = karaf.run(MAKE);
            assertTrue(refused.contains(REFUSED), refused);
            String report = karaf.run("patchreel:doctor");
            assertTrue(report.contains("restart the process"), report);
            // FFmpeg and SQLite are there once more, and work
            String verified = karaf.run("patchreel:verify " + clip(karaf) + " --json");
            assertTrue(verified.contains("\"assetId\""), verified);
        }
    }

    @Test
    void bundlesMayBeUpdatedAndRefreshedOneByOneWhileAJobRunsAndWhenNoneDoes() throws Exception {
        Path bundles = directory.resolve("bundles");
        KarafProcess.unpackArchive(bundles);
        try (KarafProcess karaf = KarafProcess.start(directory.resolve("karaf"), null)) {
            karaf.run("kar:install " + KarafProcess.archive().toUri());
            makes(karaf, MADE);

            // nothing needs the one for HTTP
            String web = "org.patchreel.web";
            karaf.run("bundle:update " + web + " " + file(bundles, web).toUri());
            karaf.run("bundle:refresh " + web);
            makes(karaf, MADE);

            // those that load no libtorch come first: clips are still made after them
            for (String name : List.of("org.patchreel.starter-model", "org.patchreel.plugin-impl")) {
                karaf.run("bundle:refresh " + name);
                makes(karaf, MADE);
                karaf.run("bundle:update " + name + " " + file(bundles, name).toUri());
                makes(karaf, MADE);
                survives(karaf, "bundle:refresh " + name);
                makes(karaf, MADE);
                survives(
                        karaf,
                        "bundle:update " + name + " " + file(bundles, name).toUri());
                makes(karaf, MADE);
            }

            survives(karaf, "bundle:refresh org.patchreel.model-runtime");
            makes(karaf, REFUSED);
            for (String name : List.of(
                    "org.patchreel.model-runtime",
                    "org.patchreel.model-runtime.natives.cpu.linux-x86_64",
                    "org.patchreel.plugin-api")) {
                karaf.run("bundle:update " + name + " " + file(bundles, name).toUri());
                karaf.run("bundle:refresh " + name);
                makes(karaf, REFUSED);
            }
            String verified = karaf.run("patchreel:verify " + clip(karaf) + " --json");
            assertTrue(verified.contains("\"assetId\""), verified);
        }
    }

    /** Waits for the command and the model, and tries to make a clip. */
    private static void makes(KarafProcess karaf, String expected) throws Exception {
        KarafProcess.waitFor(
                "the model", Duration.ofMinutes(2), () -> karaf.answers("patchreel:models", "starter (default)"));
        KarafProcess.waitFor(
                "the command",
                Duration.ofMinutes(1),
                () -> karaf.answers("patchreel:generate --help", "generate \"PROMPT\""));
        String output = karaf.run(MAKE);
        assertTrue(output.contains(expected), output);
    }

    /** Does something while a job runs: the job waits until it can go on. It is cancelled then, and leaves nothing. */
    private static void survives(KarafProcess karaf, String command) throws Exception {
        Process generation = karaf.begin("patchreel:generate \"a ball\" --steps 1000");
        KarafProcess.waitFor("the draft", Duration.ofMinutes(2), () -> drafts(karaf) > 0);
        karaf.run(command);
        KarafProcess.waitFor(
                "the job",
                Duration.ofMinutes(1),
                () -> karaf.answers("patchreel:jobs --state queued,waiting,running --json", "\"a ball\""));
        String cancelled = karaf.run("patchreel:cancel --user karaf");
        assertTrue(cancelled.contains("1 job cancelled"), cancelled);
        String answer = KarafProcess.output(generation);
        assertTrue(answer.contains("cancelled") || answer.contains("goes on when it is back"), answer);
        KarafProcess.waitFor("the end of the job", Duration.ofMinutes(1), () -> drafts(karaf) == 0);
    }

    private static long drafts(KarafProcess karaf) {
        Path folder = karaf.home().resolve("patchreel/assets");
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().startsWith(".draft-"))
                    .filter(Files::isDirectory)
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path clip(KarafProcess karaf) throws IOException {
        try (Stream<Path> files = Files.walk(karaf.home().resolve("patchreel/assets"))) {
            return files.filter(file -> file.endsWith("clip.mp4")).findFirst().orElseThrow();
        }
    }

    /** {@return the jar of a bundle, whose symbolic name ends with the name of its artifact} */
    private static Path file(Path bundles, String symbolicName) throws IOException {
        String artifact = symbolicName.substring("org.patchreel.".length());
        boolean natives = artifact.startsWith("model-runtime.natives");
        String folder = natives ? "model-runtime" : artifact;
        try (Stream<Path> files = Files.walk(bundles)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> file.toString().contains("/" + folder + "/"))
                    .filter(file -> file.toString().contains("natives") == natives)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(symbolicName + " is not in the archive"));
        }
    }
}
