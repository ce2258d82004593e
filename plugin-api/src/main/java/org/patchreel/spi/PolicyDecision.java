package org.patchreel.spi;

import java.util.Objects;

/** What a policy says of a request. */
public sealed interface PolicyDecision {

    /** Nothing speaks against it. */
    record Allowed() implements PolicyDecision {}

    /**
     * It may not be generated.
     *
     * @param rule the rule's ID, for logs and reports
     * @param explanation one line for the person who asked; names the kind of content, never the word that was found
     */
    record Refused(String rule, String explanation) implements PolicyDecision {
        public Refused {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(explanation, "explanation");
        }
    }
}
