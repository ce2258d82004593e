package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;

class PromptPoliciesTest {

    private static final Submission SUBMISSION =
            new Submission(GenerationRequest.of("a red ball rolls past a tree"), Requester.UNKNOWN);

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    @Test
    void asksThePoliciesWithTheHighestRankingFirst() {
        PromptPolicies policies = new PromptPolicies();
        policies.addPolicy(allowing("none"), Map.of());
        policies.addPolicy(allowing("low"), Map.of(Constants.SERVICE_RANKING, -1));
        policies.addPolicy(allowing("high"), Map.of(Constants.SERVICE_RANKING, 5));
        assertEquals(new Allowed(), policies.judge(SUBMISSION));
        assertEquals(List.of("high", "none", "low"), asked);
    }

    @Test
    void asksNoFurtherAfterARefusal() {
        PromptPolicies policies = new PromptPolicies();
        policies.addPolicy(allowing("low"), Map.of());
        policies.addPolicy(submission -> new Refused("rule", "not here"), Map.of(Constants.SERVICE_RANKING, 1));
        assertEquals(new Refused("rule", "not here"), policies.judge(SUBMISSION));
        assertEquals(List.of(), asked);
    }

    @Test
    void aPolicyThatTakesTooLongRefusesAndIsInterrupted() throws Exception {
        PromptPolicies policies = new PromptPolicies(Duration.ofMillis(50));
        CountDownLatch interrupted = new CountDownLatch(1);
        policies.addPolicy(
                submission -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return new PolicyDecision.Allowed();
                },
                Map.of());
        assertEquals(
                "policy-failure",
                assertInstanceOf(Refused.class, policies.judge(SUBMISSION)).rule());
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aPolicyThatHasGoneIsNotAsked() {
        PromptPolicies policies = new PromptPolicies();
        PromptPolicy gone = allowing("gone");
        policies.addPolicy(gone, Map.of());
        policies.removePolicy(gone);
        assertEquals(new Allowed(), policies.judge(SUBMISSION));
        assertEquals(List.of(), asked);
    }

    private PromptPolicy allowing(String name) {
        return submission -> {
            asked.add(name);
            return new PolicyDecision.Allowed();
        };
    }
}
