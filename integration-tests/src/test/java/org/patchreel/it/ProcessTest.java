package org.patchreel.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.impl.export.Program;

/** The script {@code ./patchreel} and the executable jar, as a shell sees them. */
@Timeout(300)
class ProcessTest {

    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();

    /** Shared by the tests, so that the native libraries are unpacked once. */
    private static final Path HOME = Path.of("target", "home").toAbsolutePath();

    private Path folder;
    private Path assets;

    /** A user that the machine does not know. */
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups");

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
        assertEquals(4, json.get("frames").intValue());
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
                "generate|a ball|--size=101x100|width must be a multiple of 2: 101, nearest are 100 and 102",
                "generate|a ball|--fps=12.5|--fps must be a whole number from 1 to 120",
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

    /** Without a mark and a manifest, which are other ones each time, the same frames are the same file. */
    @Test
    void aLongClipGoesOnAfterAKillAndIsTheSame() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(
                Files.createDirectories(home.resolve("conf")).resolve("org.patchreel.provenance.cfg"),
                "watermark = false\nmanifest = false\n");
        Files.writeString(folder.resolve("long.csv"), "name,prompt,seconds,seed\nball,a red ball rolls,10,7\n");
        String[] whole = {"batch", "long.csv", "--steps", "20", "--size", "96x96", "--out", "whole", "--json"};
        Result uninterrupted = runAt(home, whole);
        assertEquals(3, uninterrupted.status(), uninterrupted.err()); // nothing proves the clip's origin
        String id = new ObjectMapper().readTree(uninterrupted.out()).get("id").textValue();
        Path work = home.resolve("work").resolve(id);
        assertTrue(Files.notExists(work), "what was kept is deleted when the clip is there");

