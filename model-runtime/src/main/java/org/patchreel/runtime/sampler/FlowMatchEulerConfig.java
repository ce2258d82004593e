package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * Settings of diffusers' {@code FlowMatchEulerDiscreteScheduler}.
 *
 * @param trainTimesteps how many timesteps σ = 1 stands for
 * @param shift moves the levels towards the noise, which larger clips need; 1 leaves them evenly spaced
 */
record FlowMatchEulerConfig(int trainTimesteps, double shift) implements SchedulerConfig {
    static final String CLASS_NAME = "FlowMatchEulerDiscreteScheduler";

    static FlowMatchEulerConfig from(ConfigFile config) throws CheckpointException {
        SchedulerOptions options = new SchedulerOptions(config);
        options.refuseOtherNoiseLevels();
        options.requireFlag("stochastic_sampling", false, false);
        options.requireFlag("invert_sigmas", false, false);
        return new FlowMatchEulerConfig(options.trainTimesteps(), options.shift("shift"));
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
