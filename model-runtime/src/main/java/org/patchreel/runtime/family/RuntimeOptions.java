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
 * @param sampling what an operator says of steps and scheduler, in the place of what the checkpoint says
 */
public record RuntimeOptions(
        String device,
        Precision precision,
        TimestepGrid grid,
        boolean batchedGuidance,
        Optional<Tiling> tiling,
        DenoisingOptions denoising,
        SamplingChoice sampling) {

    /**
     * As the checkpoint and its authors say; see above.
     *
     * @param device see above
     * @param precision see above
     * @param grid see above
     * @param batchedGuidance see above
     * @param tiling see above
     */
    public RuntimeOptions(
            String device, Precision precision, TimestepGrid grid, boolean batchedGuidance, Optional<Tiling> tiling) {
        this(device, precision, grid, batchedGuidance, tiling, DenoisingOptions.AUTHORS, SamplingChoice.NONE);
    }

    /** {@return the same on another device} */
    public RuntimeOptions on(String otherDevice, Precision otherPrecision) {
        return new RuntimeOptions(otherDevice, otherPrecision, grid, batchedGuidance, tiling, denoising, sampling);
    }

    /** On the CPU, in float32. */
    public static final RuntimeOptions CPU =
            new RuntimeOptions("cpu", Precision.FP32, TimestepGrid.CURRENT, true, Optional.empty());
}