        assets = folder.resolve("other-assets");
        whole[7] = "out";
        ProcessBuilder builder =
                start(whole).redirectError(folder.resolve("err").toFile());
        builder.environment().put("PATCHREEL_HOME", home.toString());
        Process killed = builder.start();
        while (!Files.exists(work.resolve("window-2.latents"))) {
            assertTrue(killed.isAlive(), Files.readString(folder.resolve("err")));
            Thread.sleep(5);
        }
        killed.destroyForcibly().waitFor();
        assertTrue(Files.notExists(folder.resolve("out/ball.mp4")));
        assertTrue(Files.exists(work.resolve("window-2.latents")));
        Result resumed = runAt(home, whole);
        assertEquals(3, resumed.status(), resumed.err());
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("whole/ball.mp4")),
                Files.readAllBytes(folder.resolve("out/ball.mp4")));
    }

    /** The shell is a host of jobs, as a process of a single command is not. */
    @Test
    void jobsOfAHostThatIsKilledGoOnWhenItIsStartedAgain() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createSymbolicLink(home.resolve("app"), Files.createDirectories(HOME.resolve("app")));
        Process killed = startAt(home);
        BufferedReader answers = killed.inputReader(UTF_8);
        List<String> ids = new ArrayList<>();
        // the first one is long enough to be killed in
        for (String steps : List.of("300", "1", "1")) {
            tell(killed, "generate \"a red ball\" --size 96x96 --seconds 0.5 --queue --json --steps " + steps);
            ids.add(answer(answers).get("id").textValue());
        }
        JsonNode first = ask(killed, answers, "job " + ids.get(0) + " --json");
        while (!first.at("/state").textValue().equals("running")) {
            first = ask(killed, answers, "job " + ids.get(0) + " --json");
        }
        // a command of its own may look on, and starts nothing
        Result listed = runAt(home, "jobs", "--json");
        assertEquals(0, listed.status(), listed.err());
        assertEquals(3, new ObjectMapper().readTree(listed.out()).size());
        killed.destroyForcibly().waitFor();
        assertTrue(Files.notExists(assets) || storedIn(assets).isEmpty());

        Process again = startAt(home);
        answers = again.inputReader(UTF_8);
        for (String id : ids) {
            JsonNode job = ask(again, answers, "job " + id + " --json");
            while (!job.at("/state").textValue().equals("completed")) {
                assertTrue(again.isAlive());
                assertTrue(
                        List.of("waiting", "queued", "running")
                                .contains(job.at("/state").textValue()),
                        job.toString());
                Thread.sleep(100);
                job = ask(again, answers, "job " + id + " --json");
            }
            assertEquals(id.equals(ids.get(0)) ? 2 : 1, job.get("tries").intValue(), job.toString());
        }
        JsonNode usage = ask(again, answers, "usage --by model --json").get(0);
        assertEquals(3, usage.get("clips").intValue(), usage.toString());
        tell(again, "quit");
        assertEquals(0, again.waitFor());
        assertEquals(Set.copyOf(ids), storedIn(assets));

        // what has ended is known to a later process, too
        Result later = runAt(home, "jobs", "--state", "completed", "--json");
        assertEquals(3, new ObjectMapper().readTree(later.out()).size());
    }

    private Process startAt(Path home) throws IOException {
        ProcessBuilder builder = start().redirectError(folder.resolve("err").toFile());
        builder.environment().put("PATCHREEL_HOME", home.toString());
        return builder.start();
    }

    private static void tell(Process shell, String command) throws IOException {
        shell.getOutputStream().write((command + "\n").getBytes(UTF_8));
        shell.getOutputStream().flush();
    }

    private static JsonNode ask(Process shell, BufferedReader answers, String command) throws IOException {
        tell(shell, command);
        return answer(answers);
    }

    /** An answer stands behind the shell's prompt. */
    private static JsonNode answer(BufferedReader answers) throws IOException {
        return new ObjectMapper().readTree(answers.readLine().replaceFirst("^(patchreel> )*", ""));
    }

    private static Set<String> storedIn(Path folder) throws IOException {
        try (Stream<Path> stored = Files.list(folder)) {
            return stored.map(each -> each.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .collect(Collectors.toSet());
        }
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
    @Timeout(900)
    void tenStartsLeaveTheHomeAsItWas() throws Exception {
        run("models");
        Map<Path, String> before = contents(HOME);
        for (int i = 0; i < 10; i++) {
            Result result = run("models");
            assertEquals(0, result.status(), result.err());
        }
        assertEquals(before, contents(HOME));
    }

    @Test
    void aStartWritesNextToNothing() throws Exception {
        List<Long> written = new ArrayList<>(List.of(writtenByAStart()));
        // the first ones put away what the tests before have left, such as jobs of processes that were killed
        do {
            written.add(writtenByAStart());
        } while (written.get(written.size() - 1) >= 100_000 && written.size() < 5);
        assertTrue(written.get(written.size() - 1) < 100_000, "bytes written: " + written);
    }

    /** Starts the shell, waits until it has its models, and ends it. */
    private long writtenByAStart() throws Exception {
        Process process = start().start();
        tell(process, "models --json");
        BufferedReader out = process.inputReader(UTF_8);
        for (String line = out.readLine(); !line.contains("starter"); line = out.readLine()) {}
        String written = Files.readString(Path.of("/proc", Long.toString(process.pid()), "io"))
                .lines()
                .filter(line -> line.startsWith("write_bytes: "))
                .findFirst()
                .orElseThrow();
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
        return Long.parseLong(written.substring("write_bytes: ".length()));
    }

    /** Sizes and times of all files below a folder, but for the one in which Felix notes Java's version at each start. */
    private static Map<Path, String> contents(Path directory) throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("last.java.version")) {
                    contents.put(file, Files.size(file) + " bytes, " + Files.getLastModifiedTime(file));
                }
            }
        }
        return contents;
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    @Timeout(600)
    void endsSoonAndLeavesNothingWhileALargeModelComputes(String signal, int status) throws Exception {
        Path err = folder.resolve("err");
        Process process = computing(err);
        signal(process, signal);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), Files.readString(err));
        assertEquals(status, process.exitValue(), Files.readString(err));
        try (Stream<Path> left = Files.list(assets)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    @Timeout(600)
    void endsAtOnceOnASecondSignal() throws Exception {
        Path err = folder.resolve("err");
        Process process = computing(err);
        signal(process, "INT");
        signal(process, "INT");
        assertTrue(process.waitFor(8, TimeUnit.SECONDS), Files.readString(err));
        assertEquals(130, process.exitValue(), Files.readString(err));
    }

    /** Starts a generation whose single operations take seconds: latents of 104x60 tokens, frames of 832x480. */
    private Process computing(Path err) throws Exception {
        Path own = folder.resolve("home");
        Files.createDirectories(own.resolve("conf"));
        Files.createDirectories(HOME.resolve("natives"));
        Files.createSymbolicLink(own.resolve("natives"), HOME.resolve("natives"));
        Path checkpoint = Path.of("..", "model-runtime", "src", "test", "golden", "pipeline_t2v_unipc")
                .toAbsolutePath()
                .normalize();
        configure(own, "large", "directory = " + checkpoint + "\nlicense.acknowledged.by = this test");
        ProcessBuilder builder =
                start("generate", "a cat", "--model", "large", "--size", "832x480", "--steps", "1", "--seconds", "2");
        builder.environment().put("PATCHREEL_HOME", own.toString());
        Process process = builder.redirectError(err.toFile()).start();
        while (!Files.readString(err).contains("denoising")) {
            assertTrue(process.isAlive(), Files.readString(err));
            Thread.sleep(50);
        }
        Thread.sleep(500);
        return process;
    }

    private static void signal(Process process, String name) throws Exception {
        assertTrue(Program.runs("kill", "-" + name, Long.toString(process.pid())));
    }

    @Test
    void runsForAUserWithoutAHomeInAFolderThatCannotBeWritten() throws Exception {
        Path own = makeFoldersOfNobody();
        Result result = finish(prefixed(NOBODY, startOfNobody(own, "models", "--json")));
        assertEquals(0, result.status(), result.err());
        assertEquals("", result.err());
        assertTrue(result.out().contains("\"status\":\"ready\""), result.out());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("assets", "home"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    /** As in a container: nothing can be written but the two folders that the script names. */
    @Test
    @Timeout(600)
    void runsWhereOnlyTheTwoFoldersCanBeWritten() throws Exception {
        Path own = makeFoldersOfNobody();
        List<String> readOnly = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
        readOnly.add("""
                mount --bind "$1" "$1" && mount --bind "$2" "$2" || exit 1
                for each in /tmp /var/tmp /; do
                    mountpoint -q "$each" || continue
                    mount -o remount,bind,ro "$each" || exit 1
                done
                shift 2
                exec "$@"
                """);
        readOnly.addAll(List.of("sh", own.toString(), assets.toString()));
        assumeTrue(works(readOnly), "this machine lets nobody make its files read-only: needs root and namespaces");
        List<String> touches = new ArrayList<>(readOnly);
        touches.addAll(List.of("touch", folder.resolve("written").toString()));
        assertFalse(Program.runs(touches.toArray(String[]::new)), "the folder should be read-only");
        readOnly.addAll(NOBODY);

        Result made = finish(prefixed(
                readOnly, startOfNobody(own, "generate", "a ball", "--steps", "1", "--seconds", "0.125", "--json")));
        assertEquals(0, made.status(), made.err());
        String clip = new ObjectMapper().readTree(made.out()).get("file").textValue();
        Result verified = finish(prefixed(readOnly, startOfNobody(own, "verify", clip, "--json")));
        assertEquals(0, verified.status(), verified.err());
        assertTrue(verified.out().contains("this-installation"), verified.out());
        Result doctor = finish(prefixed(readOnly, startOfNobody(own, "doctor", "--json")));
        assertEquals(0, doctor.status(), doctor.out());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(2, left.count());
        }
    }

    @Test
    void namesAFileOfACheckpointThatCannotBeRead() throws Exception {
        Path own = makeFoldersOfNobody();
        Path golden = Path.of("..", "model-runtime", "src", "test", "golden", "pipeline_t2v_unipc");
        Files.createDirectories(own.resolve("conf"));
        Map<String, String> reasons = new TreeMap<>();
        for (String name : List.of("denied", "folder", "link", "cut")) {
            Path checkpoint = own.resolve(name);
            try (Stream<Path> files = Files.walk(golden)) {
                for (Path file : files.toList()) {
                    Files.copy(file, checkpoint.resolve(golden.relativize(file).toString()));
                }
            }
            configure(own, name, "directory = " + checkpoint);
            Path weights = checkpoint.resolve("transformer/diffusion_pytorch_model.safetensors");
            switch (name) {
                case "denied" -> {
                    Files.setPosixFilePermissions(weights, Set.of());
                    reasons.put(name, weights + " cannot be read: permission denied");
                }
                case "folder" -> {
                    Files.delete(weights);
                    Files.createDirectory(weights);
                    reasons.put(name, weights + " is not a regular file");
                }
                case "link" -> {
                    Files.delete(weights);
                    Files.createSymbolicLink(weights, Path.of("/no/such/blob"));
                    reasons.put(name, weights + " is a link to /no/such/blob, which does not exist");
                }
                default -> {
                    byte[] whole = Files.readAllBytes(weights);
                    Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
                    reasons.put(name, weights + " is truncated: ");
                }
            }
        }
        Result models = finish(prefixed(NOBODY, startOfNobody(own, "models")));
        Result doctor = finish(prefixed(NOBODY, startOfNobody(own, "doctor")));
        assertEquals(1, doctor.status(), doctor.out());
        for (Map.Entry<String, String> each : reasons.entrySet()) {
            assertTrue(models.out().contains(each.getValue()), models.out());
            assertTrue(doctor.out().contains(each.getValue()), doctor.out());
            Result refused =
                    finish(prefixed(NOBODY, startOfNobody(own, "generate", "a ball", "--model", each.getKey())));
            assertEquals(1, refused.status());
            assertTrue(refused.err().contains(each.getValue()), refused.err());
            assertEquals(1, refused.err().lines().count(), refused.err());
        }
    }

    /** {@return a home, which with the folder of assets is all that {@link #NOBODY} may write} */
    private Path makeFoldersOfNobody() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> reads = new ArrayList<>(NOBODY);
        reads.addAll(List.of("test", "-r", SCRIPT.toString()));
        assumeTrue(Program.runs(reads.toArray(String[]::new)), "needs root, setpriv, and a clone that all may read");
        Path own = Files.createDirectory(folder.resolve("home"));
        Files.createDirectory(assets);
        return own;
    }

    private ProcessBuilder startOfNobody(Path own, String... arguments) throws Exception {
        assertTrue(Program.runs("chown", "-Rh", "54321:54321", own.toString(), assets.toString()));
        ProcessBuilder builder = start(arguments);
        builder.environment().put("PATCHREEL_HOME", own.toString());
        builder.environment().put("HOME", "/nonexistent");
        return builder;
    }

    private static Process prefixed(List<String> prefix, ProcessBuilder builder) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(builder.command());
        return builder.command(command).start();
    }

    @Test
    void saysThatAHomeCannotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("home"), "a file");
        Result result = runAt(file, "models");
        assertEquals(1, result.status());
        assertTrue(result.err().contains("set PATCHREEL_HOME to a folder that can be written"), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void startsNothingWithoutABundleOfTheOperatorsThatCannotBeStarted() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "policy");
        manifest.getMainAttributes().putValue("Import-Package", "no.such.place");
        Path bundle = Files.createDirectories(HOME.resolve("bundles")).resolve("policy.jar");
        new JarOutputStream(Files.newOutputStream(bundle), manifest).close();
        try {
            Result result = run("generate", "a ball", "--steps", "1");
            assertEquals(1, result.status(), result.err());
            assertEquals("", result.out());
            assertTrue(result.err().contains(bundle + " cannot be started"), result.err());
            assertTrue(result.err().contains("no.such.place"), result.err());
            assertTrue(Files.notExists(assets), "something was generated");
        } finally {
            Files.delete(bundle);
        }
        assertEquals(0, run("models").status(), "it is gone again");
    }

    @Test
    void keepsAPromptWhoseLocaleIsNotInstalled() throws Exception {
        String prompt = "gr\u00f6\u00dfe \u7d05\u3044\u7403";
        ProcessBuilder builder =
                start("generate", prompt, "--steps", "1", "--seconds", "0.125", "--json", "--out", "\u00fc.mp4");
        builder.environment().put("LC_ALL", "xx_XX.UTF-8");
        Result result = finish(builder.start());
        assertEquals(0, result.status(), result.err());
        JsonNode made = new ObjectMapper().readTree(result.out());
        assertEquals(prompt, made.get("prompt").textValue());
        assertEquals(
                "the model does not know these words of the prompt: gr\u00f6\u00dfe, \u7d05\u3044\u7403",
                made.at("/notes/0").textValue());
        assertTrue(Files.exists(folder.resolve("\u00fc.mp4")));
    }

    @Test
    void refusesTextThatIsNotUtf8() throws Exception {
        ProcessBuilder builder = start();
        String script = "exec \"$0\" generate \"$(printf 'gr\\366sse')\"";
        Result result =
                finish(builder.command("sh", "-c", script, SCRIPT.toString()).start());
        assertEquals(2, result.status(), result.err());
        assertTrue(result.err().contains("cannot be read as UTF-8"), result.err());
    }

    @Test
    void failsWhenItsOutputCannotBeWritten() throws Exception {
        Process process =
                start("models", "--json").redirectOutput(new File("/dev/full")).start();
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertEquals(1, process.waitFor());
        assertEquals("patchreel: the standard output cannot be written\n", err);
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
