package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.JobQuery;

/** Browsers that sign in with a token. */
class SessionTest {

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

    private record Browser(String cookie, String csrfToken) {}

    private static Browser signedIn(Client.Answer answer) {
        assertEquals(200, answer.status(), answer.text());
        String cookie = answer.header("Set-Cookie").orElseThrow();
        return new Browser(
                cookie.replaceFirst(";.*", ""), answer.json().get("csrfToken").textValue());
    }

    private Browser signIn(String servlet, Role role) throws Exception {
        return signedIn(Client.of(server, servlet, role).send("POST", "/session", null));
    }

    private Client withCookie(String servlet, Browser browser) {
        return new Client(server, servlet).with("Cookie", browser.cookie());
    }

    private Client page(String servlet, Browser browser) {
        return withCookie(servlet, browser)
                .with("X-CSRF-Token", browser.csrfToken())
                .with("Sec-Fetch-Site", "same-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void aBrowserSignsInWorksAndSignsOut(String servlet) throws Exception {
        Browser browser = signIn(servlet, Role.EDITOR);
        Client page = page(servlet, browser);
        assertEquals("editor", page.get("/caller").json().get("role").textValue());
        assertEquals(202, page.post("/jobs", JOB).status());
        assertEquals(
                browser.csrfToken(),
                withCookie(servlet, browser)
                        .get("/session")
                        .json()
                        .get("csrfToken")
                        .textValue(),
                "a page that is loaded again asks for it");
        Client.Answer out = page.delete("/session");
        assertEquals(204, out.status());
        assertTrue(out.header("Set-Cookie").orElseThrow().contains("patchreel-session=;"));
        page.get("/caller").problem(401);
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndOtherSites() throws Exception {
        String cookie = Client.of(server, Role.VIEWER)
                .send("POST", "/session", null)
                .header("Set-Cookie")
                .orElseThrow();
        assertTrue(
                cookie.matches("patchreel-session=[\\w-]{43}; HttpOnly; SameSite=Strict; Max-Age=43[12]\\d\\d"),
                cookie);
    }

    @Test
    void aStolenCookieChangesNothingWithoutItsToken() throws Exception {
        Browser browser = signIn("jakarta", Role.EDITOR);
        Client thief = withCookie("jakarta", browser);
        assertEquals("X-CSRF-Token", thief.post("/jobs", JOB).problem(403));
        assertEquals(
                "X-CSRF-Token",
                thief.post("/jobs", JOB, "Sec-Fetch-Site", "same-origin", "X-Requested-With", "x")
                        .problem(403));
        Browser other = signIn("jakarta", Role.EDITOR);
        assertEquals(
                "X-CSRF-Token",
                thief.post("/jobs", JOB, "X-CSRF-Token", other.csrfToken()).problem(403),
                "the token of another session");
        assertTrue(server.jobs.list(JobQuery.latest(10)).jobs().isEmpty());
        thief.delete("/session").problem(403);
        assertEquals(200, page("jakarta", browser).get("/caller").status());
    }

    @Test
    void aPostOfAnotherSiteIsRefusedEvenWithTheToken() throws Exception {
        Browser browser = signIn("jakarta", Role.EDITOR);
        for (String site : List.of("cross-site", "same-site", "none")) {
            withCookie("jakarta", browser)
                    .post("/jobs", JOB, "X-CSRF-Token", browser.csrfToken(), "Sec-Fetch-Site", site)
                    .problem(403);
        }
    }

    @Test
    void aSessionExpires() throws Exception {
        Browser browser = signIn("jakarta", Role.EDITOR);
        server.pass(Duration.ofHours(11));
        assertEquals(200, page("jakarta", browser).get("/caller").status());
        server.pass(Duration.ofMinutes(61));
        page("jakarta", browser).get("/caller").problem(401);
        page("jakarta", browser).post("/jobs", JOB).problem(401);
    }

    @Test
    void aSessionEndsWithItsToken() throws Exception {
        Browser browser = signIn("jakarta", Role.EDITOR);
        Path file = server.home.resolve("api-tokens");
        Files.write(
                file,
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("editor "))
                        .toList());
        page("jakarta", browser).get("/caller").problem(401);
    }

    @Test
    void theEldestOfTooManySessionsEnds() throws Exception {
        Sessions sessions = new Sessions(System::nanoTime);
        String first = sessions.open(Optional::empty).id();
        String second = sessions.open(Optional::empty).id();
        for (int i = 0; i < 255; i++) {
            sessions.open(Optional::empty);
        }
        assertTrue(sessions.find(first).isEmpty());
        assertTrue(sessions.find(second).isPresent());
    }

    @Test
    void anInvitationIsGoodForSigningInOnce() throws Exception {
        String token = server.service().invite();
        Client invited = new Client(server, "jakarta").with("Authorization", "Bearer " + token);
        invited.get("/jobs").problem(401);
        Browser browser = signedIn(invited.send("POST", "/session", null));
        invited.send("POST", "/session", null).problem(401);
        assertEquals(
                "operator",
                page("jakarta", browser).get("/caller").json().get("role").textValue());
        assertNotEquals(token, server.service().invite());
    }

    @Test
    void anInvitationExpires() throws Exception {
        String token = server.service().invite();
        server.pass(Duration.ofMinutes(11));
        new Client(server, "jakarta")
                .with("Authorization", "Bearer " + token)
                .send("POST", "/session", null)
                .problem(401);
    }

    @Test
    void aTokenThatIsWrongOrMissingSignsNobodyIn() throws Exception {
        new Client(server, "jakarta").send("POST", "/session", null).problem(401);
        new Client(server, "jakarta")
                .with("Authorization", "Bearer " + "a".repeat(43))
                .send("POST", "/session", null)
                .problem(401);
        Browser browser = signIn("jakarta", Role.EDITOR);
        page("jakarta", browser).send("POST", "/session", null).problem(401);
        Client.of(server, Role.EDITOR).get("/session").problem(404);
    }

    @Test
    void whereTheHostAuthenticatesThereAreNoSessions() throws Exception {
        Client anna = new Client(server, "host").with("Test-User", "anna").with("X-Requested-With", "x");
        anna.send("POST", "/session", null).problem(404);
        anna.get("/session").problem(404);
        anna.delete("/session").problem(404);
        Browser browser = signIn("jakarta", Role.OPERATOR);
        assertFalse(browser.cookie().isEmpty());
        withCookie("host", browser).get("/caller").problem(403);
    }
}
