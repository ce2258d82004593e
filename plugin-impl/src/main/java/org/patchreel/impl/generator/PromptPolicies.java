package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;

/**
 * The policies of the installation, which come and go with their services; those with the highest ranking are asked first. Safe for
 * use from any thread.
 */
@Component(service = PromptPolicies.class)
public final class PromptPolicies {

    private static final Refused BROKEN = new Refused(
            "policy-failure", "a policy of this installation failed, and what cannot be judged is not generated");

    /** How long a policy may take: whoever submits a request waits. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final RankedServices<PromptPolicy> policies = new RankedServices<>();
    private final Duration limit;

    /** Creates a list without policies. */
    @Activate
    public PromptPolicies() {
        this(LIMIT);
    }

    PromptPolicies(Duration limit) {
        this.limit = limit;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPolicy(PromptPolicy policy, Map<String, ?> properties) {
        policies.add(policy, properties);
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
        for (PromptPolicy policy : policies.all()) {
            PolicyDecision decision =
                    Verdict.of(policy.getClass().getName(), () -> policy.decide(submission), limit, BROKEN);
            if (decision instanceof Refused) {
                return decision;
            }
            if (milder instanceof Allowed) {
                milder = decision;
            }
        }
        return milder;
    }
}
