package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

/** A host and its workers as processes of {@code ./patchreel}, with the embedded broker between them. */
@Timeout(600)
class WorkersProcessTest {

    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();

    /** Native libraries are unpacked once for all. */
    private static final Path NATIVES = Path.of("target", "home", "natives").toAbsolutePath();

    private static final String PROMPT = "patchreel> ";
    private static final String PASSWORD = "correct horse battery";

    private final List<Process> started = new ArrayList<>();
    private Path folder;
    private int port;

    @BeforeEach
    void makeHomes(@TempDir Path directory) throws IOException {
        folder = directory;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path home = home("host");
        Files.writeString(
                home.resolve("conf/org.patchreel.broker.cfg"),
                "embedded = true\naddress = tcp://127.0.0.1:" + port + "\n.password = " + PASSWORD + "\n");
        secret("host/secrets", "11");
        secret("copies", "11");
        Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Path home(String name) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("conf"));
        Files.createDirectories(NATIVES);
        Files.createSymbolicLink(home.resolve("natives"), NATIVES);
        return home;
    }

    private void secret(String name, String digits) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve(name));
        Path file = Files.writeString(secrets.resolve("watermark-0001.secret"), digits.repeat(32));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Process start(String home, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve(home + ".err").toFile());
        builder.environment()
                .putAll(Map.of(
                        "PATCHREEL_HOME",
                        folder.resolve(home).toString(),
                        "PATCHREEL_ASSETS",
                        folder.resolve(home + "-assets").toString()));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Process worker(String name, String secrets) throws IOException {
        home(name);
        return start(
                name,
                "worker",
                "--broker",
                "tcp://127.0.0.1:" + port,
                "--password-file",
                "password",
                "--secrets",
                secrets,
                "--name",
                name);
    }

    /** The shell of a host, which is told one command after the other. */
    private final class Shell {
        private final Process process = start("host");
        private final BufferedReader out = process.inputReader(UTF_8);

        private Shell() throws IOException {}

        void tell(String command) throws IOException {
            process.getOutputStream().write((command + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        }

        JsonNode answer() throws IOException {
            String line = out.readLine();
            assertTrue(line != null, () -> "the host has ended: " + err("host"));
            return new ObjectMapper().readTree(line.replace(PROMPT, ""));
        }

        JsonNode ask(String command) throws IOException {
            tell(command);
            return answer();
        }

        void awaitWorkers(int count) throws Exception {
            while (ask("workers --json").size() < count
                    || !ask("models --json").get(0).get("source").textValue().startsWith("workers ")) {
                Thread.sleep(200);
            }
        }
    }

    private String err(String name) {
        try {
            return Files.readString(folder.resolve(name + ".err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Whether a worker makes a clip now. */
    private boolean works(String name) throws IOException {
        Path attempts = folder.resolve(name).resolve("worker");
        if (!Files.isDirectory(attempts)) {
            return false;
        }
        try (Stream<Path> open = Files.list(attempts)) {
            return open.findAny().isPresent();
        }
    }

    @Test
    void aWorkerMakesAClipThatTheHostSignsStoresAndKnowsAgain() throws Exception {
        Shell host = new Shell();
        Process worker = worker("one", "copies");
        host.awaitWorkers(1);
        JsonNode models = host.ask("models --json");
        assertEquals("workers one", models.get(0).get("source").textValue());
        JsonNode made = host.ask("generate \"a red ball rolls past a tree\" --steps 4 --seed 7 --json");
        assertEquals("starter", made.get("model").textValue());
        JsonNode verified = host.ask("verify " + made.get("file").textValue() + " --json");
        assertEquals("signed", verified.get("verdict").textValue());
        assertEquals("this-installation", verified.get("origin").textValue());
        assertEquals("ours", verified.at("/watermark/state").textValue());
        JsonNode idle = host.ask("workers --json").get(0);
        assertEquals("idle", idle.get("state").textValue());
        assertTrue(idle.get("framesPerSecond").doubleValue() > 0, "it has made the clip");

        worker.destroy();
        assertTrue(worker.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, worker.exitValue(), err("one"));
        assertFalse(Files.exists(folder.resolve("one-assets")) && hasFiles(folder.resolve("one-assets")));
        try (Stream<Path> files = Files.walk(folder.resolve("one"))) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().matches(".*\\.(secret|p12|db|mp4)"))
                            .toList(),
                    "a worker has no key, no secret of its own and no clip");
        }
    }

    private static boolean hasFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isPresent();
        }
    }

    @Test
    void anotherWorkerFinishesTheClipOfOneThatIsKilled() throws Exception {
        Shell host = new Shell();
        Process one = worker("one", "copies");
        Process two = worker("two", "copies");
        host.awaitWorkers(2);
        host.tell("generate \"a red ball\" --steps 150 --json");
        while (!works("one") && !works("two")) {
            Thread.sleep(20);
        }
        (works("one") ? one : two).destroyForcibly().waitFor();
        String other = works("one") ? "two" : "one";
        JsonNode made = host.answer();
        assertEquals("starter", made.get("model").textValue(), err(other));
        JsonNode workers = host.ask("workers --json");
        JsonNode verified = host.ask("verify " + made.get("file").textValue() + " --json");
        assertEquals("this-installation", verified.get("origin").textValue(), workers.toString());
    }

    @Test
    void aWorkerWithoutSecretsOrWithWrongOptionsEndsWithStatusTwo() throws Exception {
        Process without = worker("one", "no-such-folder");
        assertEquals(2, without.waitFor(), err("one"));
        assertTrue(err("one").contains("no-such-folder has no watermark-*.secret"), err("one"));
        String last = err("one").lines().reduce("", (one, other) -> other);
        assertTrue(last.startsWith("patchreel: this worker can make no clips: "), err("one"));
        assertFalse(Files.exists(folder.resolve("no-such-folder")));
        home("two");
        Process plain = start("two", "worker", "--broker", "tcp://10.0.0.1:61616");
        assertEquals(2, plain.waitFor());
        assertTrue(err("two").contains("tcp://10.0.0.1:61616 is not on this machine"), err("two"));
    }

    @Test
    void aClipWithTheMarkOfAnotherSecretIsNotStored() throws Exception {
        Shell host = new Shell();
        secret("others", "22");
        worker("one", "others");
        host.awaitWorkers(1);
        host.tell("generate \"a red ball\" --steps 4");
        host.tell("assets --json");
        assertEquals(0, host.answer().size());
        assertTrue(err("host").contains("cannot be read in the clip of a worker"), err("host"));
    }
}
