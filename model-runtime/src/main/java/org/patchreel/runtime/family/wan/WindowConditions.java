package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.runtime.denoise.LatentStatistics;
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
     * @param opening what the window shall stay like; empty if it is free
     */
    record OfWindow(Optional<NDArray> embedding, ImageCondition image, Optional<Opening> opening) {

        /** {@return this condition of a window that shall end like it begins} */
        OfWindow tied() {
            return new OfWindow(embedding, new ImageCondition.Tied(image), opening);
        }
    }

    /**
     * What later windows are tied to, or what drifts from one to the next adds up over a minute.
     *
     * @param latent the clip's first latent frame, (1, z, 1, h, w), which the network sees before those of the window
     * @param statistics of the first window
     */
    record Opening(NDArray latent, LatentStatistics statistics) {}
}
