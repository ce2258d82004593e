package org.patchreel.runtime.sampler;

/**
 * Which noise levels UniPC visits. Both put them evenly between pure noise and the first training timestep and then shift
 * them towards the noise; they differ in which end of that interval they leave out.
 */
public enum TimestepGrid {
    /** From σ = 1 on, without the first training timestep: diffusers since 2026. */
    CURRENT {
        @Override
        double[] sigmas(int steps, int trainTimesteps, double shift) {
            double[] sigmas = new double[steps];
            double stride = (1.0 / trainTimesteps - 1) / steps;
            for (int i = 0; i < steps; i++) {
                sigmas[i] = shifted(i * stride + 1, shift);
            }
            return sigmas;
        }
    },
    /**
     * From σ = 1 − 1/(training timesteps) on, without σ = 0: diffusers up to 0.35, and the <a
     * href="https://github.com/Wan-Video/Wan2.1/blob/main/wan/utils/fm_solvers_unipc.py">Wan authors' own code</a>.
     */
    V0_35 {
        @Override
        double[] sigmas(int steps, int trainTimesteps, double shift) {
            double[] sigmas = new double[steps];
            double stride = (1.0 / trainTimesteps - 1) / steps;
            for (int i = 0; i < steps; i++) {
                int fromClean = steps - i;
                double alpha = fromClean == steps ? 1.0 / trainTimesteps : fromClean * stride + 1;
                sigmas[i] = shifted(1 - alpha, shift);
            }
            return sigmas;
        }
    };

    /**
     * How far σ = 1 is moved off: there the logarithm of the signal, on which UniPC's step sizes are built, is −∞.
     */
    private static final double FROM_PURE_NOISE = 1e-6;

    /** The levels before the final 0, falling, below 1. */
    abstract double[] sigmas(int steps, int trainTimesteps, double shift);

    // In the same order of operations as the references: timesteps are cut to whole numbers, and one rounding
    // decides between 750 and 749.
    private static double shifted(double sigma, double shift) {
        double moved = shift * sigma / (1 + (shift - 1) * sigma);
        return Math.abs(moved - 1) < FROM_PURE_NOISE ? moved - FROM_PURE_NOISE : moved;
    }
}
