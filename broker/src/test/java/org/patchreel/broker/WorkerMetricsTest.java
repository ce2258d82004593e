package org.patchreel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.broker.wire.Announcement.State;
import org.patchreel.spi.Metric;

class WorkerMetricsTest {

    private static Announcement worker(String name, State state, Optional<Double> framesPerSecond) {
        return new Announcement(name, name, state, List.of(), 1 << 30, framesPerSecond, Optional.empty());
    }

    @Test
    void countsTheWorkersOfEachStateAndWhatTheyMakeTogether() throws IOException {
        WorkerMetrics metrics = new WorkerMetrics(
                () -> true,
                () -> List.of(
                        worker("a", State.BUSY, Optional.of(1.5)),
                        worker("b", State.BUSY, Optional.of(2.0)),
                        worker("c", State.IDLE, Optional.empty())));
        assertEquals(Map.of("idle", 1.0, "busy", 2.0, "draining", 0.0), read(metrics, "workers"));
        assertEquals(Map.of("", 3.5), read(metrics, "workers_frames_per_second"));
        assertEquals(Map.of("", 1.0), read(metrics, "broker_connected"));
    }

    @Test
    void withoutABrokerThereAreNoWorkers() throws IOException {
        WorkerMetrics metrics = new WorkerMetrics(() -> false, List::of);
        assertEquals(Map.of("idle", 0.0, "busy", 0.0, "draining", 0.0), read(metrics, "workers"));
        assertEquals(Map.of("", 0.0), read(metrics, "broker_connected"));
    }

    private static Map<String, Double> read(WorkerMetrics metrics, String name) throws IOException {
        for (Metric metric : metrics.metrics()) {
            if (metric.name().equals(name)) {
                return metric.read();
            }
        }
        throw new AssertionError("there is no metric " + name);
    }
}
