package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;

/**
 * Steps at given timesteps, as distilled checkpoints want them.
 *
 * @param timesteps of the steps, falling, at most 1000
 * @param unipc the solver; empty for Euler's
 */
record GivenTimesteps(List<Double> timesteps, Optional<UniPcConfig> unipc) implements SchedulerConfig {
    private static final double TRAINING_TIMESTEPS = 1000;

    /** UniPC's step sizes are logarithms of the signal, which pure noise has none of. */
    private static final double FROM_PURE_NOISE = 1e-6;

    GivenTimesteps {
        timesteps = List.copyOf(timesteps);
    }

    @Override
    public Scheduler create(int steps, NDManager manager) {
        if (steps != timesteps.size()) {
            throw new IllegalArgumentException("the model is sampled at " + timesteps.size()
                    + " given timesteps, steps must be as many: " + steps);
        }
        float[] levels = new float[steps];
        float[] times = new float[steps];
        for (int i = 0; i < steps; i++) {
            double level = timesteps.get(i) / TRAINING_TIMESTEPS;
            levels[i] = (float) (unipc.isPresent() ? Math.min(level, 1 - FROM_PURE_NOISE) : level);
            times[i] = (float) (double) timesteps.get(i);
        }
        NoiseSchedule schedule = new NoiseSchedule(levels, times);
        return unipc.<Scheduler>map(config -> new UniPc(config, schedule, manager))
                .orElseGet(() -> new FlowMatchEuler(schedule, manager));
    }
}
