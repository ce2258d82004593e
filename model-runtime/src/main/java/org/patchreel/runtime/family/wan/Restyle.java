package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/**
 * A clip that is changed into another.
 *
 * @param latents of the clip, (1, z, F, h, w), normalised
 * @param strength how far it may move away from it, above 0 and at most 1
 */
record Restyle(NDArray latents, double strength) {

    /** {@return this clip behind other latents, (1, z, R, h, w)} */
    Restyle behind(NDArray references) {
        return new Restyle(NDArrays.concat(new NDList(references, latents), 2), strength);
    }
}
