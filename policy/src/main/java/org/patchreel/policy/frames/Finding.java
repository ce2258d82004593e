package org.patchreel.policy.frames;

import org.patchreel.spi.PolicyDecision;

/**
 * What was found in frames.
 *
 * @param rule ID of the rule
 * @param explanation one line for the person who asked; names the kind of content
 * @param consequence as configured; never {@link Consequence#OFF}
 */
record Finding(String rule, String explanation, Consequence consequence) {

    PolicyDecision decision() {
        return consequence == Consequence.REFUSE
                ? new PolicyDecision.Refused(rule, explanation)
                : new PolicyDecision.Held(rule, explanation);
    }
}
