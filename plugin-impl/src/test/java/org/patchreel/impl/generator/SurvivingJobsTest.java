package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.AssetMetadata.DeviceUse;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Jobs;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.Budgets;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.Price;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Registers;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PromptPolicy;

/** Jobs across restarts, and the order in which they are served. */
@Timeout(60)
class SurvivingJobsTest {

    private static final Requester ANNA = Requester.of("anna");
    private static final Requester BEN = Requester.of("ben");

    /** A job samples when it gets one. */
    private final Semaphore turns = new Semaphore(0);

    private final Semaphore sampling = new Semaphore(0);
    private final AtomicReference<RuntimeException> fault = new AtomicReference<>();
    private volatile boolean waitsForTheEnd;
    private FakeModel model;
    private Installation here;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        model = new FakeModel(FakeModel.starter(), this::at);
        here = new Installation(folder, model);
    }

    @AfterEach
    void stop() throws Exception {
        turns.release(1000);
        here.close();
    }

    private void at(String point) {
        if (point.equals("sampling")) {
            sampling.release();
            awaitTurn();
            if (fault.get() != null) {
                throw fault.get();
            }
        }
    }

    private void awaitTurn() {
        try {
            while (!turns.tryAcquire(5, TimeUnit.MILLISECONDS)) {
                if (here.isStopping() && !waitsForTheEnd) {
                    throw new IllegalStateException("the process ends");
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GenerationRequest request(long seed) {
        return GenerationRequest.builder("a red ball").size(64, 64).seed(seed).build();
    }

    private GenerationJob submit(String id, Requester by) throws GenerationException {
        return here.generator.submit(id, request(id.hashCode()), by);
    }

    private StoredAsset stored(String id) {
        return Objects.requireNonNull(here.store.assets.get(id), id);
    }

    private JobRecord record(String id) throws IOException {
        return here.register.find(id).orElseThrow();
    }

    private JobState.Ended end(String id) throws InterruptedException {
        return here.generator
                .job(id)
                .orElseThrow()
                .await(Duration.ofSeconds(30))
                .orElseThrow();
    }

    private void awaitSampling() throws InterruptedException {
        assertTrue(sampling.tryAcquire(20, TimeUnit.SECONDS));
    }

    private void awaitState(String id, RegisteredState state) throws Exception {
        while (record(id).status().state() != state) {
            Thread.sleep(10);
        }
    }

    @Test
    void allJobsOfAProcessThatDiesEndAsStoredExactlyOnce() throws Exception {
        submit("1", ANNA);
        submit("2", ANNA);
        submit("3", BEN);
        awaitSampling();
        here.kill();
        here.start();
        turns.release(10);
        for (String id : List.of("1", "2", "3")) {
            assertInstanceOf(JobState.Completed.class, end(id), id);
            assertEquals(RegisteredState.COMPLETED, record(id).status().state());
        }
        assertEquals(3, here.store.assets.size());
        assertEquals(2, record("1").tries());
        assertEquals(1, record("2").tries());
        assertEquals(1, record("3").tries());
    }

    @Test
    void aStopReturnsTheRunningJobToTheQueueAndItsTryDoesNotCount() throws Exception {
        GenerationJob running = submit("1", ANNA);
        GenerationJob waiting = submit("2", ANNA);
        awaitSampling();
        here.stop();
        assertEquals(new JobState.Suspended(), running.state());
        assertEquals(new JobState.Suspended(), waiting.await());
        assertTrue(Files.exists(here.work.resolve("1/window-0")), "it goes on from there");
        here.start();
        assertEquals(0, record("2").tries());
        turns.release(10);
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertInstanceOf(JobState.Completed.class, end("2"));
        assertEquals(1, record("1").tries());
        assertFalse(Files.exists(here.work.resolve("1")));
    }

    @Test
    void aStopMayWaitForTheRunningJob() throws Exception {
        waitsForTheEnd = true;
        here.with(Installation.drain(Duration.ofSeconds(20)));
        GenerationJob running = submit("1", ANNA);
        GenerationJob waiting = submit("2", ANNA);
        awaitSampling();
        new Thread(() -> {
                    try {
                        Thread.sleep(50);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    turns.release();
                })
                .start();
        here.stop();
        assertInstanceOf(JobState.Completed.class, running.state());
        assertEquals(new JobState.Suspended(), waiting.state());
        here.start();
        assertEquals(RegisteredState.COMPLETED, record("1").status().state());
    }

    @Test
    void aProcessOfOneCommandCancelsItsJobsWhenItStops() throws Exception {
        here.stop();
        here.role = Installation.Role.COMMAND;
        here.start();
        submit("1", ANNA);
        submit("2", ANNA);
        awaitSampling();
        here.stop();
        here.start();
        assertEquals(RegisteredState.CANCELLED, record("1").status().state());
        assertEquals(RegisteredState.CANCELLED, record("2").status().state());
        here.role = Installation.Role.HOST;
    }

    @Test
    void aJobThatEndsItsProcessAgainAndAgainFails() throws Exception {
        submit("POISON", ANNA);
        for (int i = 0; i < 3; i++) {
            awaitSampling();
            here.kill();
            here.start();
        }
        submit("2", BEN);
        turns.release(10);
        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, end("POISON"));
        assertEquals(
                "the process ended 3 times while this clip was made; it is not tried again unless somebody asks for it:"
                        + " retry POISON",
                failed.cause().getMessage());
        assertInstanceOf(JobState.Completed.class, end("2"));
        here.generator.retry("POISON", Requester.UNKNOWN);
        assertInstanceOf(JobState.Completed.class, end("POISON"));
    }

    @Test
    void aJobWhoseAssetIsStoredIsAcknowledged() throws Exception {
        turns.release(1);
        assertInstanceOf(JobState.Completed.class, submit("1", ANNA).await());
        JobRecord died = here.register.begin(record("1"), Instant.now()).job();
        assertEquals(RegisteredState.RUNNING, died.status().state());
        here.restart();
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertEquals(1, model.tasks.size(), "it is not made again");
    }

    @Test
    void aJobThatAPolicyHoldsWaitsAcrossARestartUntilItIsReleased() throws Exception {
        turns.release(10);
        PromptPolicy careful = submission -> submission.by().equals(ANNA)
                ? new PolicyDecision.Held("house", "clips of Anna are looked at first")
                : new PolicyDecision.Allowed();
        here.policies.addPolicy(careful, Map.of());
        GenerationJob held = submit("1", ANNA);
        submit("2", BEN).await();
        JobState.Waiting waiting = assertInstanceOf(JobState.Waiting.class, held.state());
        assertEquals("clips of Anna are looked at first; it goes on when an operator releases it", waiting.reason());
        JobRecord.Status status = record("1").status();
        assertEquals(RegisteredState.WAITING, status.state());
        assertEquals("house", status.reason());
        here.restart();
        submit("3", BEN).await();
        assertEquals(waiting, here.generator.job("1").orElseThrow().state());
        assertEquals(status, record("1").status());
        assertThrows(IllegalArgumentException.class, () -> here.generator.release("3", Requester.UNKNOWN));
        assertThrows(IllegalArgumentException.class, () -> here.generator.release("4", Requester.UNKNOWN));
        assertEquals(Optional.empty(), here.jobs.release("4"));
        assertThrows(Jobs.ConflictException.class, () -> here.jobs.release("3"));
        here.jobs.release("1");
        assertInstanceOf(JobState.Completed.class, end("1"));
    }

    @Test
    void aJobThatIsTriedAgainIsJudgedAgainAndMayBeHeldOrCancelled() throws Exception {
        turns.release(10);
        fault.set(new IllegalStateException("no luck"));
        submit("1", ANNA).await();
        fault.set(null);
        here.policies.addPolicy(submission -> new PolicyDecision.Held("house", "first look"), Map.of());
        here.generator.retry("1", Requester.UNKNOWN);
        awaitState("1", RegisteredState.WAITING);
        here.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(new JobState.Cancelled(), end("1"));
        here.generator.retry("1", Requester.UNKNOWN);
        here.generator.prioritise("1", 3);
        here.generator.moveToFront("1");
        assertTrue(record("1").place().held(), "another place lets it not go on");
        here.generator.release("1", Requester.UNKNOWN);
        assertInstanceOf(JobState.Completed.class, end("1"));
    }

    @Test
    void tellsOfEndedJobsAfterARestartWithTheirReasons() throws Exception {
        turns.release(10);
        submit("1", ANNA).await();
        fault.set(new IllegalStateException("no luck"));
        submit("2", BEN).await();
        here.policies.addPolicy(submission -> new PolicyDecision.Refused("house", "not here"), Map.of());
        submit("3", BEN);
        here.restart();
        assertEquals(
                List.of("3", "2", "1"),
                here.generator.jobs().stream().map(GenerationJob::id).toList());
        assertEquals(new JobState.Refused("house", "not here"), end("3"));
        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, end("2"));
        assertEquals(Reason.INTERNAL, failed.cause().reason());
        assertEquals("model starter failed: no luck", failed.cause().getMessage());
        GenerationJob first = here.generator.job("1").orElseThrow();
        assertEquals(stored("1").reference(), ((JobState.Completed) first.state()).asset());
        assertEquals(ANNA, first.requester());
        assertEquals("a red ball", first.request().shots().get(0).prompt());
        assertEquals("", record("3").subject().prompt(), "what is refused is not kept");
        assertEquals(Optional.empty(), here.generator.job("4"));
    }

    @Test
    void aRestoredJobAsksForWhatItWasResolvedTo() throws Exception {
        submit("0", ANNA);
        awaitSampling();
        here.generator.submit(
                "1",
                request(7).toBuilder()
                        .negativePrompt("rain")
                        .steps(9)
                        .frames(9)
                        .loop(true)
                        .build(),
                BEN);
        here.kill();
        here.start();
        GenerationRequest asked = here.generator.job("1").orElseThrow().request();
        assertEquals("a red ball", asked.shots().get(0).prompt());
        assertEquals("rain", asked.shots().get(0).negativePrompt());
        assertEquals(9, asked.sampling().steps().orElseThrow());
        assertEquals(7, asked.sampling().seed().orElseThrow());
        assertTrue(asked.loop());
        here.generator.check(asked);
    }

    @Test
    void servesANewcomerAfterAtMostOneOfAHundredJobsAlsoAfterARestart() throws Exception {
        for (int i = 0; i < 100; i++) {
            submit("A" + i, ANNA);
        }
        awaitSampling();
        submit("B0", BEN);
        here.kill();
        here.start();
        turns.release(2);
        assertInstanceOf(JobState.Completed.class, end("B0"));
        assertTrue(here.store.assets.size() <= 2, here.store.assets.keySet().toString());
    }

    @Test
    void signsAndStoresAClipWhileTheNextOneIsSampled() throws Exception {
        CountDownLatch signing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        here.provenance.whileSigning = () -> {
            signing.countDown();
            try {
                assertTrue(goOn.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        turns.release(1);
        GenerationJob first = submit("1", ANNA);
        GenerationJob second = submit("2", ANNA);
        assertTrue(signing.await(20, TimeUnit.SECONDS));
        awaitSampling();
        awaitSampling();
        assertEquals(
                "signing", ((JobState.Running) first.state()).progress().stage().label());
        assertEquals(
                "sampling",
                ((JobState.Running) second.state()).progress().stage().label());
        turns.release(1);
        goOn.countDown();
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertInstanceOf(JobState.Completed.class, end("2"));
    }

    @Test
    void refusesJobsThatDoNotFitIntoTheQueueAndSaysHowLongItIs() throws Exception {
        here.with(Installation.limits(3, 2, 0));
        submit("RUNS", ANNA);
        awaitSampling();
        submit("A1", ANNA);
        submit("A2", ANNA);
        GenerationException own = assertThrows(GenerationException.class, () -> submit("A3", ANNA));
        assertEquals(Reason.BUSY, own.reason());
        assertEquals(
                "the queue takes no more jobs of user anna: 2 wait, the maximum is 2; submit it later",
                own.getMessage());
        submit("B1", BEN);
        GenerationException full = assertThrows(GenerationException.class, () -> submit("B2", BEN));
        assertEquals("the queue is full: 3 jobs wait, the maximum is 3; submit it later", full.getMessage());
        assertEquals(Optional.empty(), here.register.find("B2"));
        assertEquals("A2", submit("A2", ANNA).id(), "it is there already");
    }

    @Test
    void pausesResumesAndReorders() throws Exception {
        here.generator.pause(true);
        for (String id : List.of("A1", "A2", "A3")) {
            submit(id, ANNA);
        }
        here.restart();
        here.generator.moveToFront("A3");
        here.generator.prioritise("A2", 5);
        turns.release(10);
        Thread.sleep(100);
        assertEquals(List.of(), model.tasks);
        here.generator.pause(false);
        assertInstanceOf(JobState.Completed.class, end("A1"));
        assertEquals(List.of("A3", "A2", "A1"), List.copyOf(here.store.assets.keySet()));
        assertThrows(IllegalArgumentException.class, () -> here.generator.moveToFront("A3"));
    }

    @Test
    void cancelsInEachStateAndAllOfAUser() throws Exception {
        submit("RUNS", ANNA);
        awaitSampling();
        submit("A1", ANNA);
        submit("B1", BEN);
        here.generator.cancel("B1", Requester.UNKNOWN);
        assertEquals(RegisteredState.CANCELLED, record("B1").status().state());
        assertEquals(2, here.generator.cancelAllOf("anna", Requester.UNKNOWN));
        assertEquals(RegisteredState.CANCELLED, record("A1").status().state());
        turns.release(10);
        assertEquals(new JobState.Cancelled(), end("RUNS"));
        assertEquals(RegisteredState.CANCELLED, record("RUNS").status().state());
        assertEquals(
                "job RUNS has ended: cancelled",
                assertThrows(IllegalArgumentException.class, () -> here.generator.cancel("RUNS", Requester.UNKNOWN))
                        .getMessage());
        assertEquals(
                "no such job: X",
                assertThrows(IllegalArgumentException.class, () -> here.generator.cancel("X", Requester.UNKNOWN))
                        .getMessage());
        here.restart();
        assertEquals(new JobState.Cancelled(), end("A1"));
        assertEquals(1, model.tasks.size());
    }

    @Test
    void aBudgetHoldsJobsBackUntilTheDayTurns() throws Exception {
        here.stop();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
        here.clock = now::get;
        here.settings = Installation.budgets(
                        new Budgets(Map.of(new Account(Account.Kind.USER, "anna"), Duration.ofSeconds(100)), 0.8))
                .apply(here.settings);
        here.start();
        turns.release(1);
        assertInstanceOf(JobState.Completed.class, submit("1", ANNA).await());
        here.register.charge(record("1"), Duration.ofSeconds(99), Optional.empty(), false);
        turns.release(1);
        assertInstanceOf(JobState.Completed.class, submit("2", ANNA).await(), "something is left: exact to one clip");
        here.register.charge(record("1"), Duration.ofSeconds(10), Optional.empty(), false);
        turns.release(10);
        GenerationJob waits = submit("3", ANNA);
        awaitState("3", RegisteredState.WAITING);
        assertTrue(
                record("3")
                        .status()
                        .message()
                        .matches(
                                "user:anna has used 109 of 100 device seconds of today; it goes on when the day turns"),
                record("3").status().message());
        assertInstanceOf(JobState.Completed.class, submit("B", BEN).await(), "others go on");
        here.restart();
        awaitState("3", RegisteredState.WAITING);
        assertEquals(new JobState.Suspended(), waits.state());
        while (!here.generator
                .job("3")
                .orElseThrow()
                .state()
                .equals(new JobState.Waiting(record("3").status().message()))) {
            Thread.sleep(10);
        }
        now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
        assertInstanceOf(JobState.Completed.class, end("3"));
        assertEquals(
                1, here.register.usage(Account.Kind.USER, here.register.today()).size());
    }

    @Test
    void tellsDeviceTimeAndCostInTheMetadata() throws Exception {
        here.stop();
        JobSettings before = here.settings;
        here.settings = new JobSettings(
                before.register(),
                before.kept(),
                before.limits(),
                before.patience(),
                before.budgets(),
                Optional.of(new Price(new BigDecimal("2"), "EUR")));
        here.start();
        submit("1", ANNA);
        awaitSampling();
        Thread.sleep(50);
        turns.release(1);
        end("1");
        DeviceUse use = stored("1").metadata().deviceUse().orElseThrow();
        assertTrue(use.time().toMillis() >= 50, use.toString());
        Cost cost = use.cost().orElseThrow();
        assertEquals("EUR", cost.currency());
        assertEquals(
                0, cost.amount().compareTo(BigDecimal.valueOf(2 * use.time().toMillis(), 3)));
        assertEquals(use.time(), record("1").device().used());
        assertEquals(
                use.time(),
                here.register
                        .usage(Account.Kind.USER, here.register.today())
                        .get(0)
                        .time());
    }

    @Test
    void retriesWhatHasFailedAndRefusesToRetryTheRest() throws Exception {
        fault.set(new IllegalStateException("no luck"));
        turns.release(10);
        assertInstanceOf(JobState.Failed.class, submit("1", ANNA).await());
        fault.set(null);
        assertEquals("1", here.generator.retry("1", Requester.UNKNOWN).id());
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertEquals(
                model.tasks.get(0).sampling().seed(),
                model.tasks.get(1).sampling().seed());
        assertRetryRefused("1", "job 1 is completed");
        here.restart();
        assertRetryRefused("1", "the clip of job 1 is stored");
        assertRetryRefused("2", "no such job: 2");
        here.policies.addPolicy(submission -> new PolicyDecision.Refused("house", "not here"), Map.of());
        submit("3", ANNA);
        assertRetryRefused("3", "job 3 was refused, and what is refused is not kept: submit it again");
    }

    private void assertRetryRefused(String id, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> here.generator.retry(id, Requester.UNKNOWN))
                        .getMessage());
    }

    @Test
    void keepsWhatWasSampledIfTheClipCannotBeStored() throws Exception {
        here.store.commitFailure = new IOException("No space left on device");
        turns.release(10);
        JobState.Failed failed =
                assertInstanceOf(JobState.Failed.class, submit("1", ANNA).await());
        assertEquals(Reason.STORAGE, failed.cause().reason());
        assertTrue(Files.exists(here.work.resolve("1/window-0")));
        here.store.commitFailure = null;
        here.generator.retry("1", Requester.UNKNOWN);
        assertInstanceOf(JobState.Completed.class, end("1"));
        assertFalse(Files.exists(here.work.resolve("1")));
    }

    @Test
    void aClockThatIsSetBackChangesNoOrder() throws Exception {
        here.stop();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
        here.clock = now::get;
        here.start();
        submit("A1", ANNA);
        awaitSampling();
        submit("A2", ANNA);
        now.updateAndGet(time -> time.minus(Duration.ofDays(365)));
        submit("A3", ANNA);
        here.kill();
        here.start();
        turns.release(10);
        assertInstanceOf(JobState.Completed.class, end("A3"));
        assertEquals(List.of("A1", "A2", "A3"), List.copyOf(here.store.assets.keySet()));
        JobRecord third = record("A3");
        assertFalse(third.times()
                .ended()
                .orElseThrow()
                .isBefore(third.times().started().orElseThrow()));
    }

    @Test
    void aClockThatIsSetByHoursEndsNoWait() throws Exception {
        here.stop();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
        here.clock = now::get;
        here.start();
        submit("RUNS", ANNA);
        awaitSampling();
        submit("WAITS", ANNA);
        here.models.removeModel(here.reference);
        awaitState("WAITS", RegisteredState.WAITING);
        now.updateAndGet(time -> time.plus(Duration.ofHours(5)));
        Thread.sleep(1500); // longer than the queue takes to look again
        assertEquals(RegisteredState.WAITING, record("WAITS").status().state(), "models are waited for an hour");
        now.updateAndGet(time -> time.minus(Duration.ofHours(10)));
        here.models.addModel(model, here.reference);
        turns.release(10);
        assertInstanceOf(JobState.Completed.class, end("WAITS"));
        for (String id : List.of("RUNS", "WAITS")) {
            JobRecord record = record(id);
            assertFalse(record.times()
                    .ended()
                    .orElseThrow()
                    .isBefore(record.times().started().orElseThrow()));
            assertTrue(record.device().used().compareTo(Duration.ofMinutes(1)) < 0, "measured by another clock");
        }
    }

    @Test
    void takesNoJobThatItCannotRegister() throws Exception {
        here.stop();
        Files.delete(here.settings.register());
        Files.createDirectory(here.settings.register());
        here.start();
        GenerationException refusal = assertThrows(GenerationException.class, () -> submit("1", ANNA));
        assertEquals(Reason.STORAGE, refusal.reason());
        assertTrue(refusal.getMessage().startsWith("job 1 cannot be"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(here.settings.register().toString()), refusal.getMessage());
        Files.delete(here.settings.register());
        turns.release(1);
        assertInstanceOf(JobState.Completed.class, submit("1", ANNA).await());
    }

    @Test
    void writesTheEndOfAJobWhenTheDiskHasSpaceAgain() throws Exception {
        submit("1", ANNA);
        awaitSampling();
        Registers.refuseWrites(here.register, true);
        turns.release(1);
        assertInstanceOf(
                JobState.Completed.class, here.generator.job("1").orElseThrow().await());
        assertEquals(RegisteredState.RUNNING, record("1").status().state());
        Registers.refuseWrites(here.register, false);
        awaitState("1", RegisteredState.COMPLETED);
        assertTrue(record("1").device().used().toMillis() > 0);
    }
}
