package org.patchreel.runtime.sampler;

import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * Refuses options of the reference's schedulers that are not implemented. Ignoring them would make other clips than the
 * checkpoint's author saw.
 *
 * @param config the scheduler's
 */
record SchedulerOptions(ConfigFile config) {

    /** Refuses the options by which both schedulers change their noise levels, which are not implemented. */
    void refuseOtherNoiseLevels() throws CheckpointException {
        requireFlag("use_dynamic_shifting", false, false);
        requireFlag("use_karras_sigmas", false, false);
        requireFlag("use_exponential_sigmas", false, false);
        requireFlag("use_beta_sigmas", false, false);
        requireAbsent("shift_terminal");
    }

    void requireFlag(String key, boolean absent, boolean implemented) throws CheckpointException {
        if (config.flag(key, absent) != implemented) {
            throw config.refused(key, "only " + implemented + " is implemented");
        }
    }

    void requireText(String key, String absent, String implemented) throws CheckpointException {
        if (!config.text(key).orElse(absent).equals(implemented)) {
            throw config.refused(key, "only " + implemented + " is implemented");
        }
    }

    void requireAbsent(String key) throws CheckpointException {
        if (config.has(key)) {
            throw config.refused(key, "not implemented");
        }
    }

    int trainTimesteps() throws CheckpointException {
        return config.integer("num_train_timesteps", 1000, 2, 1_000_000);
    }

    double shift(String key) throws CheckpointException {
        return config.number(key, 1, 0.01, 100);
    }
}
