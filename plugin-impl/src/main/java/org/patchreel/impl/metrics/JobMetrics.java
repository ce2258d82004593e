package org.patchreel.impl.metrics;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.jobs.Account;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.impl.jobs.Usage;
import org.patchreel.spi.Metric;
import org.patchreel.spi.Metric.Label;
import org.patchreel.spi.MetricSource;

/** What the register knows of the jobs, those of other processes and of earlier runs included. */
@Component(service = MetricSource.class)
public final class JobMetrics implements MetricSource {

    private static final double MILLIS = 1000;

    private static final Label STATES = new Label(
            "state",
            Stream.of(RegisteredState.values()).map(RegisteredState::label).toList());

    private final JobRegister register;
    private final InstantSource clock;

    /**
     * Creates the source.
     *
     * @param register has the jobs
     */
    @Activate
    public JobMetrics(@Reference JobRegister register) {
        this(register, InstantSource.system());
    }

    JobMetrics(JobRegister register, InstantSource clock) {
        this.register = register;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "Jobs";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.gauge(
                        "jobs",
                        "jobs",
                        "Jobs in the register by state; those that ended longer ago than keep.days are not counted",
                        STATES,
                        this::jobs),
                Metric.gauge(
                        "queue_length",
                        "jobs",
                        "Jobs that wait for their turn, a budget or a model",
                        this::queueLength),
                Metric.gauge(
                        "oldest_waiting_seconds",
                        "seconds",
                        "Time for which the job has waited that was submitted first of those that wait; 0 if none does",
                        this::oldestWaiting),
                Metric.gauge(
                        "paused",
                        "1 if so",
                        "Whether no job begins until somebody resumes",
                        () -> register.isPaused() ? 1 : 0),
                Metric.counter(
                        "device_seconds",
                        "seconds",
                        "Time for which jobs kept a device busy since the register was begun, failed ones included",
                        this::deviceSeconds));
    }

    private Map<String, Long> jobs() throws IOException {
        Map<String, Long> jobs = new HashMap<>();
        register.counts().forEach((state, count) -> jobs.put(state.label(), count));
        return jobs;
    }

    private double queueLength() throws IOException {
        Map<RegisteredState, Long> counts = register.counts();
        return counts.getOrDefault(RegisteredState.QUEUED, 0L) + counts.getOrDefault(RegisteredState.WAITING, 0L);
    }

    /** A clock that was set back does not make it negative. */
    private double oldestWaiting() throws IOException {
        Instant now = clock.instant();
        Duration age = register.oldestWaiting()
                .map(submitted -> Duration.between(submitted, now))
                .orElse(Duration.ZERO);
        return Math.max(0, age.toMillis() / MILLIS);
    }

    private double deviceSeconds() throws IOException {
        return register.usage(Account.Kind.MODEL, LocalDate.EPOCH).stream()
                        .map(Usage::time)
                        .reduce(Duration.ZERO, Duration::plus)
                        .toMillis()
                / MILLIS;
    }
}
