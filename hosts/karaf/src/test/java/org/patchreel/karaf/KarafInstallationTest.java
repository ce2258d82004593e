package org.patchreel.karaf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator has once the archive is installed. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KarafInstallationTest {

    private static final String PROMPT = "a red ball rolls past a tree";

    private KarafProcess karaf;
    private JsonNode clip;

    @BeforeAll
    void installAndGenerate(@TempDir Path directory) throws Exception {
        karaf = KarafProcess.start(directory.resolve("karaf"), KarafProcess.HTTP);
        karaf.run("kar:install " + KarafProcess.archive().toUri());
        clip = json("patchreel:generate \"" + PROMPT + "\" --steps 4 --seed 7 --json");
    }

    @AfterAll
    void stop() {
        karaf.close();
    }

    private JsonNode json(String command) throws IOException {
        String output = karaf.run(command);
        String line = output.lines()
                .filter(each -> each.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(command + " printed no JSON: " + output));
        return new ObjectMapper().readTree(line);
    }

    @Test
    void installsTheBundlesThatKarafLacksAndNotTheLauncher() throws Exception {
        List<String> bundles = karaf.bundles();
        assertEquals(
                List.of(
                        "org.patchreel.broker Active",
                        "org.patchreel.model-runtime Active",
                        "org.patchreel.model-runtime.natives.cpu.linux-x86_64 Resolved",
                        "org.patchreel.plugin-api Active",
                        "org.patchreel.plugin-impl Active",
                        "org.patchreel.policy Active",
                        "org.patchreel.remote Active",
                        "org.patchreel.starter-model Active",
                        "org.patchreel.web Active"),
                bundles.stream()
                        .filter(bundle -> bundle.startsWith("org.patchreel"))
                        .sorted()
                        .toList());
        assertTrue(bundles.contains("org.apache.felix.scr Active"), bundles.toString());
    }

    @Test
    void storesASignedClipBelowKarafsFolder() throws Exception {
        Path file = Path.of(clip.get("file").textValue());
        assertTrue(file.startsWith(karaf.home().toRealPath().resolve("patchreel/assets")), file.toString());
        byte[] bytes = Files.readAllBytes(file);
        assertEquals("ftyp", new String(bytes, 4, 4, ISO_8859_1));
        assertTrue(new String(bytes, 0, 4096, ISO_8859_1).contains("c2pa"), "there is no manifest");

        JsonNode metadata =
                new ObjectMapper().readTree(file.resolveSibling("metadata.json").toFile());
        assertEquals(PROMPT, metadata.get("prompt").textValue());
        assertEquals(7, metadata.at("/sampling/seed").intValue());
        assertTrue(Files.size(file.resolveSibling("poster.jpg")) > 0);
        assertTrue(Files.size(file.resolveSibling("contact-sheet.jpg")) > 0);

        JsonNode verified = json("patchreel:verify " + file + " --json");
        assertEquals("signed", verified.get("verdict").textValue());
        assertEquals("ours", verified.at("/watermark/state").textValue());
        assertEquals(
                clip.get("id").textValue(), verified.at("/recovered/assetId").textValue());
    }

    @Test
    void showsTheClipInTheShell() throws Exception {
        String id = clip.get("id").textValue();
        String listed = karaf.run("patchreel:assets");
        assertTrue(listed.contains(id) && listed.contains(PROMPT), listed);
        assertEquals(
                PROMPT, json("patchreel:show " + id + " --json").get("prompt").textValue());
    }

    @Test
    void listsTheStarterModel() throws Exception {
        String models = karaf.run("patchreel:models");
        assertTrue(models.contains("starter (default)") && models.contains("loaded"), models);
    }

    @Test
    void theDoctorIsContent() throws Exception {
        JsonNode report = json("patchreel:doctor --json");
        assertTrue(report.get("good").booleanValue(), report.toString());
    }

    @Test
    void saysWhatACallerDidWrong() throws Exception {
        String unknown = karaf.run("patchreel:generate \"a ball\" --model sora");
        assertTrue(unknown.contains("unknown model: sora, installed: starter"), unknown);
        String size = karaf.run("patchreel:generate \"a ball\" --size 101x100");
        assertTrue(size.contains("width must be a multiple of 2: 101"), size);
        String log = karaf.log();
        assertFalse(log.contains("Exception caught while executing command"), log);
    }

    @Test
    void letsARunningJobFinishWhenConfigurationsChange() throws Exception {
        Process generation = karaf.begin("patchreel:generate \"" + PROMPT + "\" --steps 60 --json");
        KarafProcess.waitFor("the draft", Duration.ofMinutes(2), () -> hasDraft());
        karaf.run("config:property-set -p org.patchreel.media quality 50");
        karaf.run("config:property-set -p org.patchreel.provenance watermark false");
        karaf.run("config:property-set -p org.patchreel.runtime threads 1");
        karaf.run("config:property-set -p org.patchreel.store.file note touched");
        String made = KarafProcess.output(generation);
        karaf.run("config:delete org.patchreel.media");
        karaf.run("config:delete org.patchreel.provenance");
        karaf.run("config:delete org.patchreel.runtime");
        karaf.run("config:property-delete -p org.patchreel.store.file note");
        assertTrue(made.contains("\"model\":\"starter\""), made);
        String id = made.replaceAll("(?s).*\"id\":\"(\\w+)\".*", "$1");
        String shown = karaf.run("patchreel:show " + id + " --json");
        assertTrue(shown.contains("\"watermark"), shown); // it began before marking was switched off
    }

    @Test
    void namesAWrongValueAndKeepsTheValuesBeforeIt() throws Exception {
        karaf.run("config:property-set -p org.patchreel.media codec vp9");
        String report = karaf.run("patchreel:doctor");
        String made = karaf.run("patchreel:generate \"a ball\" --steps 1 --seconds 0.5 --json");
        karaf.run("config:delete org.patchreel.media");
        assertTrue(report.contains("configuration org.patchreel.media: codec = vp9, expected h264 or av1"), report);
        assertTrue(report.contains("the values before it stay in use"), report);
        assertTrue(made.contains("\"model\":\"starter\""), made);
        assertFalse(karaf.run("patchreel:doctor").contains("codec = vp9"));
    }

    @Test
    void listsAModelWhoseConfigurationIsWrongAndTakesNoOtherInItsPlace() throws Exception {
        Path file = karaf.home().resolve("etc/org.patchreel.model-wan.cfg");
        Files.writeString(file, "name = wan\ndirectory = /no/such/folder\ndevice = gpu\n");
        KarafProcess.waitFor(
                "the model", Duration.ofMinutes(1), () -> karaf.answers("patchreel:models", "wan (default)"));
        String refused = karaf.run("patchreel:generate \"a ball\"");
        String report = karaf.run("patchreel:doctor");
        Files.delete(file);
        KarafProcess.waitFor(
                "the starter", Duration.ofMinutes(1), () -> karaf.answers("patchreel:models", "starter (default)"));
        assertTrue(refused.contains("device = gpu, expected cpu or cuda"), refused);
        assertTrue(report.contains("etc/org.patchreel.model-wan.cfg"), report);
    }

    @Test
    void servesThePageAndMakesAClipOverHttp() throws Exception {
        int port;
        try (ServerSocket free = KarafProcess.freePort()) {
            port = free.getLocalPort();
        }
        Files.writeString(
                karaf.home().resolve("etc/org.ops4j.pax.web.cfg"),
                "org.osgi.service.http.port = " + port + "\norg.ops4j.pax.web.listening.addresses = 127.0.0.1\n");
        karaf.run("feature:install http-whiteboard");
        karaf.run("config:property-set -p org.patchreel.api token.file patchreel/api-tokens");
        String page = "http://127.0.0.1:" + port + "/patchreel/";
        HttpRequest.Builder start = HttpRequest.newBuilder(URI.create(page));
        KarafProcess.waitFor(
                "the page", Duration.ofMinutes(2), () -> text(start).contains("main.js"));
        for (String file : List.of("main.js", "page.css", "en.json")) {
            assertEquals(
                    200, send(HttpRequest.newBuilder(URI.create(page + file))).statusCode(), file);
        }

        String api = page + "api/v1";
        assertEquals(
                401, send(HttpRequest.newBuilder(URI.create(api + "/caller"))).statusCode());
        Path tokens = karaf.home().resolve("patchreel/api-tokens");
        String token = Files.readAllLines(tokens).stream()
                .filter(line -> line.startsWith("editor "))
                .map(line -> line.split(" ", -1)[2])
                .findFirst()
                .orElseThrow();
        String request = "{\"id\": \"overHttp\", \"prompt\": \"a ball\", \"steps\": 2, \"seconds\": 0.5}";
        HttpResponse<byte[]> job = send(as(token, api + "/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(request)));
        assertEquals(202, job.statusCode(), new String(job.body(), UTF_8));
        // The stream of events ends with the job.
        String events = text(as(token, api + "/jobs/overHttp/events"));
        assertTrue(events.contains("\"state\":\"completed\""), events);
        HttpResponse<byte[]> part =
                send(as(token, api + "/assets/overHttp/files/clip.mp4").header("Range", "bytes=4-7"));
        assertEquals(206, part.statusCode());
        assertEquals("ftyp", new String(part.body(), ISO_8859_1));
        assertTrue(karaf.run("patchreel:assets").contains("overHttp"));
    }

    private static HttpRequest.Builder as(String token, String address) {
        return HttpRequest.newBuilder(URI.create(address)).header("Authorization", "Bearer " + token);
    }

    private static String text(HttpRequest.Builder request) {
        try {
            return new String(send(request).body(), UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(request.timeout(Duration.ofMinutes(5)).build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private boolean hasDraft() {
        Path folder = karaf.home().resolve("patchreel/assets");
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(".draft-"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void showsProgressWhileItHappens() throws Exception {
        Process client = karaf.begin("patchreel:generate \"a ball\" --steps 200");
        BufferedReader lines = client.inputReader(UTF_8);
        String line = lines.readLine();
        while (line != null && !line.contains("denoising")) {
            line = lines.readLine();
        }
        assertNotNull(line, "there was no progress");
        // What is at work still has a draft; what has ended has none.
        try (Stream<Path> assets = Files.list(karaf.home().resolve("patchreel/assets"))) {
            assertTrue(assets.anyMatch(each -> each.getFileName().toString().startsWith(".draft-")));
        }
        assertTrue(lines.lines().anyMatch(each -> each.startsWith("asset ")));
    }

    @Test
    void keepsItsPathsInConfigurationFiles() throws Exception {
        for (String pid : List.of("store.file", "manifests", "watermark", "signing")) {
            String text = Files.readString(karaf.home().resolve("etc/org.patchreel." + pid + ".cfg"));
            assertTrue(text.contains("${karaf.base}/patchreel/"), text);
        }
        assertTrue(Files.isRegularFile(karaf.home().resolve("patchreel/secrets/development.p12")));
        assertTrue(Files.isRegularFile(karaf.home().resolve("patchreel/manifests.db")));
        assertFalse(karaf.log().contains("| ERROR | patchreel"), karaf.log());
    }
}
