package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.patchreel.api.GenerationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long jobs will take, by clips of the same model; the clips are looked at again when a further one was made, and not for each
 * job. Safe for use from any thread.
 */
final class Estimates {

    private static final Logger log = LoggerFactory.getLogger(Estimates.class);

    private final CurrentStore stores;
    private final Map<String, TimeEstimate> byModel = new ConcurrentHashMap<>();

    Estimates(CurrentStore stores) {
        this.stores = stores;
    }

    /** {@return how long a job will take; empty if there is nothing to tell by, which stops nobody} */
    Optional<Duration> of(ResolvedRequest work) {
        String name = work.order().model();
        try {
            TimeEstimate estimate = byModel.get(name);
            if (estimate == null) {
                estimate = TimeEstimate.by(work.model(), stores.get());
                byModel.put(name, estimate);
            }
            return estimate.of(work.planned(), work.order().format());
        } catch (IOException | GenerationException | RuntimeException e) {
            log.debug("How long {} takes cannot be estimated", work.order().id(), e);
            return Optional.empty();
        }
    }

    /** Looks at the clips of a model again before the next estimate. */
    void forget(String model) {
        byModel.remove(model);
    }
}
