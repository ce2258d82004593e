package org.patchreel.impl.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.GenerationEvents;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.Shot;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.jobs.Budgets;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.spi.Metric;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PromptExpander;
import org.patchreel.spi.PromptExpander.Expansion;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;

@Timeout(30)
class QueuedVideoGeneratorTest {

    private static final GenerationRequest REQUEST =
            GenerationRequest.builder("a secret ball").size(64, 64).build();

    private static final Requester ANNA = Requester.of("anna");

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CountDownLatch sampling = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final FakeModel patient = new FakeModel(FakeModel.starter(), this::waitWhileSampling);
    private final InstalledModels models = new InstalledModels();
    private final PromptExpanders expanders = new PromptExpanders();
    private final PromptPolicies policies = new PromptPolicies();
    private final ClipStatistics statistics = new ClipStatistics();
    private Path work;
    private JobRegister register;
    private Duration patience = Duration.ofHours(1);
    private FakeStore store;
    private CurrentStore stores;
    private QueuedVideoGenerator generator;

    @BeforeEach
    void start(@TempDir Path directory, @TempDir Path home) {
        store = new FakeStore(directory);
        work = home.resolve("work");
        register = new JobRegister(settings(home.resolve("jobs.db")), null, true, InstantSource.system());
        stores = new CurrentStore(store, Duration.ofSeconds(10));
        generator = generator(patient);
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        generator.close();
        register.close();
    }

    private JobsConfiguration settings(Path file) {
        return new JobsConfiguration(new JobSettings(
                file,
                Duration.ofDays(1),
                new JobSettings.Limits(0, 0, 0),
                new JobSettings.Patience(3, Duration.ZERO, patience),
                new Budgets(Map.of(), 0.8),
                Optional.empty()));
    }

