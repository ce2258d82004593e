package org.patchreel.api;

/** Where a job stands. It moves forward only: queued, running, ended. */
public sealed interface JobState {

    /** A word for events, logs and JSON: {@code queued}, {@code running}, {@code completed}, {@code refused}, {@code failed}, {@code cancelled}. */
    String name();

    /** Waits for the jobs before it. */
    record Queued() implements JobState {
        @Override
        public String name() {
            return "queued";
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
    }

    /** A state that no other follows. */
    sealed interface Ended extends JobState {}

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
    }

    /** It was cancelled: by a caller, because its model was removed, or because the generator stopped. Nothing of it remains. */
    record Cancelled() implements Ended {
        @Override
        public String name() {
            return "cancelled";
        }
    }
}
