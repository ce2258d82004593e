package org.patchreel.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code ./patchreel} and the executable jar, as a shell sees them. */
@Timeout(300)
class ProcessTest {

    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();

    /** Shared by the tests, so that the native libraries are unpacked once. */
    private static final Path HOME = Path.of("target", "home").toAbsolutePath();

    private Path folder;
    private Path assets;

    /** What a process left. */
    private record Result(int status, String out, String err) {}

    @BeforeEach
    void makeFolder(@TempDir Path directory) {
        folder = directory;
        assets = folder.resolve("assets");
    }

    @Test
    void printsItsUsageAndVersion() throws Exception {
        Result help = run("--help");
        assertEquals(0, help.status());
        assertTrue(help.out().contains("examples:"), help.out());
        Result version = run("--version");
        assertEquals(0, version.status());
        assertTrue(version.out().matches("patchreel \\S+\n"), version.out());
        assertEquals("", version.err());
    }

    @Test
    void generatesFromAWeirdPromptAndPrintsNothingButJson() throws Exception {
        String prompt = "it costs $5 \"quoted\" | pipe; 'x' \\ {a} [b]\n\u4e2d\u6587 \ud83d\ude80 $(date) *";
        Result result = run(
                "generate",
                prompt,
                "--steps",
                "100", // long enough for the progress, which is looked at ten times a second, to show every stage
                "--size",
                "96x96",
                "--seconds",
                "0.5",
                "--json",
                "--out",
                "ball.mp4");
        assertEquals(0, result.status(), result.err());
        assertEquals(1, result.out().lines().count(), result.out());
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertEquals(prompt, json.get("prompt").textValue());
        assertEquals(5, json.get("frames").intValue());
        Path clip = Path.of(json.get("file").textValue());
        assertTrue(clip.startsWith(assets), clip.toString());
        assertArrayEquals(Files.readAllBytes(clip), Files.readAllBytes(folder.resolve("ball.mp4")));
        assertTrue(result.err().contains("denoising"), result.err());

        Result shown = run("show", json.get("id").textValue(), "--json");
        assertEquals(
                prompt, new ObjectMapper().readTree(shown.out()).get("prompt").textValue());
        Result listed = run("assets");
        assertTrue(listed.out().contains(json.get("id").textValue()), listed.out());
    }

    @Test
    void saysWhatAFileIs() throws Exception {
        Result made = run("generate", "a red ball", "--steps", "4", "--seed", "7", "--json", "--out", "ball.mp4");
        assertEquals(0, made.status(), made.err());
        String id = new ObjectMapper().readTree(made.out()).get("id").textValue();

        Path clip = folder.resolve("ball.mp4");
        JsonNode signed = verified(0, clip);
        assertEquals("signed", signed.get("verdict").textValue());
        assertEquals("this-installation", signed.get("origin").textValue());
        assertEquals("Valid", signed.at("/manifest/state").textValue());
        assertEquals("ours", signed.at("/watermark/state").textValue());

        // What strips metadata often leaves a free box in their place.
        byte[] bytes = Files.readAllBytes(clip);
        int box = new String(bytes, 0, 4096, ISO_8859_1).indexOf("uuid");
        System.arraycopy("free".getBytes(ISO_8859_1), 0, bytes, box, 4);
        Path stripped = Files.write(folder.resolve("stripped.mp4"), bytes);
        JsonNode recovered = verified(0, stripped);
        assertEquals("recovered", recovered.get("verdict").textValue());
        assertEquals("none", recovered.at("/manifest/state").textValue());
        assertEquals(id, recovered.at("/recovered/assetId").textValue());
        assertEquals(0, recovered.at("/recovered/ranges/0/start").doubleValue(), 0.1);

        bytes[bytes.length - 1] ^= 1;
        System.arraycopy("uuid".getBytes(ISO_8859_1), 0, bytes, box, 4);
        JsonNode invalid = verified(3, Files.write(folder.resolve("changed.mp4"), bytes));
        assertEquals("invalid", invalid.get("verdict").textValue());
        assertTrue(invalid.at("/manifest/codes").toString().contains("assertion.bmffHash.mismatch"));

        // To another installation it is the file of a stranger, with a signature that anybody can make.
        Result elsewhere = runAt(folder.resolve("elsewhere"), "verify", clip.toString(), "--json");
        assertEquals(3, elsewhere.status(), elsewhere.err());
        JsonNode stranger = new ObjectMapper().readTree(elsewhere.out());
        assertEquals("signed", stranger.get("verdict").textValue());
        assertEquals("not-proved", stranger.get("origin").textValue());

        Path text = Files.writeString(folder.resolve("notes.txt"), "no video at all");
        assertEquals("unknown", verified(3, text).get("verdict").textValue());
    }

