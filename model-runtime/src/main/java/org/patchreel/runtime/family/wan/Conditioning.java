package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * What the denoising is told.
 *
 * @param prompt states of the text encoder, (1, K, width)
 * @param negativePrompt likewise; empty if there is no guidance
 * @param imageEmbedding states of an image encoder, for the image branch of Wan 2.1: (1, N, width)
 * @param image a conditioning image's latents
 */
record Conditioning(
        NDArray prompt, Optional<NDArray> negativePrompt, Optional<NDArray> imageEmbedding, ImageCondition image) {}
