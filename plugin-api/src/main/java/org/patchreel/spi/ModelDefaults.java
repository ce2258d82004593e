package org.patchreel.spi;

import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

/**
 * What a request gets of a model that it leaves open.
 *
 * @param nativeFormat the size, length and frame rate that the model was trained for
 * @param outputSize the size of the clip
 * @param steps of denoising, 1 to 1000
 * @param guidanceScale 1 to 100; 1 means no guidance
 * @param negativePrompt may be empty
 */
public record ModelDefaults(
        VideoFormat nativeFormat, FrameSize outputSize, int steps, double guidanceScale, String negativePrompt) {}
