package org.patchreel.impl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Registers;
import org.patchreel.spi.Metric;

@SuppressWarnings("NullAway.Init") // open
class JobMetricsTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private JobRegister register;
    private JobMetrics metrics;

    @BeforeEach
    void open(@TempDir Path folder) {
        register = Registers.open(folder.resolve("jobs.db"), () -> NOW);
        metrics = new JobMetrics(register, () -> NOW.plusSeconds(5));
    }

    @AfterEach
    void close() {
        register.close();
    }

    @Test
    void countsTheJobsOfEachStateAndThoseThatWait() throws IOException {
        add("1", NOW);
        JobRecord second = add("2", NOW);
        register.save(List.of(
                second.with(new JobRecord.Status(RegisteredState.WAITING, "model", "waits for the model wan"), NOW)));
        register.begin(add("3", NOW), NOW);
        assertEquals(
                Map.of(
                        "queued",
                        1.0,
                        "waiting",
                        1.0,
                        "running",
                        1.0,
                        "completed",
                        0.0,
                        "refused",
                        0.0,
                        "failed",
                        0.0,
                        "cancelled",
                        0.0),
                read("jobs"));
        assertEquals(2, value("queue_length"));
    }

    @Test
    void tellsForHowLongTheOldestJobHasWaited() throws IOException {
        assertEquals(0, value("oldest_waiting_seconds"));
        add("1", NOW.minusMillis(1500));
        add("2", NOW);
        assertEquals(6.5, value("oldest_waiting_seconds"));
    }

    @Test
    void aJobOfTheFutureHasWaitedForNoTime() throws IOException {
        add("1", NOW.plusSeconds(100));
        assertEquals(0, value("oldest_waiting_seconds"));
    }

    @Test
    void tellsWhetherTheQueueIsPaused() throws IOException {
        assertEquals(0, value("paused"));
        register.pause(true);
        assertEquals(1, value("paused"));
    }

    @Test
    void sumsUpTheDeviceSecondsOfAllModelsOnce() throws IOException {
        assertEquals(0, value("device_seconds"));
        register.charge(add("1", NOW), Duration.ofMillis(1500), Optional.empty(), true);
        register.charge(add("2", NOW, "wan"), Duration.ofSeconds(2), Optional.empty(), false);
        assertEquals(3.5, value("device_seconds"));
    }

    @Test
    void saysSoIfTheRegisterCannotBeRead() {
        register.close();
        for (Metric metric : metrics.metrics()) {
            assertThrows(IOException.class, metric::read, metric.name());
        }
    }

    private JobRecord add(String id, Instant submitted) throws IOException {
        return add(id, submitted, "starter");
    }

    private JobRecord add(String id, Instant submitted, String model) throws IOException {
        return register.add(
                JobRecord.submitted(
                        id,
                        new Requester(Optional.of("anna"), Set.of("editors"), Optional.of("spring"), Optional.empty()),
                        new JobRecord.Subject(model, "a ball"),
                        submitted,
                        Optional.empty()),
                "{}");
    }

    private Map<String, Double> read(String name) throws IOException {
        return metrics.metrics().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow()
                .read();
    }

    private double value(String name) throws IOException {
        return read(name).getOrDefault("", Double.NaN);
    }
}
