package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;

/**
 * Latent frames that are given.
 *
 * @param first index of the first of them in the clip's latents, from 0
 * @param latents (1, z, n, h, w), without noise
 */
record KnownLatents(int first, NDArray latents) {}
