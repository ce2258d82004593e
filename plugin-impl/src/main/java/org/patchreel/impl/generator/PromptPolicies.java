package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;

/**
 * The policies of the installation, which come and go with their services; those with the highest ranking are asked first. Safe for
 * use from any thread.
 */
@Component(service = PromptPolicies.class, configurationPid = PromptPolicies.PID)
@Designate(ocd = PromptPolicies.Config.class)
public final class PromptPolicies {
    /** Of what has to be there before anything is generated. */
    static final String PID = "org.patchreel.required";

    /**
     * Minimum cardinalities of references, by which Declarative Services decides whether the generator can be there.
     *
     * @see <a href="https://docs.osgi.org/specification/osgi.cmpn/8.0.0/service.component.html#service.component-minimum.cardinality.property">
     *     Minimum cardinality property</a>
     */
    @ObjectClassDefinition(
            name = "Patchreel required services",
            description =
                    "Without these the generator is not there, and nothing is generated: what starts later, or fails"
                            + " to start, is missed by no request")
    @interface Config {
        @AttributeDefinition(description = "Number of prompt policies; the bundle policy has one")
        int policy_cardinality_minimum() default 0;

        @AttributeDefinition(description = "Number of checks of frames; the bundle policy has one")
        int check_cardinality_minimum() default 0;
    }

    private static final Refused BROKEN = new Refused(
            "policy-failure", "a policy of this installation failed, and what cannot be judged is not generated");

    /** How long a policy may take: whoever submits a request waits. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

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

    /** The framework counts the policies: jobs go on as long as there are enough. */
    @Modified
    void modified() {}

    @Reference(name = "policy", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
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
