package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Set;

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

    /** The paper's two choices of B(h). */
    enum SolverType {
        /** B(h) = h. */
        BH1,
        /** B(h) = e^h − 1. */
        BH2
    }

    UniPcConfig {
        NoiseSchedule.checkTrainTimesteps(trainTimesteps);
        NoiseSchedule.checkShift("flow_shift", flowShift);
        if (solverOrder < 1 || solverOrder > 3) {
            throw new IllegalArgumentException("solver_order must be 1 to 3: " + solverOrder);
        }
        if (!lowerOrderFinal && solverOrder > 1) {
            throw new IllegalArgumentException(
                    "lower_order_final false needs solver_order 1, not " + solverOrder
                            + ": the last step, to noise level 0, is infinitely long in log-SNR and has only a first-order formula");
        }
        uncorrectedSteps = Set.copyOf(uncorrectedSteps);
    }

    static UniPcConfig from(SchedulerJson json, TimestepGrid grid) throws IOException {
        json.require("prediction_type", "epsilon", "flow_prediction");
        json.require("final_sigmas_type", "zero", "zero");
        json.requireTrue("use_flow_sigmas", false);
        json.requireTrue("predict_x0", true);
        json.requireFalse("use_dynamic_shifting");
        json.requireFalse("use_karras_sigmas");
        json.requireFalse("use_exponential_sigmas");
        json.requireFalse("use_beta_sigmas");
        json.requireFalse("thresholding");
        json.requireUnset("solver_p");
        json.requireUnset("shift_terminal");
        String solver = json.text("solver_type", "bh2");
        SolverType solverType = switch (solver) {
            case "bh1" -> SolverType.BH1;
            case "bh2" -> SolverType.BH2;
            default -> throw json.refusal("solver_type", solver, "only bh1 and bh2 are implemented");
        };
        return new UniPcConfig(
                json.integer("num_train_timesteps", 1000),
                json.number("flow_shift", 1),
                json.integer("solver_order", 2),
                solverType,
                json.bool("lower_order_final", true),
                json.integers("disable_corrector"),
                grid);
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
