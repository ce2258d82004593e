package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Makes one velocity of the predictions with the prompt and without it. May keep state: for one run, network and window. */
@FunctionalInterface
public interface GuidanceRule {

    /** The prediction without the prompt, moved away towards the one with it. */
    GuidanceRule PLAIN = (with, without, scale, level, scope) -> {
        try (NDArray towards = with.sub(without).mul(scale)) {
            NDArray guided = without.add(towards);
            guided.attach(scope);
            return guided;
        }
    };

    /**
     * Combines.
     *
     * @param with the prediction with the prompt, (B, z, F, h, w), float32
     * @param without that with the negative prompt, likewise
     * @param scale 1 gives the prediction with the prompt
     * @param level of the noise
     * @param scope will own the result
     * @return likewise
     */
    NDArray combine(NDArray with, NDArray without, double scale, Level level, NDManager scope);
}
