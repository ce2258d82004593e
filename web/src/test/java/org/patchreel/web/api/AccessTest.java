package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.spi.ComponentStatus;

/** Who may ask, and how often. */
class AccessTest {

    private static final String JOB = "{\"prompt\":\"a red ball\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(folder);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Path tokens() {
        return server.home.resolve("api-tokens");
    }

    @Test
    void tokensAreMadeOnceForTheirOwnerAlone() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens())));
        String before = Files.readString(tokens());
        assertEquals(43, server.token(Role.VIEWER).length());
        TokenFile.open(tokens());
        assertEquals(before, Files.readString(tokens()));
        try (var files = Files.list(server.home)) {
            assertEquals(1, files.count(), "no draft is left");
        }
    }

    private String refusal() {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> TokenFile.open(tokens()))
                .getMessage());
    }

    @Test
    void aFileOfTokensThatOthersCanReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(tokens(), PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(refusal().contains("chmod 600"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), tokens());
        assertThrows(IllegalArgumentException.class, () -> TokenFile.open(link));
    }

    @Test
    void aFileOfTokensThatIsNoTextIsNamed() throws Exception {
        Files.write(tokens(), new byte[] {(byte) 0xC3, (byte) 0x28});
        assertTrue(refusal().contains("api-tokens is not text"));
    }

    @Test
    void aLineThatIsNoneIsNamedWithoutItsToken() throws Exception {
        String token = "0123456789abcdef".repeat(3);
        for (String line :
                List.of("owner anna " + token, "viewer anna", "viewer anna short", "viewer anna x " + token)) {
            Files.writeString(tokens(), "# comment\n\n" + line + "\n");
            String message = refusal();
            assertTrue(message.contains("api-tokens:3: "), message);
            assertTrue(!message.contains(token), message);
        }
    }

    @Test
    void aTokenThatIsRemovedIsAcceptedNoMore() throws Exception {
        Client viewer = Client.of(server, Role.VIEWER);
        assertEquals(200, viewer.get("/jobs").status());
        String token = "0123456789abcdef".repeat(3);
        Files.writeString(tokens(), "editor anna " + token + "\n");
        viewer.get("/jobs").problem(401);
        Client anna = new Client(server, "jakarta").with("Authorization", "bearer " + token);
        assertEquals(
                "anna", anna.post("/jobs", JOB).json().at("/requester/user").textValue());
        Files.delete(tokens());
        anna.get("/jobs").problem(401);
    }

    @Test
    void withoutATokenNobodyIsAnswered() {
        Client stranger = new Client(server, "jakarta");
        for (String path : List.of("/jobs", "/openapi.json", "/health", "/nothing")) {
            stranger.get(path).problem(401);
        }
        stranger.with("Authorization", "Bearer guess").get("/jobs").problem(401);
    }

    @Test
    void strangersHaveASmallAllowance() {
        Client stranger = new Client(server, "jakarta").with("Authorization", "Bearer guess");
        for (int i = 0; i < 10; i++) {
            stranger.get("/jobs").problem(401);
        }
        Client.Answer refused = stranger.get("/jobs");
        refused.problem(429);
        assertTrue(refused.header("Retry-After").isPresent());
    }

    @Test
    void callersHaveAnAllowanceAndUploadsCountMore() throws Exception {
        ApiServer.Configured config = ApiServer.Configured.DEFAULT.limitedTo(20);
        try (ApiServer limited = new ApiServer(folder.resolve("limited"), config)) {
            Client editor = Client.of(limited, Role.EDITOR);
            String path = "/sources/" + FakeInstallation.sha256(new byte[] {1});
            assertEquals(201, editor.send("PUT", path, new byte[] {1}).status());
            assertEquals(204, editor.send("PUT", path, new byte[] {1}).status());
            editor.send("PUT", path, new byte[] {1}).problem(429);
            assertEquals(200, Client.of(limited, Role.VIEWER).get("/jobs").status());
        }
    }

    @Test
    void viewersChangeNothing() throws Exception {
        Client viewer = Client.of(server, Role.VIEWER);
        viewer.post("/jobs", JOB).problem(403);
        server.jobs.add("a", "viewer");
        viewer.delete("/jobs/a").problem(403);
        viewer.send("POST", "/jobs/a/retry", null).problem(403);
        viewer.put("/queue", "{\"paused\":true}").problem(403);
        assertEquals(1, server.jobs.size());
    }

    private Client user(String name) {
        return new Client(server, "host").with("Test-User", name);
    }

    @Test
    void usersOfTheHostHaveTheRolesThatAreConfigured() {
        assertEquals("viewer", user("bert").get("/caller").json().get("role").textValue());
        assertEquals("editor", user("anna").get("/caller").json().get("role").textValue());
        assertEquals("operator", user("olga").get("/caller").json().get("role").textValue());
        Client bert = user("bert").with("Test-Groups", "editors");
        assertEquals(
                "{\"user\":\"bert\",\"role\":\"editor\",\"groups\":[\"editors\"]}",
                bert.get("/caller").text());
        new Client(server, "host").get("/jobs").problem(403);
        user("anonymous").with("X-Requested-With", "x").get("/jobs").problem(403);
    }

    @Test
    void whoAsksAndTheirGroupsGoIntoTheJob() {
        Client bert = user("bert").with("Test-Groups", "editors").with("X-Requested-With", "tests");
        Client.Answer taken = bert.post("/jobs", JOB);
        assertEquals(202, taken.status(), taken.text());
        assertEquals("bert", taken.json().at("/requester/user").textValue());
        assertEquals("editors", taken.json().at("/requester/groups/0").textValue());
    }

    @Test
    void aPageOfAnotherSiteChangesNothing() {
        for (String[] headers : new String[][] {
            {},
            {"Origin", "https://evil.example"},
            {"Origin", "null"},
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"},
            {"Sec-Fetch-Site", "none"},
            {"Sec-Fetch-Site", "cross-site", "X-Requested-With", "x"},
            {"Sec-Fetch-Site", "cross-site", "Origin", "http://127.0.0.1:" + server.port()}
        }) {
            assertEquals(
                    "X-Requested-With", user("anna").post("/jobs", JOB, headers).problem(403));
        }
        assertEquals(0, server.jobs.size());
        assertEquals(
                200, user("anna").get("/jobs", "Sec-Fetch-Site", "cross-site").status());
    }

    @Test
    void aPageOfThisSiteAndAProgramMay() {
        for (String[] headers : new String[][] {
            {"Sec-Fetch-Site", "same-origin"},
            {"X-Requested-With", "XMLHttpRequest"},
            {"Origin", "http://127.0.0.1:" + server.port()}
        }) {
            assertEquals(202, user("anna").post("/jobs", JOB, headers).status(), String.join(" ", headers));
        }
    }

    @Test
    void aConfigurationThatLetsNobodyInIsRefused() throws Exception {
        ApiServer.Configured config = ApiServer.Configured.DEFAULT;
        ApiServer.Configured hosted = config.hostedBy("(osgi.http.whiteboard.context.name=test)");
        assertTrue(problem(hosted).contains("viewers"));
        assertTrue(problem(config.hostedBy("(broken")).contains("expected a filter such as"));
        assertTrue(problem(config.with("", "*", "")).contains("authenticates"));
        assertTrue(problem(config.limitedTo(0)).contains("requests.per.minute = 0"));
    }

    private String problem(ApiServer.Configured config) throws Exception {
        try (ApiServer other = new ApiServer(folder.resolve("other"), config)) {
            assertEquals(
                    503,
                    new Client(other, "jakarta").get("/jobs").status(),
                    "what cannot be configured answers nobody");
            Optional<ComponentStatus.Problem> problem = other.service().problem();
            return problem.orElseThrow().description();
        }
    }
}
