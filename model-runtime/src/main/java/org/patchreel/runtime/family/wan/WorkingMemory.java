package org.patchreel.runtime.family.wan;

import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.runtime.torch.Placement.Precision;

/**
 * What sampling and decoding take beside the weights: an estimate from the largest tensors that are there at once. Attention
 * keeps no matrix of scores.
 */
final class WorkingMemory {
    private static final int FLOAT_BYTES = 4;

    /** Tensors of the tokens' width that a block keeps at once: tokens, their norm, queries, keys, values, rotated. */
    private static final int TOKEN_TENSORS = 9;

    /** Tensors of a decoder's last level at once: input, norm, activation, padded, output, and what is kept for the next. */
    private static final int PIXEL_TENSORS = 6;

    private WorkingMemory() {}

    /**
     * {@return the larger of both stages, in bytes}
     *
     * @param transformer of the checkpoint
     * @param vae of the checkpoint
     * @param defaults whose native format is made
     * @param options how it runs
     */
    static long of(TransformerConfig transformer, VaeConfig vae, GenerationDefaults defaults, RuntimeOptions options) {
        VideoFormat format = defaults.nativeFormat();
        TransformerConfig.Patch patch = transformer.patch();
        long latentFrames = (format.frameCount() - 1L) / vae.scaleFactorTemporal() + 1;
        long tokens = latentFrames
                * (format.width() / vae.scaleFactorSpatial())
                * (format.height() / vae.scaleFactorSpatial())
                / patch.volume();
        boolean pair = options.batchedGuidance() && defaults.guidanceScale() > 1;
        long width = Math.max(
                (long) TOKEN_TENSORS * transformer.hiddenDim(),
                3L * transformer.hiddenDim() + 2L * transformer.ffnDim());
        long number = options.precision() == Precision.BF16 ? 2 : FLOAT_BYTES;
        long sampling = (pair ? 2 : 1) * tokens * width * number;
        long side = options.tiling().map(tiling -> (long) tiling.size()).orElse(Long.MAX_VALUE);
        long pixels = Math.min(side, format.width())
                * Math.min(side, format.height())
                / ((long) vae.patchSize() * vae.patchSize());
        long decoding = (long) PIXEL_TENSORS * vae.scaleFactorTemporal() * pixels * vae.decoderBaseDim() * FLOAT_BYTES;
        return Math.max(sampling, decoding);
    }
}
