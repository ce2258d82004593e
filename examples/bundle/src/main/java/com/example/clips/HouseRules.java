package com.example.clips;

import java.util.Locale;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.patchreel.api.Shot;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PromptPolicy;
import org.patchreel.spi.Submission;

/** Refuses prompts about our competitor. Called from any thread. */
@Component
public final class HouseRules implements PromptPolicy {

    @Override
    public PolicyDecision decide(Submission submission) {
        // an expander may have added what the request does not say
        boolean named = Stream.concat(
                        submission.request().shots().stream().map(Shot::prompt), submission.expandedPrompts().stream())
                .anyMatch(prompt -> prompt.toLowerCase(Locale.ROOT).contains("umbrella corporation"));
        return named
                ? new PolicyDecision.Refused("house-rules", "other companies are not shown")
                : new PolicyDecision.Allowed();
    }
}
