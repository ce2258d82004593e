package org.patchreel.api;

/** Where a job stands. It moves forward only: queued, running, ended. */
public sealed interface JobState {

    /** A word for events, logs and JSON: {@code queued}, {@code running}, {@code completed}, {@code failed}, {@code cancelled}. */
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

    /** Somebody cancelled it; nothing of it remains. */
    record Cancelled() implements Ended {
        @Override
        public String name() {
            return "cancelled";
        }
    }
}
