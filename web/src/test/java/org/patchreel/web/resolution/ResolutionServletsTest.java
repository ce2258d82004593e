package org.patchreel.web.resolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.web.content.ScriptedVerifier;
import org.patchreel.web.http.BothServlets;
import org.patchreel.web.http.BothServlets.Answer;
import org.patchreel.web.http.BothServlets.Received;
import org.patchreel.web.resolution.ResolutionServiceTest.Configured;

/** The servlets of both generations, in a context of a host that lets anonymous requests in, as Sling's does. */
class ResolutionServletsTest {

    private BothServlets servlets;

    @SuppressWarnings("NullAway.Init") // start
    ResolutionServletsTest() {}

    @BeforeEach
    void start(@TempDir Path folder) {
        Configured config = new Configured("", "(osgi.http.whiteboard.context.name=org.apache.sling)");
        ResolutionService service = new ResolutionService(
                folder,
                new KnownManifests(),
                new ScriptedVerifier(file -> {
                    throw new IOException("nothing is sent");
                }),
                System::nanoTime,
                config,
                config.properties());
        servlets = new BothServlets(
                new JavaxResolutionServlet(service, null), new JakartaResolutionServlet(service, null));
    }

    @Test
    void anonymousRequestsAreRefusedAndUsersAnswered() throws Exception {
        for (String user : new String[] {"anonymous", "", null}) {
            for (Answer answer : answers(user, null)) {
                assertEquals(403, answer.status());
                assertTrue(answer.text().contains("not an anonymous request"));
            }
        }
        for (Answer answer : answers("editor", "BASIC")) {
            assertEquals(200, answer.status());
            assertTrue(answer.text().contains("org.patchreel.test.1"));
        }
    }

    @Test
    void theTypeOfAnAnswerIsNotToBeGuessed() throws Exception {
        for (Answer answer : answers("editor", "BASIC")) {
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        }
        for (Answer answer : answers(null, null)) {
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        }
    }

    private List<Answer> answers(@Nullable String user, @Nullable String authentication) throws Exception {
        return servlets.answers(new Received("/services/supportedAlgorithms", Map.of(), user, authentication));
    }
}
