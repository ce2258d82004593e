package org.patchreel.sling;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.jcr.Node;
import javax.jcr.Session;
import org.apache.sling.event.jobs.Job;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.contract.ScriptedGenerator;

class GenerateServletTest {

    private static final String SECRET = "/content/secret";

    @TempDir
    Path directory;

    private final FakeJobManager jobs = new FakeJobManager();
    private OakRepository repository;
    private SlingAssetStore store;
    private GenerateServlet servlet;
    private Session admin;
    private Session editor;

    @SuppressWarnings("NullAway.Init") // start
    GenerateServletTest() {}

    @BeforeEach
    void start() throws Exception {
        repository = OakRepository.open(directory.resolve("repository"));
        store = new SlingAssetStore(repository, directory.resolve("drafts"), "process", OakRepository.ROOT);
        servlet = new GenerateServlet(jobs.manager(), store, 3);
        admin = repository.admin();
        OakRepository.addUser(admin, "editor");
        Node secret = OakRepository.folder(admin, SECRET);
        secret.setProperty("jcr:title", "The {plan}");
        admin.save();
        // The service user may read what the editor may not.
        OakRepository.permit(secret, OakRepository.SERVICE_USER, "jcr:read");
        OakRepository.permit(admin.getNode(OakRepository.ROOT), "editor", "jcr:read", "rep:write");
        editor = repository.user("editor");
    }

    @AfterEach
    void stop() {
        editor.logout();
        admin.logout();
        repository.close();
    }

    @Test
    void readsThePayloadWithTheCallersRights() throws Exception {
        Map<String, String> parameters = Map.of("prompt", "about {title}", "payload.path", SECRET);
        IOException refusal = assertThrows(IOException.class, () -> servlet.queue(parameters, editor));
        assertTrue(refusal.toString().contains("editor may not read it"), refusal.toString());
        OakRepository.permit(admin.getNode(SECRET), "editor", "jcr:read");
        editor.refresh(false);
        Job job = servlet.queue(parameters, editor);
        assertEquals(
                "about The {plan}", JobArguments.payloadProperty(job, "prompt").orElseThrow());
        assertEquals(Optional.empty(), JobArguments.payloadPath(job), "the service user would read it again");
    }

    @Test
    void doesNotFillPlaceholdersInWhatWasFilledIn() throws Exception {
        Job job = servlet.queue(
                Map.of(
                        "prompt", "about {title}",
                        "negative.prompt", "no {title}",
                        "title", "{title}",
                        "payload.path", SECRET),
                admin);
        ScriptedGenerator generator = new ScriptedGenerator(directory.resolve("generator"));
        GenerateJobExecutor executor = new GenerateJobExecutor(repository, store, generator);
        assertTrue(executor.process(job, new FakeContext()).succeeded());
        assertEquals("about The {plan}", generator.requests().get(0).prompt());
        assertEquals("no The {plan}", generator.requests().get(0).negativePrompt());
        assertEquals(
                Optional.of("The {plan}"),
                generator.requests().get(0).destination().title());
    }

    @Test
    void refusesAFolderThatTheCallerMayNotWriteTo() throws Exception {
        // The service user may.
        OakRepository.permit(
                OakRepository.folder(admin, "/content/dam/others"),
                OakRepository.SERVICE_USER,
                "jcr:read",
                "rep:write");
        OakRepository.permit(admin.getNode("/content/dam/others"), "editor", "jcr:read");
        editor.refresh(false);
        FileSystemException refusal = assertThrows(
                FileSystemException.class,
                () -> servlet.queue(Map.of("prompt", "a ball", "folder", "/content/dam/others"), editor));
        assertTrue(refusal.toString().contains("editor may not add assets"), refusal.toString());
        assertEquals(0, jobs.all().size());
    }

