package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Mean and spread of each channel of latents. In a codec's latents these are about what colour, brightness and contrast are in
 * pictures.
 *
 * @param mean (1, z, 1, 1, 1)
 * @param deviation (1, z, 1, 1, 1), the root of the mean square
 */
public record LatentStatistics(NDArray mean, NDArray deviation) {

    /** Keeps a channel without any spread from being divided by zero. */
    private static final double MIN_DEVIATION = 1e-6;

    /**
     * Measures latents.
     *
     * @param latents (1, z, F, h, w)
     * @param scope will own the result
     */
    public static LatentStatistics of(NDArray latents, NDManager scope) {
        try (NDManager work = scope.newSubManager()) {
            long channels = latents.getShape().get(1);
            NDArray rows = latents.reshape(channels, latents.getShape().size() / channels);
            rows.attach(work);
            NDArray mean = rows.mean(new int[] {1}, true);
            NDArray deviation =
                    rows.sub(mean).square().mean(new int[] {1}, true).sqrt();
            NDArray shapedMean = mean.reshape(1, channels, 1, 1, 1);
            NDArray shapedDeviation = deviation.reshape(1, channels, 1, 1, 1);
            shapedMean.attach(scope);
            shapedDeviation.attach(scope);
            return new LatentStatistics(shapedMean, shapedDeviation);
        }
    }

    /**
     * Shifts and scales the channels of latents so that they have these statistics.
     *
     * @param latents (1, z, F, h, w)
     * @param scope will own the result
     */
    public NDArray impose(NDArray latents, NDManager scope) {
        try (NDManager work = scope.newSubManager()) {
            LatentStatistics own = of(latents, work);
            NDArray imposed = latents.sub(own.mean)
                    .div(own.deviation.maximum(MIN_DEVIATION))
                    .mul(deviation)
                    .add(mean);
            imposed.attach(scope);
            return imposed;
        }
    }
}
