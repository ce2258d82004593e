package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Registers;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;

/** What a process that runs one command does with the jobs of a host that is another process, on the same register. */
@Timeout(60)
class OtherProcessTest {

    private static final Requester ANNA = Requester.of("anna");

    /** A job samples when it gets one. */
    private final Semaphore turns = new Semaphore(0);

    private final Semaphore sampling = new Semaphore(0);
    private Path folder;
    private Installation host;
    private Installation command;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        host = new Installation(folder, model(), Installation.Role.HOST_ELSEWHERE);
        command = new Installation(folder, new FakeModel(FakeModel.starter()), Installation.Role.COMMAND);
    }

    @AfterEach
    void stop() throws Exception {
        turns.release(1000);
        command.close();
        host.close();
    }

    /** Stops while it samples when its job is cancelled, as a real one does. */
    private FakeModel model() {
        return new FakeModel(FakeModel.starter()) {
            @Override
            public void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor)
                    throws GenerationException, GenerationCancelledException {
                sampling.release();
                try {
                    while (!turns.tryAcquire(5, TimeUnit.MILLISECONDS)) {
                        if (monitor.cancelled()) {
                            throw new GenerationCancelledException();
                        }
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.generate(task, work, frames, monitor);
            }
        };
    }

    private void submit(String id, Requester by) throws Exception {
        host.generator.submit(
                id, GenerationRequest.builder("a red ball").size(64, 64).seed(1).build(), by);
    }

    private void awaitSampling() throws InterruptedException {
        assertTrue(sampling.tryAcquire(20, TimeUnit.SECONDS));
    }

    private JobState.Ended end(String id) throws InterruptedException {
        return host.generator
                .job(id)
                .orElseThrow()
                .await(Duration.ofSeconds(20))
                .orElseThrow();
    }

    private RegisteredState state(String id) throws IOException {
        return command.register.find(id).orElseThrow().status().state();
    }

    @Test
    void cancelsTheRunningJobOfTheHost() throws Exception {
        submit("1", ANNA);
        awaitSampling();
        command.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(new JobState.Cancelled(), end("1"));
        assertEquals(RegisteredState.CANCELLED, state("1"));
        assertFalse(Files.exists(host.work.resolve("1")));
        assertEquals(List.of(), host.store.remains());
        assertEquals(
                "job 1 has ended: cancelled",
                assertThrows(IllegalArgumentException.class, () -> command.generator.cancel("1", Requester.UNKNOWN))
                        .getMessage());
    }

    @Test
    void cancelsJobsThatWaitAtTheHostAndAllOfAUser() throws Exception {
        submit("RUNS", ANNA);
        awaitSampling();
        submit("1", ANNA);
        submit("2", Requester.of("ben"));
        command.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(new JobState.Cancelled(), end("1"));
        assertEquals(1, command.generator.cancelAllOf("anna", Requester.UNKNOWN));
        assertEquals(new JobState.Cancelled(), end("RUNS"));
        turns.release(10);
        assertInstanceOf(JobState.Completed.class, end("2"), "nobody has cancelled it");
    }

    @Test
    void cancelsAJobThatWaitsWhileTheQueueIsPaused() throws Exception {
        host.generator.pause(true);
        submit("1", ANNA);
        command.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(new JobState.Cancelled(), end("1"));
    }

    @Test
    void theNextHostCancelsAJobWhoseHostDiedBeforeItTookNotice() throws Exception {
        submit("1", ANNA);
        awaitSampling();
        host.register.close();
        command.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(RegisteredState.RUNNING, state("1"), "only its host can tell that it has stopped");
        turns.release(1);
        host.stop();
        host.role = Installation.Role.HOST;
        Registers.orphan(command.register, "1");
        host.start();
        assertEquals(new JobState.Cancelled(), end("1"));
        assertEquals(List.of(), List.copyOf(host.store.assets.keySet()));
    }

    @Test
    void cancelsAtOnceWhatAProcessThatDiedHasLeft() throws Exception {
        submit("1", ANNA);
        awaitSampling();
        host.kill();
        Registers.orphan(command.register, "1");
        command.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(RegisteredState.CANCELLED, state("1"));
        host.start();
        assertEquals(new JobState.Cancelled(), end("1"));
    }

    @Test
    void aJobThatIsSubmittedAgainAfterItWasCancelledIsMade() throws Exception {
        submit("1", ANNA);
        awaitSampling();
        command.generator.cancel("1", Requester.UNKNOWN);
        assertEquals(new JobState.Cancelled(), end("1"));
        turns.release(10);
        submit("1", ANNA);
        assertInstanceOf(JobState.Completed.class, end("1"));
    }

    @Test
    void pausesResumesAndReordersTheQueueOfTheHost() throws Exception {
        command.generator.pause(true);
        for (String id : List.of("A1", "A2", "A3", "A4")) {
            submit(id, ANNA);
        }
        turns.release(10);
        command.generator.moveToFront("A4");
        command.generator.prioritise("A2", 1);
        command.generator.prioritise("A3", 5);
        assertFalse(sampling.tryAcquire(1500, TimeUnit.MILLISECONDS), "it is paused");
        command.generator.pause(false);
        assertInstanceOf(JobState.Completed.class, end("A1"));
        assertEquals(List.of("A4", "A3", "A2", "A1"), List.copyOf(host.store.assets.keySet()));
        assertEquals(5, command.register.find("A3").orElseThrow().place().priority(), "the host has not undone it");
        assertEquals(
                "no such job waits: A3",
                assertThrows(IllegalArgumentException.class, () -> command.generator.moveToFront("A3"))
                        .getMessage());
    }
}
