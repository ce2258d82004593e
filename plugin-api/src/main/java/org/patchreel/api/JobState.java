package org.patchreel.api;

/**
 * Where a job stands: it waits, runs, has ended. A job that runs waits again if its model goes, or its process ends, before it
 * has ended.
 */
public sealed interface JobState {

    /**
     * A word for events, logs and JSON: {@code queued}, {@code waiting}, {@code running}, {@code completed}, {@code refused}, {@code
     * failed}, {@code cancelled}, {@code suspended}.
     */
    String name();

    /**
     * Handles each state in which a job can be.
     *
     * @param queued if it waits for its turn
     * @param waiting if it waits for something else
     * @param running if it is at work
     * @param ended if it has ended; {@link Ended#fold} tells how
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this state returns
     * @throws X as the branch of this state does
     */
    <R, X extends Exception> R fold(
            Branch<? super Queued, ? extends R, ? extends X> queued,
            Branch<? super Waiting, ? extends R, ? extends X> waiting,
            Branch<? super Running, ? extends R, ? extends X> running,
            Branch<? super Ended, ? extends R, ? extends X> ended)
            throws X;

    /** Waits for the jobs before it. */
    record Queued() implements JobState {
        @Override
        public String name() {
            return "queued";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Queued, ? extends R, ? extends X> queued,
                Branch<? super Waiting, ? extends R, ? extends X> waiting,
                Branch<? super Running, ? extends R, ? extends X> running,
                Branch<? super Ended, ? extends R, ? extends X> ended)
                throws X {
            return queued.apply(this);
        }
    }

    /**
     * Waits for something else than its turn, and is queued again when that has come.
     *
     * @param reason what it waits for, one line for people: a budget that is used up for today, a model that is not there,
     *     or that an operator releases it
     */
    record Waiting(String reason) implements JobState {
        @Override
        public String name() {
            return "waiting";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Queued, ? extends R, ? extends X> queued,
                Branch<? super Waiting, ? extends R, ? extends X> waiting,
                Branch<? super Running, ? extends R, ? extends X> running,
                Branch<? super Ended, ? extends R, ? extends X> ended)
                throws X {
            return waiting.apply(this);
        }
    }

    /**
     * At work.
     *
     * @param progress how far
     */
    record Running(GenerationProgress progress) implements JobState {
        @Override
        public String name() {
            return "running";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Queued, ? extends R, ? extends X> queued,
                Branch<? super Waiting, ? extends R, ? extends X> waiting,
                Branch<? super Running, ? extends R, ? extends X> running,
                Branch<? super Ended, ? extends R, ? extends X> ended)
                throws X {
            return running.apply(this);
        }
    }

    /** A state that no other follows, as far as this {@link GenerationJob} tells. */
    sealed interface Ended extends JobState {

        @Override
        default <R, X extends Exception> R fold(
                Branch<? super Queued, ? extends R, ? extends X> queued,
                Branch<? super Waiting, ? extends R, ? extends X> waiting,
                Branch<? super Running, ? extends R, ? extends X> running,
                Branch<? super Ended, ? extends R, ? extends X> ended)
                throws X {
            return ended.apply(this);
        }

        /**
         * Handles each way in which it can end.
         *
         * @param completed if the clip is stored
         * @param refused if a policy does not allow it
         * @param failed if the clip could not be made
         * @param cancelled if somebody cancelled it
         * @param suspended if the generator stopped before
         * @param <R> what the branches return
         * @param <X> what they throw
         * @return what the branch of this case returns
         * @throws X as the branch of this case does
         */
        <R, X extends Exception> R fold(
                Branch<? super Completed, ? extends R, ? extends X> completed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled,
                Branch<? super Suspended, ? extends R, ? extends X> suspended)
                throws X;
    }

    /**
     * The clip is stored.
     *
     * @param asset where
     */
    record Completed(AssetReference asset) implements Ended {
        @Override
        public String name() {
            return "completed";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Completed, ? extends R, ? extends X> completed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled,
                Branch<? super Suspended, ? extends R, ? extends X> suspended)
                throws X {
            return completed.apply(this);
        }
    }

    /**
     * A policy of the installation does not allow it; nothing was generated.
     *
     * @param rule the rule's ID
     * @param explanation one line for the person who asked
     */
    record Refused(String rule, String explanation) implements Ended {
        @Override
        public String name() {
            return "refused";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Completed, ? extends R, ? extends X> completed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled,
                Branch<? super Suspended, ? extends R, ? extends X> suspended)
                throws X {
            return refused.apply(this);
        }
    }

    /**
     * The clip could not be made; nothing of it remains.
     *
     * @param cause why
     */
    record Failed(GenerationException cause) implements Ended {
        @Override
        public String name() {
            return "failed";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Completed, ? extends R, ? extends X> completed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled,
                Branch<? super Suspended, ? extends R, ? extends X> suspended)
                throws X {
            return failed.apply(this);
        }
    }

    /** It was cancelled by somebody. Nothing of it remains. */
    record Cancelled() implements Ended {
        @Override
        public String name() {
            return "cancelled";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Completed, ? extends R, ? extends X> completed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled,
                Branch<? super Suspended, ? extends R, ? extends X> suspended)
                throws X {
            return cancelled.apply(this);
        }
    }

    /**
     * The generator stopped before the job had ended, as when its bundle is updated or the process ends in order. The job is kept
     * in the register and goes on when a generator is back, whose {@link VideoGenerator#job} and {@link VideoGenerator#submit} lead
     * to it by its ID; this object tells no more of it.
     */
    record Suspended() implements Ended {
        @Override
        public String name() {
            return "suspended";
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Completed, ? extends R, ? extends X> completed,
                Branch<? super Refused, ? extends R, ? extends X> refused,
                Branch<? super Failed, ? extends R, ? extends X> failed,
                Branch<? super Cancelled, ? extends R, ? extends X> cancelled,
                Branch<? super Suspended, ? extends R, ? extends X> suspended)
                throws X {
            return suspended.apply(this);
        }
    }
}
