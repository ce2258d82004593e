package org.patchreel.sling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.jcr.Node;
import javax.jcr.Session;
import org.apache.sling.event.jobs.Job;
import org.apache.sling.event.jobs.consumer.JobExecutionResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Camera;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.Rights;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.contract.KeptSources;
import org.patchreel.contract.ScriptedGenerator;
import org.patchreel.spi.ConfigurationException;

class GenerateServletTest {

    private static final String SECRET = "/content/secret";

    @TempDir
    Path directory;

    private final KeptSources sources = new KeptSources();
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
        servlet = servlet(3);
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
        IOException refusal = assertThrows(IOException.class, () -> queue(parameters, editor));
        assertTrue(refusal.toString().contains("editor may not read it"), refusal.toString());
        OakRepository.permit(admin.getNode(SECRET), "editor", "jcr:read");
        editor.refresh(false);
        Job job = queue(parameters, editor);
        assertEquals(
                "about The {plan}", JobArguments.payloadProperty(job, "prompt").orElseThrow());
        assertEquals(Optional.empty(), JobArguments.payloadPath(job), "the service user would read it again");
    }

    @Test
    void doesNotFillPlaceholdersInWhatWasFilledIn() throws Exception {
        Job job = queue(
                Map.of(
                        "prompt", "about {title}",
                        "negative.prompt", "no {title}",
                        "title", "{title}",
                        "creator", "{title}",
                        "copyright", "© {title}",
                        "expires", "2999-06-30",
                        "payload.path", SECRET),
                admin);
        ScriptedGenerator generator = new ScriptedGenerator(directory.resolve("generator"));
        GenerateJobExecutor executor = new GenerateJobExecutor(repository, store, generator, sources);
        assertTrue(executor.process(job, new FakeContext()).succeeded());
        assertEquals(
                List.of(new Shot("about The {plan}", "no The {plan}", Optional.empty())),
                generator.requests().get(0).shots());
        assertEquals(
                Optional.of("The {plan}"),
                generator.requests().get(0).destination().title());
        assertEquals(
                new Rights(
                        Optional.of("The {plan}"),
                        Optional.of("© The {plan}"),
                        Optional.of(Instant.parse("2999-06-30T00:00:00Z"))),
                generator.requests().get(0).rights());
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
                () -> queue(Map.of("prompt", "a ball", "folder", "/content/dam/others"), editor));
        assertTrue(refusal.toString().contains("editor may not add assets"), refusal.toString());
        assertEquals(0, jobs.all().size());
    }

    @Test
    void showsAJobOnlyToThoseWhoCouldHaveAskedForIt() throws Exception {
        OakRepository.folder(admin, "/content/dam/others");
        Job own = queue(Map.of("prompt", "a ball"), editor);
        Job other = queue(Map.of("prompt", "a ball", "folder", "/content/dam/others"), admin);
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
        String id = queue(Map.of("prompt", "a ball"), admin).getId();
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

    /** Sling writes them without leading zeros. */
    @ParameterizedTest
    @ValueSource(strings = {"2026/11/29/16/0/", "2026/1/2/3/4/", "2026/12/31/23/59/", "2026/10/1/0/10/"})
    void findsJobsOfEveryMonthDayHourAndMinute(String time) throws Exception {
        Job queued = queue(Map.of("prompt", "a ball"), admin);
        Map<String, Object> properties =
                queued.getPropertyNames().stream().collect(Collectors.toMap(name -> name, queued::getProperty));
        String id = time + "617e4686-781a-4e65-bd8d-717336769616_1";
        jobs.add(new FakeJob(id, queued.getTopic(), properties, 0, Job.JobState.ACTIVE));
        assertTrue(servlet.find(id, admin).isPresent());
    }

    /** Even where everybody may write. */
    @Test
    void anonymousRequestsAreRefused() throws Exception {
        Node root = admin.getNode(OakRepository.ROOT);
        OakRepository.permit(root, "anonymous", "jcr:read", "rep:write");
        String id = queue(Map.of("prompt", "a ball"), admin).getId();
        Session anonymous = repository.anonymous();
        try {
            for (String user : new String[] {"anonymous", "", null}) {
                for (Exchange exchange : List.of(
                        new Exchange(anonymous, user).post(Map.of("prompt", "a ball")),
                        new Exchange(anonymous, user).get(id),
                        new Exchange(anonymous, user).delete(id),
                        new Exchange(anonymous, user).method("PUT"))) {
                    exchange.of(servlet);
                    assertEquals(403, exchange.status());
                    assertEquals("a user is needed, not an anonymous request\n", exchange.body());
                    assertEquals("nosniff", exchange.answer("X-Content-Type-Options"));
                }
            }
        } finally {
            anonymous.logout();
        }
        assertEquals(1, jobs.all().size());
        assertEquals(List.of(), jobs.removed());
    }

    @Test
    void saysOfEveryAnswerThatItsTypeIsNotToBeGuessed() throws Exception {
        Exchange queued =
                new Exchange(editor, "editor").post(Map.of("prompt", "a ball")).of(servlet);
        assertEquals(202, queued.status());
        String id = String.valueOf(queued.answer("Location")).replaceFirst("^.*?\\.json/", "");
        GenerateServlet unconfigured = servlet(0);
        Map<Integer, Exchange> answers = new LinkedHashMap<>();
        answers.put(202, queued);
        answers.put(200, new Exchange(editor, "editor").get(id).of(servlet));
        answers.put(
                400, new Exchange(editor, "editor").post(Map.of("size", "x")).of(servlet));
        answers.put(
                403,
                new Exchange(editor, "editor")
                        .post(Map.of("prompt", "a ball"))
                        .header("Origin", "https://evil.example")
                        .of(servlet));
        answers.put(404, new Exchange(editor, "editor").get("none").of(servlet));
        answers.put(405, new Exchange(editor, "editor").method("PUT").of(servlet));
        answers.put(
                503,
                new Exchange(editor, "editor").post(Map.of("prompt", "a ball")).of(unconfigured));
        queue(Map.of("prompt", "a ball"), editor);
        queue(Map.of("prompt", "a ball"), editor);
        answers.put(
                429,
                new Exchange(editor, "editor").post(Map.of("prompt", "a ball")).of(servlet));
        answers.put(204, new Exchange(editor, "editor").delete(id).of(servlet));
        answers.forEach((status, answer) -> {
            assertEquals(status, answer.status());
            assertEquals("nosniff", answer.answer("X-Content-Type-Options"), status + " " + answer.body());
        });
    }

    @Test
    void refusesMoreJobsOfAUserThanTheQuotaAndThoseOfOthersNot() throws Exception {
        for (int i = 0; i < 3; i++) {
            queue(Map.of("prompt", "a ball"), editor);
        }
        GenerateServlet.QuotaException refusal =
                assertThrows(GenerateServlet.QuotaException.class, () -> queue(Map.of("prompt", "a ball"), editor));
        assertEquals("editor has 3 jobs that have not ended; the maximum is 3", refusal.getMessage());
        assertEquals(3, jobs.all().size());
        queue(Map.of("prompt", "a ball"), admin);
    }

    @Test
    void hasSlingRemoveItsEndedJobsAndNoOthers() {
        endedJobs(7).run();
        Job task = jobs.all().values().iterator().next();
        assertEquals(EndedJobs.TASK, task.getTopic());
        assertEquals(Map.of("age", 7 * 24 * 60, "topic", "org.patchreel.generate"), ((FakeJob) task).properties());
    }

    @Test
    void keepsTheLastGoodValuesWhenAConfigurationCannotBeUsed() throws Exception {
        servlet.modified(jobsPerUser(0), Map.of("jobs.per.user", 0));
        assertEquals(
                "configuration org.patchreel.sling.generate: jobs.per.user = 0, expected a whole number of at least 1;"
                        + " the values before it stay in use",
                servlet.problem().orElseThrow().line());
        queue(Map.of("prompt", "a ball"), editor);

        EndedJobs ended = endedJobs(7);
        ended.modified(keepDays(-1), Map.of("keep.days", -1));
        assertEquals(
                "configuration org.patchreel.sling.jobs: keep.days = -1, expected a whole number from 1 to 1491308;"
                        + " the values before it stay in use",
                ended.problem().orElseThrow().line());
    }

    @Test
    void removesNothingAndTakesNoJobWithoutAUsableConfiguration() throws Exception {
        endedJobs(0).run();
        GenerateServlet unconfigured = servlet(0);
        assertThrows(
                ConfigurationException.class, () -> unconfigured.queue(posted(Map.of("prompt", "a ball")), editor));
        assertEquals(0, jobs.all().size());
        assertFalse(unconfigured.problem().orElseThrow().usable());
    }

    private Job queue(Map<String, String> parameters, Session caller) throws Exception {
        return servlet.queue(posted(parameters), caller);
    }

    private static PostedParameters posted(Map<String, String> parameters) {
        return new PostedParameters(parameters, Map.of());
    }

    private GenerateServlet servlet(int jobsPerUser) {
        GenerateServlet made = new GenerateServlet(
                jobs.manager(), store, jobsPerUser(jobsPerUser), Map.of("jobs.per.user", jobsPerUser));
        made.sources(sources);
        return made;
    }

    /** Executes the only job as Sling does; {@return the sources of its request} */
    private List<Source> execute() throws Exception {
        return executeShots().get(0).sources();
    }

    private List<Shot> executeShots() throws Exception {
        ScriptedGenerator generator = new ScriptedGenerator(directory.resolve("generator"));
        GenerateJobExecutor executor = new GenerateJobExecutor(repository, store, generator, sources);
        FakeContext context = new FakeContext();
        Job job = jobs.all().values().iterator().next();
        JobExecutionResult result = executor.process(job, context);
        assertTrue(result.succeeded(), result.getMessage());
        return generator.requests().get(0).shots();
    }

    @Test
    void readsPicturesWithTheCallersRightsAndGivesTheJobTheirDigests() throws Exception {
        byte[] secret = "a secret picture".getBytes(UTF_8);
        String path = OakRepository.file(admin.getNode(SECRET), "plan, 1 of 2.png", secret);
        Map<String, String> named =
                Map.of("prompt", "a ball", "image", path, "keyframes", "0.25 = " + path + ", 1=" + path);
        editor.refresh(false);
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> queue(named, editor));
        assertEquals("image: there is no picture or clip " + path, refusal.getMessage());
        assertFalse(sources.contains(KeptSources.upload("x", secret).sha256()));

        OakRepository.permit(admin.getNode(SECRET), "editor", "jcr:read");
        editor.refresh(false);
        queue(named, editor);
        admin.getNode(path).remove();
        admin.save();
        Media.Upload read = KeptSources.upload("plan, 1 of 2.png", secret);
        assertEquals(
                List.of(
                        new Source.Keyframe(read, Position.FIRST),
                        new Source.Keyframe(read, Position.at(0.25)),
                        new Source.Keyframe(read, Position.at(1))),
                execute());
    }

    @Test
    void takesPicturesAndClipsThatAreSentWithTheRequest() throws Exception {
        byte[] day = "a clip".getBytes(UTF_8);
        Exchange exchange = new Exchange(editor, "editor")
                .post(Map.of("prompt", "the sun sets", "extend.side", "before"))
                .file("extend", "C:\\clips\\Größe {title}.mp4", day)
                .file("image", "", new byte[0])
                .of(servlet);
        assertEquals(202, exchange.status(), exchange.body());
        assertEquals(
                List.of(new Source.Continuation(
                        KeptSources.upload("Größe {title}.mp4", day), Source.Continuation.Side.BEFORE)),
                execute());
    }

    /** A storyboard of the scripted generator has a line for each shot: the prompt and, behind a bar, a picture. */
    @Test
    void readsAStoryboardAndItsPicturesWithTheCallersRights() throws Exception {
        byte[] secret = "a secret picture".getBytes(UTF_8);
        String picture = OakRepository.file(admin.getNode(SECRET), "plan.png", secret);
        byte[] text = ("a {title}\na cube | " + picture).getBytes(UTF_8);
        String path = OakRepository.file(admin.getNode(SECRET), "story.yaml", text);
        admin.getNode(path + "/jcr:content").setProperty("jcr:mimeType", "application/yaml");
        admin.save();
        servlet.generator(new ScriptedGenerator(directory.resolve("reader")));
        Map<String, String> named = Map.of("storyboard", path);
        assertEquals(
                "there is no text asset " + path + ", which should hold the storyboard",
                assertThrows(IllegalArgumentException.class, () -> queue(named, editor))
                        .getMessage());
        Exchange sent = new Exchange(editor, "editor")
                .file("storyboard", "story.yaml", text)
                .of(servlet);
        assertEquals("shot 2, image: there is no picture or clip " + picture + "\n", sent.body());
        assertFalse(sources.contains(KeptSources.upload("x", secret).sha256()));

        OakRepository.permit(admin.getNode(SECRET), "editor", "jcr:read");
        editor.refresh(false);
        queue(named, editor);
        admin.getNode(SECRET).remove();
        admin.save();
        assertEquals(
                List.of(
                        new Shot("a {title}", "", Optional.empty()),
                        new Shot(
                                "a cube",
                                "",
                                Optional.empty(),
                                List.of(new Source.Keyframe(KeptSources.upload("plan.png", secret), Position.FIRST)),
                                Camera.UNSPECIFIED)),
                executeShots());
    }

    @Test
    void saysThatStoryboardsNeedAGenerator() throws Exception {
        Exchange sent = new Exchange(editor, "editor")
                .file("storyboard", "story.yaml", "a ball".getBytes(UTF_8))
                .of(servlet);
        assertEquals(503, sent.status());
        assertEquals("no video generator is there, which reads storyboards\n", sent.body());
    }

    @Test
    void refusesAFileForWhichThereIsNoRoom() throws Exception {
        sources.fill();
        Exchange full = new Exchange(editor, "editor")
                .post(Map.of("prompt", "a ball"))
                .file("image", "ball.png", new byte[] {1})
                .of(servlet);
        assertEquals(507, full.status());
        assertEquals("there is no room for ball.png\n", full.body());
        assertEquals(0, jobs.all().size());
    }

    @Test
    void queuesTheRequestForAStill() throws Exception {
        Exchange posted = new Exchange(editor, "editor")
                .post(Map.of("prompt", "a ball", "kind", "still"))
                .of(servlet);
        assertEquals(202, posted.status());
        assertEquals("still", jobs.all().values().iterator().next().getProperty("kind"));
    }

    @Test
    void refusesFilesThatAreTooLargeOrNoPictures() throws Exception {
        Exchange large = new Exchange(editor, "editor")
                .post(Map.of("prompt", "a ball"))
                .file("image", "large.png", new byte[KeptSources.MAX_BYTES + 1])
                .of(servlet);
        assertEquals(413, large.status());
        assertEquals("image: large.png is larger than 1 MiB, the limit of a source\n", large.body());
        Exchange named = new Exchange(editor, "editor")
                .file("prompt", "prompt.txt", "a ball".getBytes(UTF_8))
                .of(servlet);
        assertEquals(400, named.status());
        assertEquals(
                "the parameter prompt is a file; files can be image, last.image, from, mask, control, extend, lead.to,"
                        + " interpolate, character.NAME, storyboard\n",
                named.body());
        assertEquals(0, jobs.all().size());
    }

    @Test
    void keepsNoFileOfACallerWhoMayNotWriteToTheFolder() throws Exception {
        OakRepository.folder(admin, "/content/dam/others");
        byte[] picture = "a picture".getBytes(UTF_8);
        Exchange exchange = new Exchange(editor, "editor")
                .post(Map.of("prompt", "a ball", "folder", "/content/dam/others"))
                .file("image", "ball.png", picture)
                .of(servlet);
        assertEquals(403, exchange.status());
        assertFalse(sources.contains(KeptSources.upload("x", picture).sha256()));
    }

    @Test
    void saysThatPicturesNeedASourceStore() throws Exception {
        servlet.sources(null);
        Exchange exchange = new Exchange(editor, "editor")
                .post(Map.of("prompt", "a ball"))
                .file("image", "ball.png", new byte[] {1})
                .of(servlet);
        assertEquals(503, exchange.status());
        assertEquals("no source store is there\n", exchange.body());
    }

    private EndedJobs endedJobs(int days) {
        return new EndedJobs(jobs.manager(), keepDays(days), Map.of("keep.days", days));
    }

    private static GenerateServlet.Config jobsPerUser(int jobs) {
        return new JobsPerUser(jobs);
    }

    private static EndedJobs.Config keepDays(int days) {
        return new KeepDays(days);
    }

    private record JobsPerUser(int jobs_per_user) implements GenerateServlet.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return GenerateServlet.Config.class;
        }
    }

    private record KeepDays(int keep_days) implements EndedJobs.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return EndedJobs.Config.class;
        }
    }

    @Test
    void removesAJobThatWaitsAndStopsOneThatRuns() throws Exception {
        servlet.cancel(queue(Map.of("prompt", "a ball"), admin));
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
