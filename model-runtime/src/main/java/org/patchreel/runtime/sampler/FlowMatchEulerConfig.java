package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import java.io.IOException;

/**
 * Settings of diffusers' {@code FlowMatchEulerDiscreteScheduler}.
 *
 * @param trainTimesteps how many timesteps σ = 1 stands for
 * @param shift moves the levels towards the noise, which larger clips need; 1 leaves them evenly spaced
 */
record FlowMatchEulerConfig(int trainTimesteps, double shift) implements SchedulerConfig {

    FlowMatchEulerConfig {
        NoiseSchedule.checkTrainTimesteps(trainTimesteps);
        NoiseSchedule.checkShift("shift", shift);
    }

    static FlowMatchEulerConfig from(SchedulerJson json) throws IOException {
        json.requireFalse("use_dynamic_shifting");
        json.requireFalse("use_karras_sigmas");
        json.requireFalse("use_exponential_sigmas");
        json.requireFalse("use_beta_sigmas");
        json.requireFalse("stochastic_sampling");
        json.requireFalse("invert_sigmas");
        json.requireUnset("shift_terminal");
        return new FlowMatchEulerConfig(json.integer("num_train_timesteps", 1000), json.number("shift", 1));
    }

    /**
     * The reference shifts twice: its constructor shifts the training levels, in float32, and takes the ends from them;
     * for a run it then spaces levels evenly between these ends and shifts those. σ = 1 is a fixed point of the shift, so
     * only the lower end shows it.
     */
    @Override
    public Scheduler create(int steps, NDManager manager) {
        NoiseSchedule.checkSteps(steps);
        double highest = (double) shiftedInFloat(1f) * trainTimesteps;
        double lowest = (double) shiftedInFloat(1f / trainTimesteps) * trainTimesteps;
        double stride = steps == 1 ? 0 : (lowest - highest) / (steps - 1);
        float[] levels = new float[steps];
        float[] timesteps = new float[steps];
        for (int i = 0; i < steps; i++) {
            boolean last = i > 0 && i == steps - 1;
            double sigma = (last ? lowest : i * stride + highest) / trainTimesteps;
            levels[i] = (float) (shift * sigma / (1 + (shift - 1) * sigma));
            timesteps[i] = levels[i] * trainTimesteps;
        }
        return new FlowMatchEuler(new NoiseSchedule(levels, timesteps), manager);
    }

    private float shiftedInFloat(float sigma) {
        return (float) shift * sigma / (1 + (float) (shift - 1) * sigma);
    }
}
