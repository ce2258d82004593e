package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of the installation, which come and go with their services; those with the highest ranking are asked first. Safe for
 * use from any thread.
 */
@Component(service = PromptPolicies.class)
public final class PromptPolicies {

    private static final Logger log = LoggerFactory.getLogger(PromptPolicies.class);

    private static final Refused BROKEN = new Refused(
            "policy-failure", "a policy of this installation failed, and what cannot be judged is not generated");

    /** How long a policy may take: whoever submits a request waits. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private record Ranked(PromptPolicy policy, int ranking) {}

    private final List<Ranked> policies = new CopyOnWriteArrayList<>();
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
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer given ? given : 0;
        policies.add(new Ranked(policy, ranking));
        policies.sort(Comparator.comparing(Ranked::ranking, Comparator.reverseOrder()));
    }

    void removePolicy(PromptPolicy policy) {
        policies.removeIf(each -> each.policy() == policy);
    }

    /**
     * Asks all policies.
     *
     * @return the first refusal; the first decision that holds the request if there is none, or that it is allowed
     */
    PolicyDecision judge(Submission submission) {
        PolicyDecision milder = new Allowed();
        for (Ranked each : policies) {
            PolicyDecision decision = decide(each.policy(), submission);
            if (decision instanceof Refused) {
                return decision;
            }
            if (milder instanceof Allowed) {
                milder = decision;
            }
        }
        return milder;
    }

    /** What a policy decides; a policy that decides nothing, fails in whatever way, or takes too long, refuses. */
    private PolicyDecision decide(PromptPolicy policy, Submission submission) {
        String name = policy.getClass().getName();
        FutureTask<@Nullable PolicyDecision> task = new FutureTask<>(() -> policy.decide(submission));
        try {
            // a thread for each: one that never comes back must not keep others from being judged
            Thread thread = new Thread(task, "patchreel-policy");
            thread.setDaemon(true);
            thread.start();
            @Nullable PolicyDecision decision = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (decision != null) {
                return decision;
            }
            log.warn("The policy {} returned no decision; the request is refused", name);
        } catch (TimeoutException e) {
            task.cancel(true);
            log.warn("The policy {} took more than {} ms; the request is refused", name, limit.toMillis());
        } catch (ExecutionException e) {
            log.warn("The policy {} failed; the request is refused", name, e.getCause());
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            log.warn("The policy {} was interrupted; the request is refused", name);
        } catch (OutOfMemoryError e) {
            log.warn("No thread could be started for the policy {}; the request is refused", name, e);
        }
        return BROKEN;
    }
}
