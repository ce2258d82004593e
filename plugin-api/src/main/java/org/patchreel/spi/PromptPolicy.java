package org.patchreel.spi;

import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.GenerationRequest;

/**
 * Says whether a request may be generated. All services of this type are asked, before a request is queued; one that
 * refuses is enough. A policy that throws, or returns null, counts as one that refuses. May be called from any thread.
 */
@ConsumerType
public interface PromptPolicy {

    /**
     * Judges a request. Quick: the caller waits.
     *
     * @param request what is asked for
     * @return the decision
     */
    PolicyDecision decide(GenerationRequest request);
}
