package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.export.Program;
import org.patchreel.judges.ForeignClip;
import org.patchreel.judges.NodeProgram;

/**
 * {@code ./patchreel serve} and its page in Chromium, which {@code src/test/browser/page.mjs} uses as a person does; axe-core
 * judges how accessible it is. With the system property {@code patchreel.pictures}, a folder, that of the documentation's
 * pictures, they are taken anew.
 */
@Timeout(1800)
class PageTest {

    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();

    /** Native libraries are unpacked once for all. */
    private static final Path NATIVES = Path.of("target", "home", "natives").toAbsolutePath();

    private static final NodeProgram PROGRAM = new NodeProgram("browser", "page.mjs");
    private static final List<String> CHROMIUM = List.of("chromium", "chromium-browser", "google-chrome");

    /** What page.mjs tells of; fewer, and it has not come to its end. */
    private static final int MIN_CHECKS = 26;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private String path = System.getenv("PATH");

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process serve(String... options) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createDirectories(NATIVES);
        if (Files.notExists(data.resolve("natives"))) {
            Files.createSymbolicLink(data.resolve("natives"), NATIVES);
        }
        List<String> command =
                new ArrayList<>(List.of(SCRIPT.toString(), "serve", "--port", "0", "--data", data.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("serve.err").toFile());
        builder.environment().put("PATH", path);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String address(Process serve) throws IOException {
        String address = serve.inputReader(UTF_8).readLine();
        assertTrue(
                address != null && address.matches("http://127\\.0\\.0\\.1:\\d+/patchreel/#token=[\\w-]{43}"),
                () -> address + "\n" + err());
        return address;
    }

    private String err() {
        try {
            return Files.readString(folder.resolve("serve.err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void serveEndsInOrderAtASignal() throws Exception {
        Process serve = serve();
        String address = address(serve);
        String port = address.replaceFirst(".*:(\\d+)/.*", "$1");
        Process second = serve("--port=" + port);
        assertTrue(second.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, second.exitValue(), err());
        assertTrue(err().contains("port " + port + " cannot be used"), err());
        serve.destroy();
        assertTrue(serve.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, serve.exitValue(), err());
        assertTrue(Files.isRegularFile(folder.resolve("data/jobs.db")), "all that it keeps is in the folder");
    }

    @Test
    void aBrowserIsLedToThePageByAFileThatGoesAway() throws Exception {
        Path browser = Files.createDirectories(folder.resolve("bin")).resolve("xdg-open");
        Files.writeString(browser, "#!/bin/sh\ncat \"$1\" > opened.tmp\necho \"$1\" > file\nmv opened.tmp opened\n");
        assertTrue(browser.toFile().setExecutable(true));
        path = browser.getParent() + ":" + System.getenv("PATH");
        Process serve = serve("--open");
        String address = address(serve);
        Path opened = folder.resolve("opened");
        for (int i = 0; i < 600 && Files.notExists(opened); i++) {
            Thread.sleep(50);
        }
        assertTrue(Files.readString(opened).contains("url=" + address), Files.readString(opened));
        Path file = Path.of(Files.readString(folder.resolve("file")).strip());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        serve.destroy();
        assertTrue(serve.waitFor(60, TimeUnit.SECONDS));
        assertTrue(Files.notExists(file), file.toString());
    }

    @Test
    void aServerThatOthersReachIsNotStarted() throws Exception {
        Path configurations = Files.createDirectories(folder.resolve("data/conf"));
        Files.writeString(
                configurations.resolve("org.apache.felix.http.cfg"), "org.apache.felix.http.host = 0.0.0.0\n");
        Process serve = serve();
        assertTrue(serve.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, serve.exitValue(), err());
        assertTrue(err().contains("serve is for this machine alone"), err());
    }

    @Test
    void noOtherCommandStartsTheServer() throws Exception {
        Process shell = new ProcessBuilder(SCRIPT.toString(), "--debug")
                .redirectError(folder.resolve("serve.err").toFile())
                .start();
        started.add(shell);
        shell.getOutputStream().write("felix:lb -s jetty\nquit\n".getBytes(UTF_8));
        shell.getOutputStream().flush();
        String listed = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertTrue(listed.matches("(?s).*(Installed|Resolved).*jetty12.*"), listed);
    }

    @Test
    void aJobGoesOnWhenServeIsStartedAgainAfterAKill() throws Exception {
        Process killed = serve();
        String api = address(killed).replaceFirst("#.*", "api/v1");
        HttpRequest.Builder submit = HttpRequest.newBuilder(URI.create(api + "/jobs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"id\": \"again\", \"prompt\": \"a red ball rolls\", \"size\": \"96x96\", \"seconds\": 20}"));
        assertEquals("again", answer(submit).get("id").textValue());
        await(api, "running");
        killed.destroyForcibly().waitFor();
        String next = address(serve()).replaceFirst("#.*", "api/v1");
        await(next, "completed");
        assertEquals(
                "again",
                answer(HttpRequest.newBuilder(URI.create(next + "/assets/again")))
                        .get("id")
                        .textValue());
    }

    private void await(String api, String state) throws IOException, InterruptedException {
        String now = "";
        for (int i = 0; i < 900 && !now.equals(state); i++) {
            now = answer(HttpRequest.newBuilder(URI.create(api + "/jobs/again")))
                    .get("state")
                    .textValue();
            assertTrue(List.of("queued", "waiting", "running", state).contains(now), now);
            Thread.sleep(now.equals(state) ? 0 : 200);
        }
        assertEquals(state, now);
    }

    private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        request.header("Authorization", "Bearer " + operatorToken()).timeout(Duration.ofSeconds(60));
        HttpResponse<String> response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        assertTrue(response.statusCode() < 300, response.statusCode() + " " + response.body());
        return new ObjectMapper().readTree(response.body());
    }

    @TestFactory
    List<DynamicTest> aPersonUsesThePage() throws Exception {
        String program = chromium();
        assumeTrue(
                !program.isEmpty() && Program.runs("npm", "--version") && Program.runs("node", "--version"),
                "the page is used in Chromium, by Node.js 20 and npm");
        PROGRAM.install();
        Path files = Files.createDirectories(folder.resolve("browser"));
        ForeignClip.write(files.resolve("foreign.mp4"));
        Path configurations = Files.createDirectories(folder.resolve("data/conf"));
        Files.writeString(configurations.resolve("org.patchreel.detector.cfg"), "files.per.minute = 60\n");
        Process serve = serve();
        ObjectMapper mapper = new ObjectMapper();
        var question = mapper.createObjectNode()
                .put("address", address(serve))
                .put("token", operatorToken())
                .put("folder", files.toString())
                .put("chromium", program);
        if (System.getProperty("patchreel.pictures") != null) {
            question.put(
                    "pictures",
                    Path.of(System.getProperty("patchreel.pictures"))
                            .toAbsolutePath()
                            .toString());
        }
        Process node = PROGRAM.command(mapper.writeValueAsString(question))
                .redirectError(folder.resolve("node.err").toFile())
                .start();
        started.add(node);
        List<DynamicTest> told = new ArrayList<>();
        BufferedReader lines = node.inputReader(UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode check = mapper.readTree(line);
            String error = check.get("error").textValue();
            told.add(DynamicTest.dynamicTest(check.get("name").textValue(), () -> assertNull(error, error)));
        }
        assertEquals(0, node.waitFor(), Files.readString(folder.resolve("node.err")));
        assertTrue(told.size() >= MIN_CHECKS, told.toString());
        return told;
    }

    private String operatorToken() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("data/api-tokens"))) {
            return lines.filter(line -> line.startsWith("operator "))
                    .map(line -> line.split(" ", -1)[2])
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** {@return the browser's program; empty if there is none} */
    private static String chromium() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(directory -> CHROMIUM.stream().map(Path.of(directory)::resolve))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
    }
}
