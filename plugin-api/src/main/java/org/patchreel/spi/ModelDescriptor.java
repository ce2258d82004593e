package org.patchreel.spi;

import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

/**
 * What a model is and can do.
 *
 * @param name by which requests choose it: letters, digits, {@code . _ -}
 * @param family the architecture and its kind, for example {@code Wan 2.1 text-to-video}
 * @param source where it comes from, for people: a bundle or a directory
 * @param device {@code cpu} or {@code cuda}
 * @param precision {@code fp32} or {@code bf16}
 * @param weightBytes size of all weight files, in bytes
 * @param license the text of the checkpoint's licence file's first line or its identifier, if there is one
 * @param stride width and height of the frames that it makes are multiples of it, in pixels
 * @param temporalStride the model makes a whole multiple of it, plus one, frames; 4 for the causal autoencoder of the Wan
 *     family, which makes one frame of the first latent frame and four of each further one
 * @param maxFrames the longest clip, in frames
 * @param nativeFormat the size, length and frame rate it was trained for: the defaults of a request
 * @param defaultOutputSize the size of the clip when the request names none
 * @param defaultSteps denoising steps when the request names none
 * @param defaultGuidanceScale when the request names none
 * @param defaultNegativePrompt when the request names none; may be empty
 * @param imageConditioning whether a first frame is refused, possible or required
 */
public record ModelDescriptor(
        String name,
        String family,
        String source,
        String device,
        String precision,
        long weightBytes,
        Optional<String> license,
        int stride,
        int temporalStride,
        int maxFrames,
        VideoFormat nativeFormat,
        FrameSize defaultOutputSize,
        int defaultSteps,
        double defaultGuidanceScale,
        String defaultNegativePrompt,
        ImageConditioning imageConditioning) {

    /** The family of a model whose files cannot be read: nothing else in its description means anything then. */
    public static final String UNKNOWN_FAMILY = "unknown";

    /** {@return whether the model's files could be read} */
    public boolean known() {
        return !family.equals(UNKNOWN_FAMILY);
    }

    /** Whether the model starts from an image. */
    public enum ImageConditioning {
        /** Text only. */
        NONE,
        /** Text, or text and a first frame. */
        OPTIONAL,
        /** Text and a first frame. */
        REQUIRED
    }

    /**
     * A digest over a checkpoint's weights.
     *
     * @param files in the order of their paths
     */
    public record WeightDigest(List<WeightFile> files) {}
}
