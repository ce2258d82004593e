package org.patchreel.broker;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.broker.wire.Announcement.State;
import org.patchreel.spi.Metric;
import org.patchreel.spi.Metric.Label;

/** How many workers there are, and whether the broker is. */
final class WorkerMetrics {

    private static final Label STATES = new Label(
            "state",
            Stream.of(State.values())
                    .filter(state -> state != State.GONE)
                    .map(State::label)
                    .toList());

    private final BooleanSupplier connected;
    private final Supplier<List<Announcement>> workers;

    WorkerMetrics(BooleanSupplier connected, Supplier<List<Announcement>> workers) {
        this.connected = connected;
        this.workers = workers;
    }

    List<Metric> metrics() {
        return List.of(
                Metric.gauge(
                        "workers",
                        "workers",
                        "Workers by state; one that has told nothing for 15 seconds is not counted",
                        STATES,
                        this::byState),
                Metric.gauge(
                        "workers_frames_per_second",
                        "frames per second",
                        "Frames that the workers together make while all are busy, by the last clip of each",
                        this::framesPerSecond),
                Metric.gauge(
                        "broker_connected",
                        "1 if so",
                        "Whether the message broker of the workers is connected",
                        () -> connected.getAsBoolean() ? 1 : 0));
    }

    private Map<String, Long> byState() {
        return workers.get().stream()
                .map(worker -> worker.state().label())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private double framesPerSecond() {
        return workers.get().stream()
                .flatMap(worker -> worker.framesPerSecond().stream())
                .mapToDouble(rate -> rate)
                .sum();
    }
}
