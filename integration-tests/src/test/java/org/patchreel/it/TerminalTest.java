package org.patchreel.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.impl.admin.Screen;
import org.patchreel.impl.export.Program;

/** The script {@code ./patchreel} as a person at a terminal sees it: util-linux's {@code script} is that terminal. */
@Timeout(300)
class TerminalTest {

    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();

    private static final Path HOME = Path.of("target", "home").toAbsolutePath();

    private static final String CTRL_C = "\u0003";

    private static final String CLIP = "generate 'a ball' --steps 60 --size 96x96 --seconds 0.5";
    private static final String LONG_CLIP = "generate 'a ball' --steps 1000";

    private Path folder;
    private Path screen;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void makeFolder(@TempDir Path directory) throws InterruptedException {
        assumeTrue(Program.runs("script", "--version"), "util-linux's script is not installed");
        folder = directory;
        screen = folder.resolve("screen");
    }

    @AfterEach
    void end() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 200})
    void showsTheProgressInOneLineThatFits(int columns) throws Exception {
        start(columns, CLIP);
        assertEquals(0, end(180), text());
        Screen shown = new Screen(columns);
        shown.writeBytes(text().getBytes(UTF_8));
        assertTrue(shown.lines().get(0).startsWith("asset "), String.join("\n", shown.lines()));
        assertTrue(text().contains("denoising"), text());
        assertTrue(text().matches("(?s).*\\[#+-+] +\\d+% .*"), text());
        for (String drawn : text().substring(0, text().indexOf("asset ")).split("\r", -1)) {
            assertTrue(drawn.replace("\u001b[K", "").length() < columns, drawn);
        }
    }

    @Test
    void isQuietWhenItShallBe() throws Exception {
        start(80, CLIP + " --quiet");
        assertEquals(0, end(180), text());
        assertTrue(text().startsWith("asset "), text());
    }

    @Test
    void showsTheLogInsteadOfTheProgressLineWhenAsked() throws Exception {
        start(80, CLIP + " -v");
        assertEquals(0, end(180), text());
        assertTrue(text().contains("INFO "), text());
        assertTrue(text().contains("denoising\r\n"), text());
        assertFalse(text().contains("\u001b"), text());
    }

    @Test
    void ctrlCEndsACommandWithOneLineAndLeavesNothing() throws Exception {
        start(80, LONG_CLIP);
        await("denoising");
        type(CTRL_C);
        assertEquals(130, end(120), text());
        Screen shown = new Screen(80);
        shown.writeBytes(text().replace("^C", "").getBytes(UTF_8));
        assertEquals(List.of("patchreel: cancelled", ""), shown.lines());
        assertEquals(List.of(), assets());
    }

    @Test
    void theShellSurvivesCtrlCAndRemembersWhatWasTyped() throws Exception {
        start(80, "");
        await("help lists the commands");
        await("patchreel> ");
        type(LONG_CLIP + "\r");
        await("denoising");
        type(CTRL_C);
        await("patchreel: cancelled");
        type("mod\t--json\r"); // the rest of the name and a blank
        await("\"name\":\"starter\"");
        type("genrate\r");
        await("patchreel: unknown command: genrate, known: ");
        type("quit\r");
        assertEquals(2, end(60), text());
        assertEquals(List.of(), assets());
        String history = Files.readString(HOME.resolve("history"));
        assertTrue(history.contains(LONG_CLIP) && history.contains("models --json"), history);
    }

    @Test
    void theFirstStartSaysWhatItBuilds() throws Exception {
        Path clone = Files.copy(SCRIPT, folder.resolve("patchreel"));
        Path maven = Files.writeString(folder.resolve("mvn"), """
                #!/bin/sh
                echo '[INFO] Scanning for projects...'
                echo '[INFO] Building Patchreel API 0.1.0-SNAPSHOT                             [1/2]'
                echo '[INFO] Building Patchreel plugin 0.1.0-SNAPSHOT                          [2/2]'
                echo '[ERROR] the disk is full'
                exit 1
                """);
        assertTrue(maven.toFile().setExecutable(true));
        start(80, "PATH=" + folder + ":$PATH " + clone + " doctor", "");
        assertEquals(1, end(60), text());
        assertTrue(text().startsWith("patchreel: building the app, once: some two minutes"), text());
        assertTrue(text().contains("\r\u001b[K[2/2] Patchreel plugin 0.1.0-SNAPSHOT\r\u001b[K"), text());
        assertTrue(
                text().endsWith("[ERROR] the disk is full\r\n\r\u001b[Kpatchreel: the build failed, see above\r\n"),
                text());
    }

    private void start(int columns, String arguments) throws IOException {
        start(columns, "exec " + SCRIPT, arguments);
    }

    private void start(int columns, String program, String arguments) throws IOException {
        String command = "stty cols " + columns + " rows 24; " + program + " " + arguments;
        ProcessBuilder builder = new ProcessBuilder("script", "-qefc", command, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile());
        builder.environment()
                .putAll(Map.of(
                        "TERM",
                        "xterm",
                        "PATCHREEL_HOME",
                        HOME.toString(),
                        "PATCHREEL_ASSETS",
                        folder.resolve("assets").toString()));
        processes.add(builder.start());
    }

    private void type(String keys) throws IOException {
        process().getOutputStream().write(keys.getBytes(UTF_8));
        process().getOutputStream().flush();
    }

    private void await(String part) throws IOException, InterruptedException {
        while (!text().contains(part)) {
            assertTrue(process().isAlive(), text());
            Thread.sleep(50);
        }
    }

    private int end(int seconds) throws IOException, InterruptedException {
        assertTrue(process().waitFor(seconds, TimeUnit.SECONDS), text());
        return process().exitValue();
    }

    /** All that was written to the screen. */
    private String text() throws IOException {
        return Files.readString(screen, ISO_8859_1);
    }

    private List<Path> assets() throws IOException {
        Path assets = folder.resolve("assets");
        try (Stream<Path> left = Files.exists(assets) ? Files.list(assets) : Stream.empty()) {
            return left.toList();
        }
    }

    private Process process() {
        return processes.get(processes.size() - 1);
    }
}
