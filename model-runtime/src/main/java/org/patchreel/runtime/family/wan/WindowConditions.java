package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.spi.GenerationCancelledException;

/** What the windows of a clip are made from besides the prompt: the frames that the task gives, and the windows before. */
@FunctionalInterface
interface WindowConditions {

    /**
     * Conditions a window.
     *
     * @param run the window
     * @param before what the windows before have left
     * @param scope will own the result
     */
    OfWindow of(WindowPlan.Run run, WindowedRun.Before before, NDManager scope)
            throws GenerationException, GenerationCancelledException;

    /**
     * The condition of one window.
     *
     * @param embedding see {@link Conditioning}
     * @param image see {@link Conditioning}
     */
    record OfWindow(Optional<NDArray> embedding, ImageCondition image) {}
}
