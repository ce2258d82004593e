package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.jobs.Account;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.RemoteModel;

/** Jobs of models that run elsewhere, beside those of this machine. */
@Timeout(60)
class PlacesTest {

    /** Machines whose clips fail when a test lets them. */
    private static final class Machines implements RemoteModel {
        final List<String> begun = new CopyOnWriteArrayList<>();
        final Semaphore ends = new Semaphore(0);
        volatile int number;

        /** A clip is made then, which says that it took so long. */
        volatile Optional<Duration> measured = Optional.empty();

        @Override
        public int concurrency() {
            return number;
        }

        @Override
        public String produce(String id, String order, Path directory, GenerationMonitor monitor)
                throws GenerationException, GenerationCancelledException {
            begun.add(id);
            ends.acquireUninterruptibly();
            if (measured.isPresent()) {
                Production there = new Production(FakeSinks::new, new FakeProvenance(), TestSources.none());
                return ProducedJson.write(there.produce(
                                WorkOrderJson.read(order),
                                new FakeModel(descriptor()),
                                directory,
                                directory.resolve("work"),
                                monitor))
                        .replaceAll(
                                "\"timings\":\\{[^}]*}",
                                "\"timings\":{\"sampling\":" + measured.get().toNanos() + "}");
            }
            throw new GenerationException(Reason.MEMORY, "that machine has too little memory");
        }

        @Override
        public ModelDescriptor descriptor() {
            return FakeModel.describe("far", 16, new VideoFormat(64, 64, 17, FrameRate.of(8)), ImageConditioning.NONE);
        }

        @Override
        public ModelHealth health() {
            return new FakeModel(descriptor()).health();
        }

        @Override
        public SamplingPlan plan(ModelTask task) {
            return new FakeModel(descriptor()).plan(task);
        }
    }

    private final Machines machines = new Machines();
    private final Semaphore sampling = new Semaphore(0);
    private final Semaphore turns = new Semaphore(0);
    private Installation here;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        here = new Installation(folder, new FakeModel(FakeModel.starter(), point -> {
            if (point.equals("sampling")) {
                sampling.release();
                turns.acquireUninterruptibly();
            }
        }));
        here.models.addModel(machines, new FakeReference(1, 0));
    }

    @AfterEach
    void stop() throws Exception {
        turns.release(100);
        machines.ends.release(100);
        here.close();
    }

    private GenerationJob submit(String id, String model) throws GenerationException {
        return here.generator.submit(
                id,
                GenerationRequest.builder("a red ball")
                        .model(model)
                        .size(64, 64)
                        .build(),
                Requester.UNKNOWN);
    }

    private void awaitBegun(int count) throws InterruptedException {
        while (machines.begun.size() < count) {
            Thread.sleep(5);
        }
    }

    @Test
    void asManyClipsAreMadeElsewhereAsThereAreMachinesInTheOrderOfTheirJobs() throws Exception {
        for (String id : List.of("far1", "far2", "far3")) {
            submit(id, "far");
        }
        Thread.sleep(300);
        assertEquals(List.of(), machines.begun, "there is no machine");
        machines.number = 2;
        awaitBegun(2);
        Thread.sleep(300);
        assertEquals(List.of("far1", "far2"), machines.begun.stream().sorted().toList());
        machines.ends.release();
        awaitBegun(3);
        assertEquals("far3", machines.begun.get(2));
    }

    @Test
    void aClipFromElsewhereCostsWhatItsMachineHasMeasured() throws Exception {
        machines.number = 1;
        machines.measured = Optional.of(Duration.ofMillis(7));
        GenerationJob far = submit("far", "far");
        awaitBegun(1);
        Thread.sleep(50);
        machines.ends.release();
        assertInstanceOf(
                JobState.Completed.class, far.await(Duration.ofSeconds(20)).orElseThrow());
        assertEquals(
                Duration.ofMillis(7),
                here.register.find("far").orElseThrow().device().used());
        machines.measured = Optional.of(Duration.ofHours(1000));
        machines.ends.release();
        long begin = System.nanoTime();
        assertTrue(submit("lies", "far").await(Duration.ofSeconds(20)).isPresent());
        Duration passed = Duration.ofNanos(System.nanoTime() - begin);
        Duration used = here.register.find("lies").orElseThrow().device().used();
        assertTrue(used.compareTo(passed) <= 0, used + " of " + passed);
        assertEquals(
                Duration.ofMillis(7).plus(used),
                here.register
                        .usage(Account.Kind.USER, here.register.today())
                        .get(0)
                        .time());
    }

    @Test
    void thisMachineMakesItsClipMeanwhile() throws Exception {
        machines.number = 1;
        GenerationJob far = submit("far", "far");
        awaitBegun(1);
        GenerationJob near = submit("near", "starter");
        sampling.acquire();
        turns.release();
        JobState.Ended made = near.await(Duration.ofSeconds(20)).orElseThrow();
        assertInstanceOf(JobState.Completed.class, made);
        machines.ends.release();
        JobState.Ended failed = far.await(Duration.ofSeconds(20)).orElseThrow();
        assertEquals(
                "that machine has too little memory",
                assertInstanceOf(JobState.Failed.class, failed).cause().getMessage());
    }
}
