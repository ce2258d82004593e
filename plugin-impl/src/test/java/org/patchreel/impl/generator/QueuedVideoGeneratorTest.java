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
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationEvents;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.PlannedClip;
import org.patchreel.api.Requester;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.PolicyDecision;
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
    private final PromptPolicies policies = new PromptPolicies();
    private Path work;
    private FakeStore store;
    private CurrentStore stores;
    private QueuedVideoGenerator generator;

    @BeforeEach
    void start(@TempDir Path directory, @TempDir Path home) {
        store = new FakeStore(directory);
        work = home.resolve("work");
        stores = new CurrentStore(store, Duration.ofSeconds(10));
        generator = generator(patient);
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        generator.close();
    }

    @Test
    void checksARequestWithoutQueuingIt() throws Exception {
        generator.check(REQUEST);
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
        assertEquals(new SamplingPlan(SamplingPlan.Method.ROLLING, 3, 17, 4, 5, 15), plan.plan());
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
        for (int days : List.of(6, 8)) {
            Path folder = Files.createDirectories(work.resolve("DAYS" + days));
            Files.writeString(folder.resolve("window-0"), "latents");
            Files.setLastModifiedTime(folder, FileTime.from(now.minus(Duration.ofDays(days))));
        }
        new WorkFolders(work).deleteAbandoned(InstantSource.fixed(now));
        assertTrue(Files.exists(work.resolve("DAYS6/window-0")));
        assertFalse(Files.exists(work.resolve("DAYS8")));
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

    @Test
    void leavesAnEndedJobAsItIs() throws Exception {
        goOn.countDown();
        GenerationJob job = generator.submit(REQUEST, ANNA);
        end(job);
        job.cancel();
        assertInstanceOf(JobState.Completed.class, job.state());
    }

    @Test
    void cancelsAllJobsWhenItStops() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        Thread opener = new Thread(goOn::countDown);
        waiting.ended().thenRun(opener::start);
        generator.close();
        assertInstanceOf(JobState.Cancelled.class, running.state());
        assertInstanceOf(JobState.Cancelled.class, waiting.state());
        assertEquals(List.of(), store.remains());
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
        assertInstanceOf(JobState.Cancelled.class, end(running));
        assertEquals(List.of(), store.remains());
        assertEquals(Map.of(), store.assets);
    }

    @Test
    void cancelsTheJobsOfAModelThatGoes() throws Exception {
        GenerationJob running = generator.submit(REQUEST, ANNA);
        GenerationJob waiting = generator.submit(REQUEST, ANNA);
        assertTrue(sampling.await(20, TimeUnit.SECONDS));
        models.removeModel(new FakeReference(0, 1));
        assertInstanceOf(JobState.Cancelled.class, waiting.state());
        goOn.countDown();
        assertInstanceOf(JobState.Cancelled.class, end(running));
        assertEquals(List.of(), store.remains());
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
        policies.addPolicy(request -> new PolicyDecision.Allowed());
        policies.addPolicy(request -> new PolicyDecision.Refused("no-secrets", "secrets are not drawn"));
        GenerationJob job = generator.submit(REQUEST, ANNA);
        assertEquals(new JobState.Refused("no-secrets", "secrets are not drawn"), end(job));
        Event event = events.take();
        assertEquals(GenerationEvents.REFUSED, event.getTopic(), "it was never queued");
        assertEquals("no-secrets", event.getProperty(GenerationEvents.RULE));
        assertEquals(List.of(), patient.tasks);
    }

    @Test
    void tellsPoliciesAndWhoeverListsJobsWhoAsked() throws Exception {
        BlockingQueue<Submission> judged = new LinkedBlockingQueue<>();
        policies.addPolicy(submission -> {
            judged.add(submission);
            return new PolicyDecision.Allowed();
        });
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
        policies.addPolicy(broken);
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
        policies.addPolicy(silent);
        JobState.Refused refused = assertInstanceOf(JobState.Refused.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("policy-failure", refused.rule());
        policies.removePolicy(silent);
        policies.addPolicy(request -> new PolicyDecision.Refused("rule", null));
        refused = assertInstanceOf(JobState.Refused.class, end(generator.submit(REQUEST, ANNA)));
        assertEquals("policy-failure", refused.rule());
        assertEquals(List.of(), patient.tasks);
    }

    @Test
    void refusesEverythingWhenAPolicyHasAnError() throws Exception {
        policies.addPolicy(request -> {
            throw new StackOverflowError();
        });
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

    private QueuedVideoGenerator generator(FakeModel model) {
        models.addModel(model, new FakeReference(0, 1));
        FakeProvenance provenance = new FakeProvenance();
        return new QueuedVideoGenerator(
                models,
                new RequestResolver(models, new Random(1)),
                policies,
                stores,
                new Production(FakeSinks::new, provenance),
                new Publication(stores, provenance, "1.2.3", InstantSource.system()),
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
                Duration.ofSeconds(1));
    }

    private static JobState.Ended end(GenerationJob job) throws Exception {
        return job.await(Duration.ofSeconds(20)).orElseThrow();
    }
}
