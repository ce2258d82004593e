package org.patchreel.workflow;

import org.patchreel.api.Branch;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.StoredAsset;

/** Where a step stands: at work, or at its outcome. */
public sealed interface StepState {

    /** The step's job waits: for others, for a budget, for a model. */
    record Waiting() implements StepState {}

    /**
     * The step's job is at work.
     *
     * @param progress how far
     */
    record Working(GenerationProgress progress) implements StepState {}

    /** How a step ended. Each but the first has a comment: one line for the workflow's history that says why. */
    sealed interface Outcome extends StepState {

        /**
         * Handles each way in which it can end.
         *
         * @param generated if the clip is there
         * @param refused if a policy does not allow it
         * @param failed if it did not work
         * @param cancelled if the job was cancelled
         * @param <R> what the branches return
         * @param <X> what they throw
         * @return what the branch of this case returns
         * @throws X as the branch of this case does
         */
        <R, X extends Exception> R fold(
                Branch<? super Generated, ? extends R, ? extends X> generated,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled)
                throws X;
    }

    /**
     * The clip is there.
     *
     * @param asset in the generator's store; a host that keeps its assets elsewhere copies it from there
     */
    record Generated(StoredAsset asset) implements Outcome {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Generated, ? extends R, ? extends X> generated,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled)
                throws X {
            return generated.apply(this);
        }
    }

    /**
     * A policy does not allow it.
     *
     * @param rule the rule's ID
     * @param comment why
     */
    record Refused(String rule, String comment) implements Outcome {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Generated, ? extends R, ? extends X> generated,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled)
                throws X {
            return refused.apply(this);
        }
    }

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

        /** No generator is there, or no store for the pictures and clips that it is to use. */
        public static final String NO_GENERATOR = "no-generator";

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Generated, ? extends R, ? extends X> generated,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled)
                throws X {
            return failed.apply(this);
        }
    }

    /**
     * The job was cancelled, and nothing of it remains; or the step or the generator has stopped, and the job goes on under its ID,
     * with the generator at the latest when that is back.
     *
     * @param comment by what
     */
    record Cancelled(String comment) implements Outcome {
        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Generated, ? extends R, ? extends X> generated,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled)
                throws X {
            return cancelled.apply(this);
        }
    }
}
