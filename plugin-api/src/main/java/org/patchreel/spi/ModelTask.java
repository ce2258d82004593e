package org.patchreel.spi;

import java.util.Optional;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

/**
 * A clip to make, with every default filled in.
 *
 * @param prompt checked text
 * @param negativePrompt checked text, may be empty
 * @param format the size that is generated, a multiple of the model's stride, and the number of frames
 * @param sampling seed, steps, guidance
 * @param firstFrame the image that the clip starts from, in the format's size; for models whose descriptor says {@link
 *     ModelDescriptor#imageConditioning()}
 */
public record ModelTask(
        String prompt,
        String negativePrompt,
        VideoFormat format,
        SamplingParameters sampling,
        Optional<VideoFrame> firstFrame) {}
