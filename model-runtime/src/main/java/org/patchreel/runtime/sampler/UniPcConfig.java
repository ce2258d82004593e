package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * Settings of diffusers' {@code UniPCMultistepScheduler} for flow matching, predicting x₀, ending at σ = 0.
 *
 * @param trainTimesteps how many timesteps σ = 1 stands for
 * @param flowShift moves the levels towards the noise, which larger clips need; 1 leaves them evenly spaced
 * @param solverOrder of the predictor, 1 to 3; the corrector is of one more
 * @param solverType the paper's function B(h)
 * @param lowerOrderFinal lets the order fall towards the last step, which has order 1
 * @param uncorrectedSteps steps whose result is not corrected in the step after
 * @param grid the noise levels
 */
record UniPcConfig(
        int trainTimesteps,
        double flowShift,
        int solverOrder,
        SolverType solverType,
        boolean lowerOrderFinal,
        Set<Integer> uncorrectedSteps,
        TimestepGrid grid)
        implements SchedulerConfig {
    static final String CLASS_NAME = "UniPCMultistepScheduler";

    /** The paper's two choices of B(h). */
    enum SolverType {
        /** B(h) = h. */
        BH1,
        /** B(h) = e^h − 1. */
        BH2
    }

    UniPcConfig {
        uncorrectedSteps = Set.copyOf(uncorrectedSteps);
    }

    static UniPcConfig from(ConfigFile config, TimestepGrid grid) throws CheckpointException {
        SchedulerOptions options = new SchedulerOptions(config);
        options.requireText("prediction_type", "epsilon", "flow_prediction");
        options.requireText("final_sigmas_type", "zero", "zero");
        options.requireFlag("use_flow_sigmas", false, true);
        options.requireFlag("predict_x0", true, true);
        options.refuseOtherNoiseLevels();
        options.requireFlag("thresholding", false, false);
        options.requireAbsent("solver_p");
        int order = config.integer("solver_order", 2, 1, 3);
        boolean lowerOrderFinal = config.flag("lower_order_final", true);
        if (!lowerOrderFinal && order > 1) {
            throw config.refused(
                    "lower_order_final",
                    "expected true for solver_order " + order
                            + ": the last step, infinitely long in log-SNR, has a formula of order 1 only");
        }
        return new UniPcConfig(
                options.trainTimesteps(),
                options.shift("flow_shift"),
                order,
                solverType(config),
                lowerOrderFinal,
                new HashSet<>(config.integers("disable_corrector", List.of(), 0, Integer.MAX_VALUE)),
                grid);
    }

    UniPcConfig withShift(double shift) {
        return new UniPcConfig(trainTimesteps, shift, solverOrder, solverType, lowerOrderFinal, uncorrectedSteps, grid);
    }

    private static SolverType solverType(ConfigFile config) throws CheckpointException {
        return switch (config.text("solver_type").orElse("bh2")) {
            case "bh1" -> SolverType.BH1;
            case "bh2" -> SolverType.BH2;
            default -> throw config.refused("solver_type", "only bh1 and bh2 are implemented");
        };
    }

    @Override
    public Scheduler create(int steps, NDManager manager) {
        NoiseSchedule.checkSteps(steps);
        double[] sigmas = grid.sigmas(steps, trainTimesteps, flowShift);
        float[] levels = new float[steps];
        float[] timesteps = new float[steps];
        for (int i = 0; i < steps; i++) {
            levels[i] = (float) sigmas[i];
            timesteps[i] = (long) (sigmas[i] * trainTimesteps);
        }
        return new UniPc(this, new NoiseSchedule(levels, timesteps), manager);
    }
}
