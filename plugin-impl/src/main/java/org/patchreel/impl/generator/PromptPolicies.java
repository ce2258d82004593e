package org.patchreel.impl.generator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies of the installation, which come and go with their services. Safe for use from any thread. */
@Component(service = PromptPolicies.class)
public final class PromptPolicies {

    private static final Logger log = LoggerFactory.getLogger(PromptPolicies.class);

    private static final Refused BROKEN = new Refused(
            "policy-failure", "a policy of this installation failed, and what cannot be judged is not generated");

    private final List<PromptPolicy> policies = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPolicy(PromptPolicy policy) {
        policies.add(policy);
    }

    void removePolicy(PromptPolicy policy) {
        policies.remove(policy);
    }

    /**
     * Asks all policies.
     *
     * @return the first refusal; the first decision that holds the request if there is none, or that it is allowed
     */
    PolicyDecision judge(Submission submission) {
        PolicyDecision milder = new Allowed();
        for (PromptPolicy policy : policies) {
            PolicyDecision decision = decide(policy, submission);
            if (decision instanceof Refused) {
                return decision;
            }
            if (milder instanceof Allowed) {
                milder = decision;
            }
        }
        return milder;
    }

    /** What a policy decides; a policy that decides nothing, or fails in whatever way, refuses. */
    private static PolicyDecision decide(PromptPolicy policy, Submission submission) {
        String name = policy.getClass().getName();
        try {
            @Nullable PolicyDecision decision = policy.decide(submission);
            if (decision != null) {
                return decision;
            }
            log.warn("The policy {} returned no decision; the request is refused", name);
        } catch (Exception | Error e) {
            log.warn("The policy {} failed; the request is refused", name, e);
        }
        return BROKEN;
    }
}
