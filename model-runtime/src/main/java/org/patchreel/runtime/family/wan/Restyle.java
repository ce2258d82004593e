package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;

/**
 * A clip that is changed into another.
 *
 * @param latents of the clip, (1, z, F, h, w), normalised
 * @param strength how far it may move away from it, above 0 and at most 1
 */
record Restyle(NDArray latents, double strength) {}
