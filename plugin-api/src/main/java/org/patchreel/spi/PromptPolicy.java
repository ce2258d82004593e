package org.patchreel.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says whether a request may be generated. All services of this type are asked, before a request is queued; one that
 * refuses is enough, and one that holds a request if none refuses it; those with the highest ranking come first. A policy that throws,
 * returns null, or takes more than 5 seconds counts as one that refuses, and is interrupted. May be called from any thread.
 */
@ConsumerType
public interface PromptPolicy {

    /**
     * Judges a submission. Quick: the caller waits.
     *
     * @param submission what is asked for, by whom, and the text that the model would read
     * @return the decision, never null
     */
    PolicyDecision decide(Submission submission);
}
