package org.patchreel.runtime.family;

import java.util.Optional;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;

/**
 * How to run a checkpoint.
 *
 * @param device {@code cpu} or {@code cuda}
 * @param precision of weights and arithmetic
 * @param grid the noise levels that UniPC visits
 * @param batchedGuidance whether both predictions of a guided step are made in one pass
 * @param tiling of the autoencoder; empty to code frames whole
 * @param denoising what differs from denoising as the checkpoint's authors do
 */
public record RuntimeOptions(
        String device,
        Precision precision,
        TimestepGrid grid,
        boolean batchedGuidance,
        Optional<Tiling> tiling,
        DenoisingOptions denoising) {

    /** On the CPU, in float32. */
    public static final RuntimeOptions CPU =
            new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, true, Optional.empty());

    /** Denoises as the checkpoint's authors do. */
    public RuntimeOptions(
            String device,
            Precision precision,
            TimestepGrid grid,
            boolean batchedGuidance,
            Optional<Tiling> tiling) {
        this(device, precision, grid, batchedGuidance, tiling, DenoisingOptions.AUTHORS);
    }
}
