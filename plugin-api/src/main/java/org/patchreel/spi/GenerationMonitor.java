package org.patchreel.spi;

import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.GenerationProgress;

/** Watches a generation and may stop it. Called from the generating thread; must return at once. */
@ConsumerType
public interface GenerationMonitor {

    /** Ignores progress and stops nothing. */
    GenerationMonitor UNWATCHED = new GenerationMonitor() {
        @Override
        public void progress(GenerationProgress progress) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    /**
     * Tells how far the generation is.
     *
     * @param progress stage and units done
     */
    void progress(GenerationProgress progress);

    /** {@return whether the generation should stop} */
    boolean cancelled();

    /**
     * Stops the generation if that was asked for.
     *
     * @throws GenerationCancelledException if it was
     */
    default void checkCancelled() throws GenerationCancelledException {
        if (cancelled()) {
            throw new GenerationCancelledException();
        }
    }
}
