package org.patchreel.spi;

import java.util.Optional;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

/**
 * A clip to make, with every default filled in.
 *
 * @param prompt checked text
 * @param negativePrompt checked text, may be empty
 * @param format what is generated: a size and a length on the model's {@link FrameGrid}, the rate that it was trained
 *     for
 * @param sampling seed, steps, guidance
 * @param firstFrame the image that the clip starts from, in the format's size; for models whose capabilities say
 *     {@link ModelCapabilities#imageConditioning()}
 */
public record ModelTask(
        String prompt,
        String negativePrompt,
        VideoFormat format,
        SamplingParameters sampling,
        Optional<VideoFrame> firstFrame) {}
