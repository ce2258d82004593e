package org.patchreel.sling.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Patchreel's feature in Sling, over HTTP alone. One process serves all tests. The uninstallation comes last: a launcher
 * that finds a bundle of its feature installed by somebody else does not start again.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class SlingProcessTest {

    private static final String GENERATE = "/content/patchreel/generate";
    private static final String API = "/patchreel/api/v1";
    private static final String TYPE = "Content-Type";
    private static final String CLIPS = "/content/dam/patchreel";

    /** Long enough to be interrupted. */
    private static final Map<String, String> LONG =
            Map.of("prompt", "a blue cube spins on snow", "steps", "60", "size", "256x256");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static SlingProcess sling;

    @SuppressWarnings("NullAway.Init") // start
    SlingProcessTest() {}

    @BeforeAll
    static void start() throws Exception {
        Path home = directory.resolve("sling");
        // The file installer's folder: configuration as an operator would drop it. Sling's own servlet takes every path
        // of the server, so that the service has to be in Sling's context.
        Files.createDirectories(home.resolve("install"));
        Files.writeString(home.resolve("install/org.patchreel.resolution.cfg.json"), """
                {".tokens": ["a-token-of-16-chars"],
                 "osgi.http.whiteboard.context.select": "(osgi.http.whiteboard.context.name=org.apache.sling)"}
                """);
        Files.writeString(home.resolve("install/org.patchreel.api.cfg.json"), """
                {"osgi.http.whiteboard.context.select": "(osgi.http.whiteboard.context.name=org.apache.sling)",
                 "viewers": ["*"],
                 "editors": ["author"],
                 "operators": ["admin"]}
                """);
        sling = new SlingProcess(home, SlingProcess.PATCHREEL);
        awaitReady();
        sling.post("admin", "/apps/console", Map.of("jcr:primaryType", "sling:Folder"));
        sling.put(
                "/apps/console/GET.jsp",
                SlingProcessTest.class.getResourceAsStream("/gogo.jsp").readAllBytes(),
                "text/plain");
        sling.post("admin", "/content/console", Map.of("sling:resourceType", "console"));
    }

    @AfterAll
    static void stop() throws Exception {
        sling.stop();
    }

    private static void awaitReady() throws Exception {
        sling.await("the servlet answers", () -> {
            HttpResponse<byte[]> answer = sling.get(GENERATE + ".json/none");
            return answer.statusCode() == 404 && SlingProcess.text(answer).contains("no such job");
        });
        sling.await("a model is there", () -> health("Patchreel models").equals("OK"));
    }

    @Test
    @Order(1)
    void makesASignedClipWithMetadataAndRenditionsAndTellsProgress() throws Exception {
        TreeSet<Integer> percent = new TreeSet<>();
        String job = queue(Map.of("prompt", "a red ball rolls past a tree", "title", "Größe 赤い", "steps", "12"));
        JsonNode ended = await(job, state -> {
            percent.add(state.get("percent").asInt());
            return state.get("state").asText().equals("succeeded");
        });
        String path = ended.get("path").asText();
        assertEquals(CLIPS + "/Größe-赤い.mp4", path);
        assertTrue(percent.size() > 3, "progress: " + percent);
        assertTrue(ended.get("stages").toString().contains("sampling"), ended.toString());

        HttpResponse<byte[]> clip = sling.get(path);
        assertEquals("video/mp4", clip.headers().firstValue("Content-Type").orElse(""));
        HttpResponse<byte[]> part = sling.get(path, "Range", "bytes=1000-1999");
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(clip.body(), 1000, 2000), part.body());
        Path file = directory.resolve("clip.mp4");
        Files.write(file, clip.body());
        JsonNode report = JSON.readTree(console("patchreel:verify " + file + " --json"));
        assertEquals("signed", report.get("verdict").asText(), report.toString());

        JsonNode metadata = json(path + "/_jcr_content/metadata.json");
        assertEquals("Größe 赤い", metadata.get("dc:title").asText());
        assertEquals("video/mp4", metadata.get("dc:format").asText());
        assertEquals(
                "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                metadata.get("Iptc4xmpExt:DigitalSourceType").asText());
        assertEquals(
                "a red ball rolls past a tree", metadata.get("patchreel:prompt").asText());
        assertTrue(report.toString().contains(metadata.get("patchreel:manifest").asText()), report.toString());
        for (String rendition : List.of("poster.jpg", "contact-sheet.jpg")) {
            HttpResponse<byte[]> picture = sling.get(path + "/_jcr_content/renditions/" + rendition);
            assertEquals(
                    "image/jpeg", picture.headers().firstValue("Content-Type").orElse(""), rendition);
            assertEquals((byte) 0xff, picture.body()[0]);
        }
        assertTrue(console("patchreel:assets")
                .contains(metadata.get("patchreel:id").asText()));
        try (Stream<Path> drafts = Files.walk(sling.home().resolve("framework"))) {
            assertEquals(0, drafts.filter(each -> each.endsWith("clip.mp4")).count(), "a draft was left");
        }
    }

    @Test
    @Order(2)
    void showsTheHealthOfEverythingThatMatters() throws Exception {
        for (String check : List.of("Patchreel models", "Patchreel storage", "Patchreel provenance")) {
            assertEquals("OK", health(check), check);
        }
        String all = SlingProcess.text(sling.get("/system/health.json?tags=patchreel"));
        for (String subject : List.of("model starter", "assets", "watermark", "signer", "valid until", "free")) {
            assertTrue(all.contains(subject), subject + " in " + all);
        }
    }

    @Test
    @Order(3)
    void servesTheResolutionApi() throws Exception {
        String path = "/patchreel/c2pa/v1/services/supportedAlgorithms";
        sling.await("the configured servlet is there", () -> sling.get(path).statusCode() != 404);
        assertEquals(401, sling.send("", "GET", path, BodyPublishers.noBody()).statusCode());
        HttpResponse<byte[]> answer =
                sling.send("", "GET", path, BodyPublishers.noBody(), "Authorization", "Bearer a-token-of-16-chars");
        assertEquals(200, answer.statusCode(), SlingProcess.text(answer));
        assertTrue(SlingProcess.text(answer).contains("org.patchreel.watermark"), SlingProcess.text(answer));
    }

    @Test
    @Order(3)
    void servesThePageAndTheApiToTheUsersOfTheRepository() throws Exception {
        sling.await(
                "the page is there",
                () -> SlingProcess.text(sling.get("/patchreel/")).contains("main.js"));
        assertEquals("operator", json(API + "/caller").get("role").asText());
        HttpResponse<byte[]> anonymous = sling.send("", "GET", API + "/jobs", BodyPublishers.noBody());
        assertEquals(403, anonymous.statusCode(), SlingProcess.text(anonymous));
        String request = "{\"id\": \"overHttp\", \"prompt\": \"a red ball\", \"steps\": 4, \"size\": \"96x96\"}";
        assertEquals(
                403,
                sling.send("admin", "POST", API + "/jobs", BodyPublishers.ofString(request), TYPE, "application/json")
                        .statusCode(),
                "a page of another site could have sent it");
        HttpResponse<byte[]> job = sling.send(
                "admin",
                "POST",
                API + "/jobs",
                BodyPublishers.ofString(request),
                TYPE,
                "application/json",
                "X-Requested-With",
                "test");
        assertEquals(202, job.statusCode(), SlingProcess.text(job));
        assertEquals("admin", JSON.readTree(job.body()).at("/requester/user").asText());
        sling.await(
                "the clip",
                () -> json(API + "/jobs/overHttp").get("state").asText().equals("completed"));
        assertEquals("overHttp", json(API + "/assets").at("/assets/0/id").asText());
        HttpResponse<byte[]> part = sling.get(API + "/assets/overHttp/files/clip.mp4", "Range", "bytes=0-99");
        assertEquals(206, part.statusCode());
        assertEquals(100, part.body().length);
        HttpResponse<byte[]> deletion = sling.send(
                "admin", "DELETE", API + "/assets/overHttp", BodyPublishers.noBody(), "X-Requested-With", "test");
        assertEquals(409, deletion.statusCode(), SlingProcess.text(deletion));
    }

    @Test
    @Order(3)
    void theWebConsoleShowsThePageAndSlingsMetricsHaveOurs() throws Exception {
        String console = SlingProcess.text(sling.get("/system/console/patchreel"));
        assertTrue(console.contains("<iframe src=\"../../patchreel/\""), console);
        assertTrue(console.contains("/system/console/bundles"), "without the console's own navigation: " + console);
        String metrics = SlingProcess.text(sling.get("/system/console/slingmetrics"));
        for (String gauge : List.of("patchreel.queue_length", "patchreel.jobs.completed", "patchreel.paused")) {
            assertTrue(metrics.contains(gauge), gauge + " in " + metrics);
        }
    }

    @Test
    @Order(4)
    void anEditorWhoHasSignedInWithSlingsFormUsesThePage() throws Exception {
        HttpResponse<byte[]> created = sling.post(
                "admin",
                "/system/userManager/user.create.json",
                Map.of(":name", "author", "pwd", "secret", "pwdConfirm", "secret"));
        assertEquals(200, created.statusCode());
        HttpResponse<byte[]> signedIn = sling.send(
                "",
                "POST",
                "/j_security_check",
                BodyPublishers.ofString("j_username=author&j_password=secret&resource=/patchreel/"),
                TYPE,
                "application/x-www-form-urlencoded");
        String cookie = signedIn.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith("sling.formauth="))
                .map(each -> each.split(";", 2)[0])
                .findFirst()
                .orElseThrow(() -> new AssertionError(signedIn.headers().toString()));
        assertTrue(
                SlingProcess.text(withCookie(cookie, "GET", "/patchreel/", "")).contains("main.js"));
        JsonNode caller =
                JSON.readTree(withCookie(cookie, "GET", API + "/caller", "").body());
        assertEquals("author", caller.get("user").asText());
        assertEquals("editor", caller.get("role").asText());
        String request = "{\"id\": \"byForm\", \"prompt\": \"a red ball\", \"steps\": 4, \"size\": \"96x96\"}";
        assertEquals(
                403,
                withCookie(cookie, "POST", API + "/jobs", request, "Sec-Fetch-Site", "cross-site")
                        .statusCode());
        HttpResponse<byte[]> job = withCookie(cookie, "POST", API + "/jobs", request, "Sec-Fetch-Site", "same-origin");
        assertEquals(202, job.statusCode(), SlingProcess.text(job));
        assertEquals("author", JSON.readTree(job.body()).at("/requester/user").asText());
        sling.await(
                "the clip",
                () -> JSON.readTree(withCookie(cookie, "GET", API + "/jobs/byForm", "")
                                .body())
                        .get("state")
                        .asText()
                        .equals("completed"));
        HttpResponse<byte[]> clip = withCookie(cookie, "GET", API + "/assets/byForm/files/clip.mp4", "");
        assertEquals("video/mp4", clip.headers().firstValue(TYPE).orElse(""));
        assertEquals(
                403, withCookie("sling.formauth=x", "GET", API + "/caller", "").statusCode());
    }

    /** Sends a request as a browser does that has a cookie; Sling looks at the origin of what browsers send. */
    private static HttpResponse<byte[]> withCookie(
            String cookie, String method, String path, String body, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of("Cookie", cookie, "User-Agent", "Mozilla/5.0"));
        if (!body.isEmpty()) {
            all.addAll(List.of(TYPE, "application/json", "Origin", sling.origin()));
        }
        all.addAll(List.of(headers));
        return sling.send("", method, path, BodyPublishers.ofString(body), all.toArray(String[]::new));
    }

    @Test
    @Order(4)
    void answersAMalformedArgumentWithTheReason() throws Exception {
        Map<Map<String, String>, String> wrong = Map.of(
                Map.of("prompt", "a ball", "size", "large"), "size must be WIDTHxHEIGHT",
                Map.of("prompt", "a ball", "sise", "64x64"), "unknown argument sise",
                Map.of("prompt", "about {title}"), "the payload has no property title",
                Map.of("title", "Ball"), "the payload is not a text asset");
        for (Map.Entry<Map<String, String>, String> each : wrong.entrySet()) {
            HttpResponse<byte[]> answer = sling.post("admin", GENERATE, each.getKey());
            assertEquals(400, answer.statusCode());
            assertTrue(SlingProcess.text(answer).contains(each.getValue()), SlingProcess.text(answer));
        }
        // What only the generator knows, the job says.
        JsonNode ended = await(
                queue(Map.of("prompt", "a ball", "model", "nothing")),
                state -> state.get("state").asText().equals("error"));
        assertTrue(ended.get("message").asText().contains("nothing"), ended.toString());
    }

    @Test
    @Order(5)
    void letsNobodyDoThroughItWhatTheyMayNotDoThemselves() throws Exception {
        HttpResponse<byte[]> created = sling.post(
                "admin",
                "/system/userManager/user.create.json",
                Map.of(":name", "editor", "pwd", "editor", "pwdConfirm", "editor"));
        assertEquals(200, created.statusCode());
        HttpResponse<byte[]> refusal = sling.post("editor", GENERATE, Map.of("prompt", "a ball"));
        assertEquals(403, refusal.statusCode());
        assertTrue(
                SlingProcess.text(refusal).contains(CLIPS + ": permission denied: editor"), SlingProcess.text(refusal));
        String job = queue(LONG);
        assertEquals(
                404, sling.send("editor", "GET", job, BodyPublishers.noBody()).statusCode());
        assertEquals(
                404,
                sling.send("editor", "DELETE", job, BodyPublishers.noBody()).statusCode());
        assertEquals(
                403,
                sling.post("admin", GENERATE, LONG, "Origin", "https://evil.example")
                        .statusCode());
        assertEquals(
                204, sling.send("admin", "DELETE", job, BodyPublishers.noBody()).statusCode());
    }

    @Test
    @Order(6)
    void saysThatTheServiceUserMayNotWriteToTheFolder() throws Exception {
        sling.post("admin", "/content/dam/locked", Map.of("jcr:primaryType", "sling:Folder"));
        JsonNode ended = await(
                queue(Map.of("prompt", "a ball", "folder", "/content/dam/locked")),
                state -> state.get("state").asText().equals("error"));
        assertTrue(ended.get("message").asText().contains("/content/dam/locked: permission denied"), ended.toString());
        assertTrue(sling.log().contains("/content/dam/locked: permission denied"), "not in the log");
    }

    @Test
    @Order(7)
    void cancelsAJobMidwayAndLeavesNothing() throws Exception {
        int before = clips();
        String job = queue(LONG);
        awaitSampling(job);
        assertEquals(
                204, sling.send("admin", "DELETE", job, BodyPublishers.noBody()).statusCode());
        await(job, state -> state.get("state").asText().equals("stopped"));
        assertEquals(before, clips());
    }

    @Test
    @Order(8)
    void executesAJobAgainWhoseGeneratorWasTakenAway() throws Exception {
        int before = clips();
        String job = queue(LONG);
        awaitSampling(job);
        bundle("org.patchreel.plugin-impl", "stop");
        sling.await("the log says so", () -> sling.log().contains(": interrupted: "));
        bundle("org.patchreel.plugin-impl", "start");
        JsonNode ended = await(job, state -> state.get("state").asText().equals("succeeded"));
        assertEquals(1, ended.get("attempts").asInt(), ended.toString());
        assertEquals(before + 1, clips());
    }

    @Test
    @Order(10)
    void executesAJobAgainDuringWhichPatchreelWasUninstalled() throws Exception {
        int before = clips();
        String job = queue(LONG);
        awaitSampling(job);
        bundle("org.patchreel.sling", "uninstall");
        sling.await(
                "nobody answers for us",
                () -> !SlingProcess.text(sling.get(job)).contains("asset"));
        Path jar = SlingProcess.artifact("sling", ".jar");
        sling.post("admin", "/apps/patchreel/install", Map.of("jcr:primaryType", "sling:Folder"));
        sling.put("/apps/patchreel/install/sling.jar", Files.readAllBytes(jar), "application/java-archive");
        await(job, state -> state.get("state").asText().equals("succeeded"));
        assertEquals(before + 1, clips());
    }

    @Test
    @Order(9)
    void executesAJobAgainAfterACrashAndMakesOneClip() throws Exception {
        int before = clips();
        Map<String, String> longer = new HashMap<>(LONG);
        longer.put("steps", "600");
        String job = queue(longer);
        awaitSampling(job);
        awaitFlush();
        await(job, state -> state.get("state").asText().equals("active"));
        sling.crash();
        awaitReady();
        assertEquals(before, clips());
        JsonNode ended = await(job, state -> state.get("state").asText().equals("succeeded"));
        assertEquals(before + 1, clips());
        Path file = directory.resolve("again.mp4");
        Files.write(file, sling.get(ended.get("path").asText()).body());
        assertEquals(
                "signed",
                JSON.readTree(console("patchreel:verify " + file + " --json"))
                        .get("verdict")
                        .asText());
    }

    /** {@return the job's address} */
    private static String queue(Map<String, String> parameters) throws IOException {
        HttpResponse<byte[]> answer = sling.post("admin", GENERATE, parameters);
        assertEquals(202, answer.statusCode(), SlingProcess.text(answer));
        return URI.create(answer.headers().firstValue("Location").orElseThrow()).getPath();
    }

    private static JsonNode await(String job, Predicate<JsonNode> condition) throws Exception {
        List<JsonNode> states = new ArrayList<>();
        sling.await(job, () -> {
            HttpResponse<byte[]> answer = sling.get(job);
            if (answer.statusCode() != 200) {
                // An answer of Sling's own while bundles come and go; one of ours would say this for ever.
                assertFalse(SlingProcess.text(answer).contains("no such job"), () -> job + " is not known");
                return false;
            }
            JsonNode state = JSON.readTree(answer.body());
            states.add(state);
            if (condition.test(state)) {
                return true;
            }
            String name = state.get("state").asText();
            if (!List.of("queued", "active").contains(name)) {
                throw new AssertionError("the job has ended otherwise: " + state);
            }
            return false;
        });
        return states.get(states.size() - 1);
    }

    /** Oak's segment store writes every five seconds what was saved: what is younger, a crash takes back. */
    private static void awaitFlush() throws InterruptedException {
        Thread.sleep(7000);
    }

    private static void awaitSampling(String job) throws Exception {
        await(job, state -> state.get("percent").asInt() > 8);
    }

    private static int clips() throws IOException {
        int clips = 0;
        for (var names = json(CLIPS + ".1.json").fieldNames(); names.hasNext(); ) {
            clips += names.next().endsWith(".mp4") ? 1 : 0;
        }
        return clips;
    }

    private static JsonNode json(String path) throws IOException {
        return JSON.readTree(sling.get(path).body());
    }

    private static String health(String check) throws IOException {
        for (JsonNode result : json("/system/health.json?tags=patchreel").get("results")) {
            if (result.get("name").asText().equals(check)) {
                return result.get("status").asText();
            }
        }
        return "missing";
    }

    private static void bundle(String name, String action) throws IOException {
        HttpResponse<byte[]> answer =
                sling.post("admin", "/system/console/bundles/" + name, new HashMap<>(Map.of("action", action)));
        assertEquals(200, answer.statusCode(), SlingProcess.text(answer));
    }

    /** Runs a command in Gogo, through a script of this test's own. */
    private static String console(String command) throws IOException {
        String query = URLEncoder.encode(command, UTF_8);
        return SlingProcess.text(sling.get("/content/console.html?command=" + query));
    }
}
