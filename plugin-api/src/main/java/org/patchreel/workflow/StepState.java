package org.patchreel.workflow;

import org.patchreel.api.GenerationProgress;
import org.patchreel.api.StoredAsset;

/** Where a step stands: at work, or at its outcome. */
public sealed interface StepState {

    /** The step's job waits for others. */
    record Waiting() implements StepState {}

    /**
     * The step's job is at work.
     *
     * @param progress how far
     */
    record Working(GenerationProgress progress) implements StepState {}

    /** How a step ended. Each but the first has a comment: one line for the workflow's history that says why. */
    sealed interface Outcome extends StepState {}

    /**
     * The clip is there.
     *
     * @param asset in the generator's store; a host that keeps its assets elsewhere copies it from there
     */
    record Generated(StoredAsset asset) implements Outcome {}

    /**
     * A policy does not allow it.
     *
     * @param rule the rule's ID
     * @param comment why
     */
    record Refused(String rule, String comment) implements Outcome {}

    /**
     * It did not work.
     *
     * @param reason a word to branch on: {@link #ARGUMENTS}, {@link #NO_GENERATOR}, or a {@link
     *     org.patchreel.api.GenerationException.Reason#label()}
     * @param comment why
     */
    record Failed(String reason, String comment) implements Outcome {
        /** The step's arguments, or what they take from the payload, are wrong. */
        public static final String ARGUMENTS = "arguments";

        /** No generator is there. */
        public static final String NO_GENERATOR = "no-generator";
    }

    /**
     * The job was cancelled; nothing of it remains.
     *
     * @param comment by what
     */
    record Cancelled(String comment) implements Outcome {}
}
