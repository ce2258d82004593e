package org.patchreel.spi;

import java.util.function.BooleanSupplier;
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
     * Tells what the caller should know of the clip that is made, for example that the prompt was too long. It stands in the
     * clip's metadata.
     *
     * @param text a sentence without a full stop
     */
    default void note(String text) {}

    /**
     * Adds a reason to stop.
     *
     * @param condition asked as often as {@link #cancelled()}; safe for use from any thread
     * @return this monitor, whose generation is also cancelled while the condition holds
     */
    default GenerationMonitor orCancelledIf(BooleanSupplier condition) {
        GenerationMonitor monitor = this;
        return new GenerationMonitor() {
            @Override
            public void progress(GenerationProgress progress) {
                monitor.progress(progress);
            }

            @Override
            public void note(String text) {
                monitor.note(text);
            }

            @Override
            public boolean cancelled() {
                return condition.getAsBoolean() || monitor.cancelled();
            }
        };
    }

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
