package org.patchreel.impl.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobSettings;
import org.patchreel.impl.jobs.JobsConfiguration;
import org.patchreel.impl.jobs.RegisteredState;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.ConfigurationException;

/** Says how the queue is. */
final class JobDiagnostics {

    private static final String SUBJECT = "jobs";

    /** A queue that is fuller is soon full. */
    private static final double NEARLY_FULL = 0.9;

    private JobDiagnostics() {}

    /**
     * Looks at the queue.
     *
     * @param register of the jobs
     * @param configuration has the limit of the queue
     * @param clock says how old the oldest job is; one that was set back does not make that negative
     */
    static List<Finding> of(JobRegister register, JobsConfiguration configuration, InstantSource clock) {
        try {
            Map<RegisteredState, Long> counts = register.counts();
            long waiting =
                    counts.getOrDefault(RegisteredState.QUEUED, 0L) + counts.getOrDefault(RegisteredState.WAITING, 0L);
            Optional<Instant> oldest = register.oldestWaiting();
            String state = waiting + " wait"
                    + oldest.map(time -> ", the oldest for " + age(time, clock)).orElse("")
                    + ", " + counts.getOrDefault(RegisteredState.RUNNING, 0L) + " at work"
                    + (register.isPaused() ? ", paused" : "");
            Optional<Problem> problem = register.problem();
            if (problem.isPresent()) {
                return List.of(Finding.soon(
                        SUBJECT, problem.get().description(), problem.get().remedy()));
            }
            int limit = configuration.get().limits().queued();
            if (limit != JobSettings.UNLIMITED && waiting >= NEARLY_FULL * limit) {
                return List.of(Finding.soon(
                        SUBJECT, state + ", and " + limit + " may wait", "cancel jobs, or raise queue.max"));
            }
            if (register.isPaused()) {
                return List.of(Finding.soon(SUBJECT, state, "resume lets jobs begin"));
            }
            return List.of(Finding.good(SUBJECT, state));
        } catch (IOException | ConfigurationException e) {
            return List.of(Finding.bad(SUBJECT, String.valueOf(e.getMessage()), "correct what is named"));
        }
    }

    private static String age(Instant submitted, InstantSource clock) {
        Duration age = Duration.between(submitted, clock.instant());
        return JobView.seconds(age.isNegative() ? Duration.ZERO : age);
    }
}