    private JsonNode verified(int status, Path file) throws IOException, InterruptedException {
        Result result = run("verify", file.toString(), "--json");
        assertEquals(status, result.status(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "paint|x|--json|unknown command: paint",
                "generate|' '|--json|prompt is empty",
                "generate|a ball|--steps=NaN|--steps must be a whole number: NaN",
                "generate|a ball|--model=sora|unknown model: sora, installed: starter",
                "generate|a ball|--size=100x100|width must be a multiple of 16: 100, nearest are 96 and 112",
                "generate|a ball|--out=/no/such/folder/x.mp4|folder /no/such/folder does not exist",
                "show|01ABC|--json|no such asset: 01ABC",
            })
    void refusesACallersMistakeWithStatusTwoAndOneLine(String command, String first, String second, String message)
            throws Exception {
        Result result = run(command, first, second);
        assertEquals(2, result.status(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("patchreel: "), result.err());
        assertTrue(result.err().contains(message), result.err());
    }

    @Test
    void failsWithStatusOneWhenTheAssetsCannotBeWritten() throws Exception {
        Files.writeString(assets, "a file where a folder should be");
        Result result = run("generate", "a ball", "--steps", "2");
        assertEquals(1, result.status());
        assertEquals("", result.out());
        assertTrue(result.err().contains(assets.toString()), result.err());
        assertEquals(1, run("doctor", "--json").status());
    }

    @Test
    void theDoctorIsContent() throws Exception {
        Result result = run("doctor", "--json");
        assertEquals(0, result.status(), result.out());
        assertTrue(new ObjectMapper().readTree(result.out()).get("good").booleanValue());
    }

    @Test
    void leavesNothingWhenItIsTerminated() throws Exception {
        Path err = folder.resolve("err");
        Process process = start("generate", "a ball", "--steps", "1000", "--out", "ball.mp4")
                .redirectError(err.toFile())
                .start();
        while (!Files.readString(err).contains("denoising")) {
            assertTrue(process.isAlive(), Files.readString(err));
            Thread.sleep(50);
        }
        process.destroy();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(143, process.exitValue());
        try (Stream<Path> left = Files.exists(assets) ? Files.list(assets) : Stream.empty()) {
            assertEquals(List.of(), left.toList());
        }
        assertTrue(Files.notExists(folder.resolve("ball.mp4")));
    }

    @Test
    void goesOnWithABatchThatWasKilled() throws Exception {
        Files.writeString(folder.resolve("shots.csv"), "name,colour\none,red\ntwo,blue\n");
        Files.writeString(folder.resolve("shots.gogo"), """
                each [96x96 128x96] { batch "$script.folder/shots.csv" --prompt "a {colour} ball" --steps 2 --size $it --out "out/$it" }
                """);
        Path err = folder.resolve("err");
        Process killed = start("run", "shots.gogo").redirectError(err.toFile()).start();
        while (!Files.exists(folder.resolve("out/96x96/one.mp4"))) {
            assertTrue(killed.isAlive(), Files.readString(err));
            Thread.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        Result result = run("run", "shots.gogo");
        assertEquals(0, result.status(), result.err());
        List<String> lines = result.out().lines().toList();
        assertEquals(4, lines.size(), result.out());
        assertTrue(lines.get(0).startsWith("one  signed  was there"), result.out());
        assertTrue(lines.get(3).startsWith("two  signed  made"), result.out());
        try (Stream<Path> stored = Files.list(assets)) {
            assertEquals(4, stored.count());
        }
        var report = new ObjectMapper()
                .readTree(folder.resolve("out/128x96/report.json").toFile());
        assertEquals(2, report.get("done").intValue());
    }

    @Test
    void twoProcessesDoNotDisturbEachOther() throws Exception {
        Process one = start("models", "--json").start();
        Process two = start("models", "--json").start();
        assertEquals(0, finish(one).status());
        assertEquals(0, finish(two).status());
    }

    @Test
    void generatesWithoutANetwork() throws Exception {
        List<String> isolated = List.of("unshare", "--net", "--map-root-user");
        assumeTrue(works(isolated), "this machine allows no namespaces");
        ProcessBuilder builder = start("generate", "a ball", "--steps", "1", "--seconds", "0.125", "--json");
        List<String> command = new ArrayList<>(isolated);
        command.addAll(builder.command());
        Result result = finish(builder.command(command).start());
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("\"frames\":1"), result.out());
    }

    private static boolean works(List<String> prefix) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        return Program.runs(command.toArray(String[]::new));
    }

    @Test
    void runsACheckpointThatAFileConfigures() throws Exception {
        Path own = folder.resolve("home");
        Files.createDirectories(own.resolve("conf"));
        Files.createSymbolicLink(own.resolve("natives"), HOME.resolve("natives"));
        Path checkpoint = Path.of("..", "models", "starter", "checkpoint")
                .toAbsolutePath()
                .normalize();
        configure(own, "mine", "directory = " + checkpoint);
        configure(own, "gone", "directory = /no/such/checkpoint");
        configure(own, "gpu", "directory = " + checkpoint + "\ndevice = cuda\nprecision = bf16");

        Result made =
                runAt(own, "generate", "a ball", "--model", "mine", "--steps", "1", "--seconds", "0.125", "--json");
        assertEquals(0, made.status(), made.err());
        assertEquals(
                "mine", new ObjectMapper().readTree(made.out()).get("model").textValue());

        Result gone = runAt(own, "generate", "a ball", "--model", "gone");
        assertEquals(1, gone.status());
        assertTrue(gone.err().contains("/no/such/checkpoint does not exist"), gone.err());

        Result gpu = runAt(own, "generate", "a ball", "--model", "gpu");
        assertEquals(1, gpu.status());
        assertTrue(gpu.err().contains("device cuda needs an external libtorch"), gpu.err());

        try (Stream<Path> left = Files.list(assets)) {
            assertEquals(1, left.count(), "only the clip that was made");
        }
    }

    private static void configure(Path home, String name, String lines) throws IOException {
        Files.writeString(
                home.resolve("conf/org.patchreel.model-" + name + ".cfg"), "name = " + name + "\n" + lines + "\n");
    }

    private Result runAt(Path home, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = start(arguments);
        builder.environment().put("PATCHREEL_HOME", home.toString());
        return finish(builder.start());
    }

    @Test
    void readsCommandsFromTheStandardInput() throws Exception {
        Process process = start().start();
        process.getOutputStream().write("models --json\nexit\n".getBytes(UTF_8));
        process.getOutputStream().close();
        Result result = finish(process);
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("\"name\":\"starter\""), result.out());
    }

    private ProcessBuilder start(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(Map.of("PATCHREEL_HOME", HOME.toString(), "PATCHREEL_ASSETS", assets.toString()));
        return builder;
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        return finish(start(arguments).start());
    }

    private static Result finish(Process process) throws IOException, InterruptedException {
        // Little is written to the standard error: it cannot fill its pipe before the standard output ends.
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), out, err);
    }
}