    @Test
    void checksARequestWithoutQueuingIt() throws Exception {
        generator.check(REQUEST);
        assertEquals(
                "expires must lie in the future: 2020-01-01T00:00:00Z",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> generator.check(REQUEST.toBuilder()
                                        .rights(new Rights(
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.of(Instant.parse("2020-01-01T00:00:00Z"))))
                                        .build()))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> generator.check(REQUEST.toBuilder().model("sora").build()));
        assertThrows(
                IllegalArgumentException.class,
                () -> generator.check(REQUEST.toBuilder().seconds(3600).build()));
        assertTrue(generator.jobs().isEmpty());
    }

    @Test
    void tellsHowARequestWouldBeMade() throws Exception {
        PlannedClip plan =
                generator.plan(REQUEST.toBuilder().frames(481).steps(5).build());
        assertEquals("starter", plan.model());
        assertEquals(new VideoFormat(64, 64, 481, 8), plan.clip());
        assertEquals(new VideoFormat(96, 96, 481, 8), plan.generated());
        assertEquals(
                new SamplingPlan(SamplingPlan.Method.ROLLING, 3, 17, 4, 5, 15),
                plan.shots().get(0).plan());
        assertTrue(generator.jobs().isEmpty());
    }

    @Test
    void aModelKeepsItsWorkInAFolderOfTheJobUntilThatHasEnded() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        assertTrue(Files.exists(work.resolve(job.id()).resolve("window-0")));
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(job));
        assertFalse(Files.exists(work.resolve(job.id())));
    }

    @Test
    void aStoredClipCountsWithItsFramesAndStagesAndACancelledOneDoesNot() throws Exception {
        GenerationJob cancelled = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        cancelled.cancel();
        goOn.countDown();
        assertInstanceOf(JobState.Cancelled.class, end(cancelled));
        assertInstanceOf(
                JobState.Completed.class,
                end(generator.submit(REQUEST.toBuilder().frames(17).build(), ANNA)));
        assertEquals(Map.of("", 1.0), measured("clips"));
        assertEquals(Map.of("", 17.0), measured("frames"));
        assertEquals(
                Set.of("loading", "encoding-prompt", "sampling", "decoding", "encoding", "signing", "storing"),
                measured("stage_runs").keySet());
        assertEquals(Set.of(1.0), Set.copyOf(measured("stage_runs").values()));
        assertTrue(measured("stage_seconds").getOrDefault("sampling", 0.0) > 0);
    }

    private Map<String, Double> measured(String name) throws IOException {
        for (Metric metric : statistics.metrics()) {
            if (metric.name().equals(name)) {
                return metric.read();
            }
        }
        throw new AssertionError("there is no metric " + name);
    }

    @Test
    void theWorkOfACancelledJobIsDeleted() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        job.cancel();
        goOn.countDown();
        assertInstanceOf(JobState.Cancelled.class, end(job));
        assertFalse(Files.exists(work.resolve(job.id())));
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAfterAWeek() throws Exception {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        for (Map.Entry<String, Integer> left :
                Map.of("DAYS6", 6, "DAYS8", 8, "GOESON", 8).entrySet()) {
            int days = left.getValue();
            Path folder = Files.createDirectories(work.resolve(left.getKey()));
            Files.writeString(folder.resolve("window-0"), "latents");
            Files.setLastModifiedTime(folder, FileTime.from(now.minus(Duration.ofDays(days))));
        }
        new WorkFolders(work).deleteAbandoned(InstantSource.fixed(now), Set.of("GOESON"));
        assertTrue(Files.exists(work.resolve("DAYS6/window-0")));
        assertFalse(Files.exists(work.resolve("DAYS8")));
        assertTrue(Files.exists(work.resolve("GOESON/window-0")), "its job is in the register");
    }

    @Test
    @SuppressWarnings("NullAway") // it is what is tested
    void refusesNullByTheArgumentsName() {
        Map<Executable, String> calls = Map.of(
                () -> generator.submit(null, ANNA), "request",
                () -> generator.submit(null, REQUEST, ANNA), "id",
                () -> generator.submit("01A", null, ANNA), "request",
                () -> generator.submit(REQUEST, null), "by",
                () -> generator.submit("01A", REQUEST, null), "by",
                () -> generator.check(null), "request",
                () -> generator.plan(null), "request",
                () -> generator.asset(null), "id",
                () -> generator.job(null), "id");
        calls.forEach((call, argument) -> assertEquals(
                argument, assertThrows(NullPointerException.class, call).getMessage()));
        assertTrue(generator.jobs().isEmpty());
    }

    @Test
    void runsJobsInTheOrderOfTheirSubmission() throws Exception {
        goOn.countDown();
        GenerationJob first = generator.submit(REQUEST.toBuilder().seed(1).build(), ANNA);
        GenerationJob second = generator.submit(REQUEST.toBuilder().seed(2).build(), ANNA);
        GenerationJob third = generator.submit(REQUEST.toBuilder().seed(3).build(), ANNA);
        assertInstanceOf(JobState.Completed.class, end(third));
        assertEquals(
                List.of(1L, 2L, 3L),
                patient.tasks.stream().map(task -> task.sampling().seed()).toList());
        assertEquals(List.of(first.id(), second.id(), third.id()), List.copyOf(store.assets.keySet()));
        assertEquals(List.of(third, second, first), generator.jobs());
    }

    @Test
    void publishesAJobsCourseInOrderAndWithoutThePrompt() throws Exception {
        goOn.countDown();
        GenerationJob job = generator.submit(REQUEST, ANNA);
        end(job);
        Event first = events.take();
        assertEquals(GenerationEvents.QUEUED, first.getTopic());
        assertEquals("starter", first.getProperty(GenerationEvents.MODEL));
        assertEquals("queued", first.getProperty(GenerationEvents.JOB_STATE));
        assertEquals("anna", first.getProperty(GenerationEvents.REQUESTER));
        Event event = events.take();
        String stages = "";
        while (event.getTopic().equals(GenerationEvents.PROGRESS)) {
            assertEquals(job.id(), event.getProperty(GenerationEvents.JOB_ID));
            String stage = (String) event.getProperty(GenerationEvents.STAGE);
            stages += stages.endsWith(stage + " ") ? "" : stage + " ";
            event = events.take();
        }
        assertEquals("loading encoding-prompt sampling decoding signing storing ", stages);
        assertEquals(GenerationEvents.COMPLETED, event.getTopic());
        assertTrue(((String) event.getProperty(GenerationEvents.ASSET_LOCATION)).startsWith("file:"));
        for (String name : event.getPropertyNames()) {
            assertTrue(!String.valueOf(event.getProperty(name)).contains("secret"), name);
        }
    }

    @Test
    void cancelsAWaitingJobAtOnce() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        waiting.cancel();
        assertInstanceOf(JobState.Cancelled.class, waiting.state());
        assertInstanceOf(JobState.Running.class, running.state());
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(running));
        assertEquals(1, patient.tasks.size());
    }

    @Test
    void cancelsARunningJobAndLeavesNothing() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        job.cancel();
        goOn.countDown();
        assertInstanceOf(JobState.Cancelled.class, end(job));
        assertEquals(List.of(), store.remains());
        assertEquals("cancelled", job.state().name());
    }

    /** The console asks several times a second, for as long as a job takes. */
    @Test
    void askingAgainAndAgainWhetherAJobHasEndedTakesNoMemory() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        long before = usedBytes();
        for (int i = 0; i < 200_000; i++) {
            assertEquals(Optional.empty(), job.await(Duration.ZERO));
        }
        long grown = usedBytes() - before;
        assertTrue(grown < 8 << 20, "grown by " + grown + " bytes");
        goOn.countDown();
        assertTrue(job.await(Duration.ofSeconds(20)).isPresent());
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void leavesAnEndedJobAsItIs() throws Exception {
        goOn.countDown();
        GenerationJob job = generator.submit(REQUEST, ANNA);
        end(job);
        job.cancel();
        assertInstanceOf(JobState.Completed.class, job.state());
    }

    @Test
    void keepsAllJobsForTheNextRunWhenItStops() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        new Thread(() -> {
                    try {
                        Thread.sleep(100);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    goOn.countDown();
                })
                .start();
        generator.close();
        assertInstanceOf(JobState.Suspended.class, running.state());
        assertInstanceOf(JobState.Suspended.class, waiting.state());
        assertEquals(List.of(), store.remains());
        assertTrue(Files.exists(work.resolve(running.id()).resolve("window-0")), "it goes on from there");
        assertThrows(IllegalStateException.class, () -> generator.submit(REQUEST, ANNA));
    }

    @Test
    void stopsWithoutADraftLeftWhileTheModelIsHeldUpInNativeCode() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        assertNotEquals(List.of(), store.remains());
        generator.close();
        assertInstanceOf(JobState.Running.class, running.state());
        assertEquals(List.of(), store.remains());
        goOn.countDown();
        assertInstanceOf(JobState.Suspended.class, end(running));
        assertEquals(List.of(), store.remains());
        assertEquals(Map.of(), store.assets);
    }

    @Test
    void letsTheJobsOfAModelThatGoesWaitForOneOfItsName() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        models.removeModel(new FakeReference(0, 1));
        goOn.countDown();
        awaitState(running, new JobState.Waiting("model starter is not there"));
        awaitState(waiting, new JobState.Waiting("model starter is not there"));
        assertEquals(List.of(), store.remains());
        FakeModel back = new FakeModel(FakeModel.starter());
        models.addModel(back, new FakeReference(0, 2));
        assertInstanceOf(JobState.Completed.class, end(running));
        assertInstanceOf(JobState.Completed.class, end(waiting));
        assertEquals(2, back.tasks.size());
        assertEquals(1, register.find(running.id()).orElseThrow().tries(), "what was returned does not count");
    }

    @Test
    void letsTheJobsOfAModelThatComesBackUnusableWait() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        models.removeModel(new FakeReference(0, 1));
        FakeModel back = new FakeModel(FakeModel.starter());
        back.problem = Optional.of("libtorch cannot be loaded twice: restart the process");
        models.addModel(back, new FakeReference(0, 2));
        goOn.countDown();
        awaitState(
                running,
                new JobState.Waiting(
                        "model starter cannot be used: libtorch cannot be loaded twice: restart the process"));
        assertEquals(0, back.tasks.size());
        back.problem = Optional.empty();
        assertInstanceOf(JobState.Completed.class, end(running));
    }

    @Test
    void failsTheJobsOfAModelThatDoesNotComeBackInTime() throws Exception {
        goOn.countDown();
        generator.close();
        patience = Duration.ZERO;
        generator = generator(patient);
        register.pause(true);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        models.removeModel(new FakeReference(0, 1));
        register.pause(false);
        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, end(waiting));
        assertEquals(Reason.NO_MODEL, failed.cause().reason());
        assertEquals(
                "waited too long: model starter is not there", failed.cause().getMessage());
    }

    private static void awaitState(GenerationJob job, JobState expected) throws InterruptedException {
        while (!job.state().equals(expected)) {
            Thread.sleep(10);
        }
    }

    @Test
    void finishesTheJobsOfAModelThatWasReconfiguredWithTheModelAsItWas() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        FakeModel reconfigured = new FakeModel(FakeModel.starter());
        models.addModel(reconfigured, new FakeReference(0, 2));
        models.removeModel(new FakeReference(0, 1).replaced());
        GenerationJob later = generator.submit(REQUEST, ANNA);
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(running));
        assertInstanceOf(JobState.Completed.class, end(waiting));
        assertInstanceOf(JobState.Completed.class, end(later));
        assertEquals(2, patient.tasks.size());
        assertEquals(1, reconfigured.tasks.size());
    }

    @Test
    void goesOnWhenTheStoreIsReplaced(@TempDir Path elsewhere) throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        stores.replace(null);
        GenerationException refusal =
                assertThrows(GenerationException.class, () -> generator.submit("1", REQUEST, ANNA));
        assertEquals("asset 1 cannot be read: no asset store is there; see doctor", refusal.getMessage());
        FakeStore other = new FakeStore(elsewhere);
        stores.replace(other);
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(running));
        assertInstanceOf(JobState.Completed.class, end(waiting));
        assertEquals(List.of(running.id()), List.copyOf(store.assets.keySet()));
        assertEquals(List.of(waiting.id()), List.copyOf(other.assets.keySet()));
        assertTrue(generator.asset(running.id()).isPresent(), "it is found where it is");
        assertTrue(generator.asset(waiting.id()).isPresent());
    }

    @Test
    void waitsForAStoreThatComesSoon(@TempDir Path elsewhere) throws Exception {
        goOn.countDown();
        stores.replace(null);
        GenerationJob job = generator.submit(REQUEST, ANNA);
        while (job.state() instanceof JobState.Queued) {
            Thread.onSpinWait();
        }
        FakeStore other = new FakeStore(elsewhere);
        stores.replace(other);
        assertInstanceOf(JobState.Completed.class, end(job));
        stores.replace(null);
        GenerationJob unlucky = generator.submit(REQUEST, ANNA);
        unlucky.cancel();
        assertInstanceOf(JobState.Cancelled.class, end(unlucky));
    }

    @Test
    void endsAFailedJobWithItsReasonAndGoesOnWithTheNext() throws Exception {
        goOn.countDown();
        int[] calls = new int[1];
        QueuedVideoGenerator flaky = generator(new FakeModel(FakeModel.starter(), point -> {
            if (calls[0]++ == 0) {
                throw new GenerationException(Reason.MEMORY, "no room for 16 GB of weights");
            }
        }));
        GenerationJob bad = flaky.submit(REQUEST, ANNA);
        GenerationJob good = flaky.submit(REQUEST, ANNA);
        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, end(bad));
        assertEquals(Reason.MEMORY, failed.cause().reason());
        assertInstanceOf(JobState.Completed.class, end(good));
        Event event = events.take();
        while (!event.getTopic().equals(GenerationEvents.FAILED)) {
            event = events.take();
        }
        assertEquals("memory", event.getProperty(GenerationEvents.REASON));
        assertEquals("no room for 16 GB of weights", event.getProperty(GenerationEvents.MESSAGE));
        flaky.close();
    }

    @Test
    void logsAFailureInALineWithoutWhatControlsATerminal() throws Exception {
        goOn.countDown();
        for (Reason reason : List.of(Reason.STORAGE, Reason.INTERNAL)) {
            ByteArrayOutputStream logged = new ByteArrayOutputStream();
            PrintStream before = System.err;
            QueuedVideoGenerator hostile = generator(new FakeModel(FakeModel.starter(), point -> {
                throw new GenerationException(reason, "no folder x\r\nERROR forged \u001b[2J\u009b31m\u2028\u202e.");
            }));
            System.setErr(new PrintStream(logged, true, UTF_8));
            try {
                end(hostile.submit(REQUEST, ANNA));
            } finally {
                System.setErr(before);
            }
            hostile.close();
            String text = logged.toString(UTF_8);
            assertTrue(text.contains(": no folder x ERROR forged  [2J 31m ."), text);
            assertEquals(1, text.strip().lines().count(), text);
            assertTrue(text.strip().chars().noneMatch(Character::isISOControl), text);
        }
    }

    @Test
    void queuesNothingThatItRefuses() {
        assertThrows(
                IllegalArgumentException.class,
                () -> generator.submit(REQUEST.toBuilder().model("sora").build(), ANNA));
        assertEquals(List.of(), generator.jobs());
    }

    @Test
    void leadsTheSameIdToTheSameClip() throws Exception {
        GenerationJob job = generator.submit("0AbZ", REQUEST, ANNA);
        assertSame(job, generator.submit("0AbZ", REQUEST, ANNA));
        goOn.countDown();
        end(job);
        assertSame(job, generator.submit("0AbZ", REQUEST, ANNA));
        assertEquals(job.id(), generator.asset("0AbZ").orElseThrow().metadata().id());
        QueuedVideoGenerator afterRestart = generator(patient);
        GenerationJob again = afterRestart.submit("0AbZ", REQUEST, ANNA);
        assertEquals(job.state(), end(again));
        assertEquals(1, patient.tasks.size());
        afterRestart.close();
    }

    @Test
    void listsTheStoredClipsTheLatestFirst() throws Exception {
        assertEquals(List.of(), generator.assets());
        goOn.countDown();
        end(generator.submit("1", REQUEST, ANNA));
        end(generator.submit("2", REQUEST, ANNA));
        assertEquals(
                List.of("2", "1"),
                generator.assets().stream().map(AssetReference::id).toList());
    }

    @Test
    void triesACancelledJobAgainUnderItsId() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        generator.submit("1", REQUEST, ANNA).cancel();
        GenerationJob again = generator.submit("1", REQUEST, ANNA);
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(again));
        assertEquals(List.of(again, running), generator.jobs());
    }

    @Test
    void refusesAnIdThatNoStoreCanKeep() {
        assertEquals(
                "an asset's ID is 1 to 64 letters and digits: ../1",
                assertThrows(IllegalArgumentException.class, () -> generator.submit("../1", REQUEST, ANNA))
                        .getMessage());
    }

    @Test
    void refusesWhatAPolicyRefusesAndTellsWhy() throws Exception {
        policies.addPolicy(request -> new PolicyDecision.Allowed(), Map.of());
        policies.addPolicy(request -> new PolicyDecision.Refused("no-secrets", "secrets are not drawn"), Map.of());
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertEquals(new JobState.Refused("no-secrets", "secrets are not drawn"), end(job));
        Event event = events.take();
        assertEquals(GenerationEvents.REFUSED, event.getTopic(), "it was never queued");
        assertEquals("no-secrets", event.getProperty(GenerationEvents.RULE));
        assertEquals(List.of(), patient.tasks);
    }

    @Test
    void letsPoliciesSeeThePromptAsItWasExpanded() throws Exception {
        expanders.addExpander(
                draft -> new Expansion(draft.prompt().replace("secret", "forbidden"), List.of()), reference(0, 7));
        BlockingQueue<Submission> judged = new LinkedBlockingQueue<>();
        policies.addPolicy(
                submission -> {
                    judged.add(submission);
                    return submission.expandedPrompts().get(0).contains("forbidden")
                            ? new PolicyDecision.Refused("word", "a word is not allowed")
                            : new PolicyDecision.Allowed();
                },
                Map.of());
        assertEquals(new JobState.Refused("word", "a word is not allowed"), end(generator.submit(REQUEST, ANNA)));
        assertEquals(new Submission(REQUEST, ANNA, List.of("a forbidden ball")), judged.take());
        assertEquals(List.of(), patient.tasks);
    }

    @Test
    void letsPoliciesSeeThePromptsOfAllShots() throws Exception {
        expanders.addExpander(
                draft -> new Expansion(draft.prompt().replace("secret", "forbidden"), List.of("a note")),
                reference(0, 7));
        BlockingQueue<Submission> judged = new LinkedBlockingQueue<>();
        policies.addPolicy(
                submission -> {
                    judged.add(submission);
                    return submission.expandedPrompts().stream().anyMatch(text -> text.contains("forbidden"))
                            ? new PolicyDecision.Refused("word", "a word is not allowed")
                            : new PolicyDecision.Allowed();
                },
                Map.of());
        GenerationRequest story = GenerationRequest.builder(
                        List.of(new Shot("a ball", "x", Optional.empty()), new Shot("a secret", "y", Optional.empty())))
                .build();
        assertEquals(new JobState.Refused("word", "a word is not allowed"), end(generator.submit(story, ANNA)));
        assertEquals(new Submission(story, ANNA, List.of("a ball", "a forbidden")), judged.take());
    }

    @Test
    void makesAnAssetOfAStoryboard() throws Exception {
        goOn.countDown();
        expanders.addExpander(
                draft -> new Expansion(draft.prompt().replace("red", "green"), List.of("a note")), reference(0, 7));
        GenerationRequest story = GenerationRequest.builder(List.of(
                        new Shot(
                                "a ball",
                                "",
                                Optional.of(new ClipLength.Frames(8)),
                                List.of(),
                                Camera.UNSPECIFIED,
                                Transition.DISSOLVE),
                        new Shot("a red cube", "grey", Optional.of(new ClipLength.Frames(9)))))
                .seed(7)
                .build();
        JobState.Completed end = assertInstanceOf(JobState.Completed.class, end(generator.submit(story, ANNA)));
        AssetMetadata metadata = generator.asset(end.asset().id()).orElseThrow().metadata();
        assertEquals(13, metadata.format().frameCount());
        assertEquals("a ball\na red cube", metadata.prompt());
        assertEquals(Optional.of("a ball\na green cube"), metadata.expandedPrompt());
        assertEquals("blurred\ngrey", metadata.negativePrompt());
        assertEquals(List.of("shot 1: a note", "shot 2: a note"), metadata.notes());
        assertEquals(
                List.of(
                        new AssetMetadata.ShotUse(0, 8, Transition.CUT, 7, "a ball", Optional.empty(), "blurred"),
                        new AssetMetadata.ShotUse(
                                4,
                                9,
                                Transition.DISSOLVE,
                                3511274219185729L,
                                "a red cube",
                                Optional.of("a green cube"),
                                "grey")),
                metadata.shots());
        PlannedClip plan = generator.plan(story);
        assertEquals(13, plan.clip().frameCount());
        assertEquals(
                List.of(8, 9),
                plan.shots().stream().map(PlannedClip.PlannedShot::frames).toList());
    }

    @Test
    void keepsThePromptAsItWasGivenAndAsItWasExpanded() throws Exception {
        goOn.countDown();
        expanders.addExpander(draft -> new Expansion(draft.prompt() + " on snow", List.of("low")), reference(-5, 7));
        expanders.addExpander(draft -> new Expansion(draft.prompt() + " rolls", List.of("high")), reference(5, 8));
        JobState.Completed end = assertInstanceOf(JobState.Completed.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("a secret ball rolls on snow", patient.tasks.get(0).prompt());
        AssetMetadata metadata = generator.asset(end.asset().id()).orElseThrow().metadata();
        assertEquals("a secret ball", metadata.prompt());
        assertEquals(Optional.of("a secret ball rolls on snow"), metadata.expandedPrompt());
        assertEquals(List.of("high", "low"), metadata.notes());
        expanders.removeExpander(reference(5, 8));
        expanders.removeExpander(reference(-5, 7));
        end = assertInstanceOf(JobState.Completed.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals(
                Optional.empty(),
                generator.asset(end.asset().id()).orElseThrow().metadata().expandedPrompt());
    }

    @Test
    void refusesARequestWhosePromptCannotBeExpanded() {
        expanders.addExpander(
                draft -> {
                    throw new IllegalStateException("no dictionary");
                },
                reference(0, 7));
        GenerationException refusal = assertThrows(GenerationException.class, () -> generator.submit(REQUEST, ANNA));
        assertEquals(Reason.PROMPT, refusal.reason());
        assertTrue(refusal.getMessage().endsWith(": no dictionary"), refusal.getMessage());
        expanders.removeExpander(reference(0, 7));
        expanders.addExpander(draft -> new Expansion("a ball\u0007", List.of()), reference(0, 7));
        refusal = assertThrows(GenerationException.class, () -> generator.submit(REQUEST, ANNA));
        assertTrue(refusal.getMessage().endsWith("control character U+0007 at character 6"), refusal.getMessage());
        assertEquals(List.of(), generator.jobs());
    }

    @Test
    void tellsPoliciesAndWhoeverListsJobsWhoAsked() throws Exception {
        BlockingQueue<Submission> judged = new LinkedBlockingQueue<>();
        policies.addPolicy(
                submission -> {
                    judged.add(submission);
                    return new PolicyDecision.Allowed();
                },
                Map.of());
        Requester team =
                new Requester(Optional.of("anna"), Set.of("editors"), Optional.of("spring"), Optional.of("north"));
        GenerationJob job = generator.submit("1", REQUEST, team);
        assertEquals(new Submission(REQUEST, team), judged.take());
        assertEquals(team, job.requester());
        assertEquals(team, generator.submit("1", REQUEST, ANNA).requester(), "the job is that of who asked first");
        GenerationJob unknown = generator.submit(REQUEST, Requester.UNKNOWN);
        assertEquals("anna", events.take().getProperty(GenerationEvents.REQUESTER));
        Event event = events.take();
        while (!unknown.id().equals(event.getProperty(GenerationEvents.JOB_ID))) {
            event = events.take();
        }
        assertFalse(event.containsProperty(GenerationEvents.REQUESTER));
    }

    @Test
    void tellsAListenerTheStateOfNowAndThenEachFurtherOneInOrder() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        List<JobState> states = new CopyOnWriteArrayList<>();
        job.observe(states::add);
        assertEquals(List.of(job.state()), states, "before the call returned");
        goOn.countDown();
        JobState.Ended end = end(job);
        assertEquals(end, states.get(states.size() - 1));
        List<GenerationProgress.Stage> stages = states.stream()
                .filter(JobState.Running.class::isInstance)
                .map(state -> ((JobState.Running) state).progress().stage())
                .toList();
        assertEquals(stages.stream().sorted().toList(), stages);
        assertEquals(states.size(), Set.copyOf(states).size(), "each once: " + states);
        states.clear();
        job.observe(states::add).close();
        assertEquals(List.of(end), states);
    }

    @Test
    void letsAListenerFailCloseItselfAndCancelItsJob() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        List<String> told = new CopyOnWriteArrayList<>();
        waiting.observe(state -> {
            told.add("failing " + state.name());
            throw new IllegalStateException("a listener's fault");
        });
        GenerationJob.Subscription closed = waiting.observe(state -> told.add("closed " + state.name()));
        closed.close();
        waiting.observe(state -> {
            told.add("cancelling " + state.name());
            waiting.cancel();
            told.add("cancelled it");
        });
        assertEquals(
                List.of(
                        "failing queued",
                        "closed queued",
                        "cancelling queued",
                        "failing cancelled",
                        "cancelled it",
                        "cancelling cancelled",
                        "cancelled it"),
                told);
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(running));
    }

    @Test
    void callsAListenerWithoutALockThatAnotherThreadCouldNeed() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        List<Boolean> answers = new CopyOnWriteArrayList<>();
        job.observe(state -> {
            Thread other = new Thread(() -> {
                job.state();
                generator.jobs();
                job.observe(later -> {}).close();
            });
            other.start();
            try {
                other.join(10_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            answers.add(!other.isAlive());
        });
        goOn.countDown();
        end(job);
        assertTrue(answers.size() > 1);
        assertFalse(answers.contains(false));
    }

    @Test
    void waitsNoLongerThanItIsAskedTo() throws Exception {
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertEquals(Optional.empty(), job.await(Duration.ofMillis(1)));
        assertEquals(Optional.empty(), job.await(Duration.ZERO));
        goOn.countDown();
        assertEquals(job.await(), job.await(Duration.ZERO).orElseThrow());
    }

    @Test
    void refusesEverythingWhenAPolicyFails() throws Exception {
        PromptPolicy broken = request -> {
            throw new IllegalStateException("no word list");
        };
        policies.addPolicy(broken, Map.of());
        JobState.Refused refused = assertInstanceOf(JobState.Refused.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("policy-failure", refused.rule());
        policies.removePolicy(broken);
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end(generator.submit(REQUEST, ANNA)));
    }

    @Test
    @SuppressWarnings("NullAway") // what a policy that was not compiled with it may do
    void refusesEverythingWhenAPolicyReturnsNothing() throws Exception {
        PromptPolicy silent = request -> null;
        policies.addPolicy(silent, Map.of());
        JobState.Refused refused = assertInstanceOf(JobState.Refused.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("policy-failure", refused.rule());
        policies.removePolicy(silent);
        policies.addPolicy(request -> new PolicyDecision.Refused("rule", null), Map.of());
        refused = assertInstanceOf(JobState.Refused.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("policy-failure", refused.rule());
        assertEquals(List.of(), patient.tasks);
    }

    @Test
    void aRefusalCountsMoreThanADecisionThatHolds() throws Exception {
        policies.addPolicy(request -> new PolicyDecision.Held("careful", "first look"), Map.of());
        policies.addPolicy(request -> new PolicyDecision.Refused("strict", "no"), Map.of());
        assertEquals(new JobState.Refused("strict", "no"), end(generator.submit(REQUEST, ANNA)));
    }

    @Test
    void refusesEverythingWhenAPolicyHasAnError() throws Exception {
        policies.addPolicy(
                request -> {
                    throw new StackOverflowError();
                },
                Map.of());
        JobState.Refused refused = assertInstanceOf(JobState.Refused.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("policy-failure", refused.rule());
    }

    @Test
    void forgetsAllButTheLastHundredEndedJobs() throws Exception {
        goOn.countDown();
        for (int i = 0; i < 105; i++) {
            end(generator.submit(REQUEST, ANNA));
        }
        GenerationJob last = generator.submit(REQUEST, ANNA);
        assertEquals(101, generator.jobs().size());
        assertEquals(last, generator.job(last.id()).orElseThrow());
    }

    private void waitWhileSampling(String point) {
        if (point.equals("sampling")) {
            sampling.countDown();
            try {
                assertTrue(goOn.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @SuppressWarnings("unchecked") // it is one of any service
    private static ServiceReference<PromptExpander> reference(int ranking, long id) {
        return (ServiceReference<PromptExpander>) (ServiceReference<?>) new FakeReference(ranking, id);
    }

    private QueuedVideoGenerator generator(FakeModel model) {
        models.addModel(model, new FakeReference(0, 1));
        FakeProvenance provenance = new FakeProvenance();
        return new QueuedVideoGenerator(
                models,
                new RequestResolver(models, TestSources.none(), new Random(1)),
                new Labelling(composite -> Optional.empty(), stores),
                expanders,
                TestAudit.admission(policies),
                TestAudit.audit(),
                new OutputChecks(TestSources.none(), SampledFrames::open, Duration.ofSeconds(1)),
                stores,
                new Production(FakeSinks::new, provenance, TestSources.none()),
                new Publication(
                        stores,
                        provenance,
                        TestSources.none(),
                        (source, file) -> SourceOrigin.UNKNOWN,
                        TestAudit.admission(),
                        TestAudit.audit(),
                        "1.2.3",
                        InstantSource.system()),
                new WorkFolders(work),
                new JobEvents(new EventAdmin() {
                    @Override
                    public void postEvent(Event event) {
                        events.add(event);
                    }

                    @Override
                    public void sendEvent(Event event) {
                        throw new AssertionError("events are posted, not sent");
                    }
                }),
                register,
                settings(work.resolveSibling("jobs.db")),
                statistics,
                new JobPreviews(),
                InstantSource.system(),
                Duration.ofSeconds(1));
    }

    private static JobState.Ended end(GenerationJob job) throws Exception {
        return job.await(Duration.ofSeconds(20)).orElseThrow();
    }
}
