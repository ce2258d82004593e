package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.PolicyDecision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a policy, which is others' code: what decides nothing, fails in whatever way, or takes too long, refuses. */
final class Verdict {

    private static final Logger log = LoggerFactory.getLogger(Verdict.class);

    private Verdict() {}

    /**
     * Asks.
     *
     * @param who is asked, for the log
     * @param question run by a thread of its own, which is interrupted after the limit
     * @param limit how long that may take
     * @param broken the decision if there is no other
     * @return the decision
     */
    static PolicyDecision of(
            String who, Callable<? extends @Nullable PolicyDecision> question, Duration limit, PolicyDecision broken) {
        FutureTask<@Nullable PolicyDecision> task = new FutureTask<>(question::call);
        try {
            // a thread for each: one that never comes back must not keep others from being judged
            Thread thread = new Thread(task, "patchreel-policy");
            thread.setDaemon(true);
            thread.start();
            @Nullable PolicyDecision decision = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (decision != null) {
                return decision;
            }
            log.warn("The policy {} returned no decision; the request is refused", who);
        } catch (TimeoutException e) {
            task.cancel(true);
            log.warn("The policy {} took more than {} ms; the request is refused", who, limit.toMillis());
        } catch (ExecutionException e) {
            log.warn("The policy {} failed; the request is refused", who, e.getCause());
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            log.warn("The policy {} was interrupted; the request is refused", who);
        } catch (OutOfMemoryError e) {
            log.warn("No thread could be started for the policy {}; the request is refused", who, e);
        }
        return broken;
    }
}