    @Test
    void showsAJobOnlyToThoseWhoCouldHaveAskedForIt() throws Exception {
        OakRepository.folder(admin, "/content/dam/others");
        Job own = servlet.queue(Map.of("prompt", "a ball"), editor);
        Job other = servlet.queue(Map.of("prompt", "a ball", "folder", "/content/dam/others"), admin);
        assertTrue(servlet.find(own.getId(), editor).isPresent());
        assertTrue(servlet.find(other.getId(), admin).isPresent());
        assertFalse(servlet.find(other.getId(), editor).isPresent());
    }

    @Test
    void leavesTheJobsOfOthersAlone() throws Exception {
        String foreign = FakeJobManager.ID + 77;
        jobs.add(new FakeJob(foreign, "com/example/other", Map.of(), 0, Job.JobState.ACTIVE));
        assertFalse(servlet.find(foreign, admin).isPresent());
        assertFalse(servlet.find(FakeJobManager.ID + 78, admin).isPresent());
        assertEquals(List.of(foreign, FakeJobManager.ID + 78), jobs.asked());
    }

    @Test
    void passesNothingToSlingsQueryButTheIdOfAJob() throws Exception {
        String id = servlet.queue(Map.of("prompt", "a ball"), admin).getId();
        for (String hostile : List.of(
                "x' or @event.job.topic='org/patchreel/generate",
                "x'] | /jcr:root//element(*,nt:base)[jcr:like(@p,'%a%b%') or @p='",
                "'",
                "",
                id + "'",
                "'" + id,
                id + "\n",
                id.replace("2026", "2026'"),
                id.replace('_', '\''),
                id + "0".repeat(100))) {
            assertFalse(servlet.find(hostile, admin).isPresent(), hostile);
        }
        assertEquals(List.of(), jobs.asked());
        assertTrue(servlet.find(id, admin).isPresent());
    }

    @Test
    void refusesMoreJobsOfAUserThanTheQuotaAndThoseOfOthersNot() throws Exception {
        for (int i = 0; i < 3; i++) {
            servlet.queue(Map.of("prompt", "a ball"), editor);
        }
        GenerateServlet.QuotaException refusal = assertThrows(
                GenerateServlet.QuotaException.class, () -> servlet.queue(Map.of("prompt", "a ball"), editor));
        assertEquals("editor has 3 jobs that have not ended; the maximum is 3", refusal.getMessage());
        assertEquals(3, jobs.all().size());
        servlet.queue(Map.of("prompt", "a ball"), admin);
    }

    @Test
    void hasSlingRemoveItsEndedJobsAndNoOthers() {
        new EndedJobs(jobs.manager(), Duration.ofDays(7)).run();
        Job task = jobs.all().values().iterator().next();
        assertEquals(EndedJobs.TASK, task.getTopic());
        assertEquals(Map.of("age", 7 * 24 * 60, "topic", "org.patchreel.generate"), ((FakeJob) task).properties());
    }

    @Test
    void removesAJobThatWaitsAndStopsOneThatRuns() throws Exception {
        servlet.cancel(servlet.queue(Map.of("prompt", "a ball"), admin));
        assertEquals(1, jobs.removed().size());
        servlet.cancel(new FakeJob("running", JobArguments.TOPIC, Map.of(), 0, Job.JobState.ACTIVE));
        assertEquals("running", jobs.stopped().get(0));
    }

    @Test
    void refusesWhatAnotherSiteHasABrowserSend() {
        assertDoesNotThrow(() -> GenerateServlet.refuseOtherSites(null, "dam.example"));
        assertDoesNotThrow(() -> GenerateServlet.refuseOtherSites("https://dam.example", "dam.example"));
        assertDoesNotThrow(() -> GenerateServlet.refuseOtherSites("http://dam.example:8080", "dam.example:8080"));
        for (String origin : new String[] {"https://evil.example", "null", "https://dam.example.evil", "::", ""}) {
            assertThrows(SecurityException.class, () -> GenerateServlet.refuseOtherSites(origin, "dam.example"));
        }
    }
}
