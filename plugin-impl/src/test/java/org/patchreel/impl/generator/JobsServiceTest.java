package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.DeviceUsage;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobPage;
import org.patchreel.api.JobQuery;
import org.patchreel.api.JobSummary;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Jobs.ConflictException;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.RegisteredState;

@Timeout(60)
class JobsServiceTest {

    private static final Requester ANNA = Requester.of("anna");

    private final Semaphore turns = new Semaphore(0);
    private final Semaphore sampling = new Semaphore(0);
    private Installation here;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        here = new Installation(folder, new FakeModel(FakeModel.starter(), this::at));
    }

    @AfterEach
    void stop() throws Exception {
        turns.release(1000);
        here.close();
    }

    private void at(String point) {
        if (point.equals("sampling")) {
            sampling.release();
            try {
                while (!turns.tryAcquire(5, TimeUnit.MILLISECONDS)) {
                    if (here.isStopping()) {
                        throw new IllegalStateException("the process ends");
                    }
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static GenerationRequest request(long seed) {
        return GenerationRequest.builder("a red ball").size(64, 64).seed(seed).build();
    }

    private JobSummary await(String id, State state) throws Exception {
        while (true) {
            JobSummary job = here.jobs.find(id).orElseThrow();
            if (job.status().state() == state) {
                return job;
            }
            Thread.sleep(10);
        }
    }

    @Test
    void statesAreThoseOfTheRegister() {
        assertEquals(
                Stream.of(RegisteredState.values()).map(RegisteredState::label).toList(),
                Stream.of(State.values()).map(State::label).toList());
        assertEquals(
                Stream.of(RegisteredState.values())
                        .map(RegisteredState::isEnded)
                        .toList(),
                Stream.of(State.values()).map(State::isEnded).toList());
        assertEquals(
                Stream.of(Account.Kind.values()).map(Account.Kind::label).toList(),
                Stream.of(DeviceUsage.Kind.values())
                        .map(DeviceUsage.Kind::label)
                        .toList());
    }

    @Test
    void theSameIdAndRequestAreTheSameJobAlsoAfterItsEndAndARestart() throws Exception {
        assertEquals(
                "anna",
                here.jobs.submit("ball", request(1), ANNA).requester().user().orElseThrow());
        assertEquals("ball", here.jobs.submit("ball", request(1), ANNA).id());
        assertThrows(ConflictException.class, () -> here.jobs.submit("ball", request(2), ANNA));
        Requester forAProject = new Requester(Optional.of("anna"), Set.of(), Optional.of("spring"), Optional.empty());
        assertThrows(ConflictException.class, () -> here.jobs.submit("ball", request(1), forAProject));
        turns.release();
        await("ball", State.COMPLETED);
        here.restart();
        JobSummary again = here.jobs.submit("ball", request(1), ANNA);
        assertEquals(State.COMPLETED, again.status().state());
        assertEquals(1, again.effort().tries());
        assertThrows(ConflictException.class, () -> here.jobs.submit("ball", request(2), ANNA));
    }

    @Test
    void anIdThatAnotherCallerHasUsedIsAConflict() throws Exception {
        here.generator.submit("other", request(1), ANNA);
        assertThrows(ConflictException.class, () -> here.jobs.submit("other", request(1), ANNA));
    }

    @Test
    void anAssetWhoseJobIsForgottenIsAConflict() throws Exception {
        turns.release();
        here.jobs.submit("ball", request(1), ANNA);
        await("ball", State.COMPLETED);
        here.register.forget(Instant.now().plusSeconds(3600));
        assertTrue(here.jobs.find("ball").isEmpty());
        assertEquals(Optional.empty(), here.register.submission("ball"));
        assertThrows(ConflictException.class, () -> here.jobs.submit("ball", request(1), ANNA));
    }

    @Test
    void whatIsForgottenDoesNotTakeThatOfAJobBeingSubmittedAlong() throws Exception {
        Instant now = Instant.now();
        here.register.keepSubmission("young", "digest", now);
        here.register.forget(now.minusSeconds(60));
        assertEquals(Optional.of("digest"), here.register.submission("young"));
        here.register.forget(now.plusSeconds(60));
        assertEquals(Optional.empty(), here.register.submission("young"));
    }

    @Test
    void pagesStayTheSameWhileJobsAreSubmitted() throws Exception {
        here.jobs.pause(true);
        for (int i = 1; i <= 5; i++) {
            here.jobs.submit("job" + i, request(i), ANNA);
        }
        JobPage first = here.jobs.list(JobQuery.latest(2));
        here.jobs.submit("job6", request(6), ANNA);
        List<String> ids = new ArrayList<>(ids(first));
        OptionalLong next = first.next();
        while (next.isPresent()) {
            JobPage page = here.jobs.list(new JobQuery(Set.of(), Optional.empty(), Optional.empty(), next, 2));
            ids.addAll(ids(page));
            next = page.next();
        }
        assertEquals(List.of("job5", "job4", "job3", "job2", "job1"), ids);
    }

    private static List<String> ids(JobPage page) {
        return page.jobs().stream().map(JobSummary::id).toList();
    }

    @Test
    void aRunningJobTellsItsProgressAndIsCancelledOnce() throws Exception {
        here.jobs.submit("ball", request(1), ANNA);
        assertTrue(sampling.tryAcquire(20, TimeUnit.SECONDS));
        JobSummary running = here.jobs.find("ball").orElseThrow();
        assertEquals(State.RUNNING, running.status().state());
        assertNotEquals(Optional.empty(), running.status().progress().map(at -> at.stage() == Stage.LOADING));
        assertTrue(here.jobs.cancel("ball").isPresent());
        turns.release();
        JobSummary cancelled = await("ball", State.CANCELLED);
        assertEquals(Optional.empty(), cancelled.status().progress());
        assertThrows(ConflictException.class, () -> here.jobs.cancel("ball"));
        assertTrue(here.jobs.cancel("unknown").isEmpty());
    }

    @Test
    void aCancelledJobIsTriedAgainAndACompletedOneNot() throws Exception {
        here.jobs.pause(true);
        here.jobs.submit("ball", request(1), ANNA);
        assertEquals(
                State.CANCELLED, here.jobs.cancel("ball").orElseThrow().status().state());
        assertEquals(
                State.QUEUED, here.jobs.retry("ball").orElseThrow().status().state());
        assertThrows(ConflictException.class, () -> here.jobs.retry("ball"));
        turns.release();
        here.jobs.pause(false);
        await("ball", State.COMPLETED);
        assertThrows(ConflictException.class, () -> here.jobs.retry("ball"));
        assertTrue(here.jobs.retry("unknown").isEmpty());
    }

    @Test
    void changesAreToldUntilTheSubscriptionEnds() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        GenerationJob.Subscription subscription = here.jobs.observe(told::add);
        here.jobs.pause(true);
        here.jobs.submit("one", request(1), ANNA);
        assertEquals("one", told.poll(20, TimeUnit.SECONDS));
        here.jobs.cancel("one");
        assertEquals("one", told.poll(20, TimeUnit.SECONDS));
        subscription.close();
        here.jobs.submit("two", request(2), ANNA);
        here.jobs.observe(told::add);
        here.jobs.cancel("two");
        assertEquals("two", told.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void usageAndCountsAreThoseOfTheRegister() throws Exception {
        turns.release();
        here.jobs.submit("ball", request(1), ANNA);
        await("ball", State.COMPLETED);
        assertEquals(1, here.jobs.counts().get(State.COMPLETED));
        List<DeviceUsage> usage = here.jobs.usage(DeviceUsage.Kind.USER, here.register.today());
        assertEquals("anna", usage.get(0).account());
        assertEquals(1, usage.get(0).clips());
        assertFalse(here.jobs.isPaused());
    }
}
