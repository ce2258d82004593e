package com.example.clips;

import java.util.Locale;
import org.osgi.service.component.annotations.Component;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;

/** Refuses prompts about our competitor. Called from any thread. */
@Component
public final class HouseRules implements PromptPolicy {

    @Override
    public PolicyDecision decide(Submission submission) {
        boolean named = submission.request().shots().stream()
                .anyMatch(shot -> shot.prompt().toLowerCase(Locale.ROOT).contains("umbrella corporation"));
        return named
                ? new PolicyDecision.Refused("house-rules", "other companies are not shown")
                : new PolicyDecision.Allowed();
    }
}
