package org.patchreel.spi;

import java.util.Objects;
import org.patchreel.api.Branch;

/** What a policy says of a request, or a check of frames of what was made of it. */
public sealed interface PolicyDecision {

    /**
     * Handles each decision.
     *
     * @param allowed if nothing speaks against it
     * @param refused if it may not be generated, or stored
     * @param held if it may be when somebody has released it
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this decision returns
     * @throws X as the branch of this decision does
     */
    <R, X extends Exception> R fold(
            Branch<? super Allowed, ? extends R, ? extends X> allowed,
            Branch<? super Refused, ? extends R, ? extends X> refused,
            Branch<? super Held, ? extends R, ? extends X> held)
            throws X;

    /** Nothing speaks against it. */
    record Allowed() implements PolicyDecision {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Allowed, ? extends R, ? extends X> allowed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Held, ? extends R, ? extends X> held)
                throws X {
            return allowed.apply(this);
        }
    }

    /**
     * It may not be generated, or stored.
     *
     * @param rule the rule's ID, for logs and reports
     * @param explanation one line for the person who asked; names the kind of content, never the word that was found
     */
    record Refused(String rule, String explanation) implements PolicyDecision {
        public Refused {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(explanation, "explanation");
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Allowed, ? extends R, ? extends X> allowed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Held, ? extends R, ? extends X> held)
                throws X {
            return refused.apply(this);
        }
    }

    /**
     * It is generated, or a made clip is signed and stored, when an operator has released its job ({@link
     * org.patchreel.api.Jobs#release}).
     *
     * @param rule the rule's ID, for logs and reports; not empty
     * @param explanation one line for the person who asked and for who decides
     */
    record Held(String rule, String explanation) implements PolicyDecision {
        public Held {
            if (rule.isEmpty()) {
                throw new IllegalArgumentException("rule is empty");
            }
            Objects.requireNonNull(explanation, "explanation");
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Allowed, ? extends R, ? extends X> allowed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Held, ? extends R, ? extends X> held)
                throws X {
            return held.apply(this);
        }
    }
}
