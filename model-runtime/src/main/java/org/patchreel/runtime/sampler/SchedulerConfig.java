package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.runtime.weights.ConfigFile;

/** How a checkpoint is sampled: a diffusers {@code scheduler/scheduler_config.json}. Immutable. */
public sealed interface SchedulerConfig permits FlowMatchEulerConfig, UniPcConfig {

    /**
     * Reads the settings of a {@code FlowMatchEulerDiscreteScheduler} or {@code UniPCMultistepScheduler}; the file's
     * {@code _class_name} says which. Unknown keys are ignored; a known option that is not implemented is refused.
     *
     * @param componentDirectory holds {@code scheduler_config.json}
     * @param grid which noise levels UniPC visits. {@code _diffusers_version} does not decide: it says which library
     *     wrote the file, not with which one the checkpoint was tuned
     * @return the settings
     * @throws IOException if the file cannot be read, is no valid configuration or asks for what is not implemented; the
     *     message names the file, the key and the value
     */
    static SchedulerConfig read(Path componentDirectory, TimestepGrid grid) throws IOException {
        ConfigFile config = ConfigFile.read(componentDirectory.resolve("scheduler_config.json"));
        return config.className(FlowMatchEulerConfig.CLASS_NAME, UniPcConfig.CLASS_NAME)
                        .equals(UniPcConfig.CLASS_NAME)
                ? UniPcConfig.from(config, grid)
                : FlowMatchEulerConfig.from(config);
    }

    /**
     * Starts a denoising run.
     *
     * @param steps 1 to 1000
     * @param manager owns the samples that {@link Scheduler#step} returns; the scheduler's own memory is a child of it
     * @return a scheduler for one generation, to be closed by the caller
     * @throws IllegalArgumentException if there are too many steps for the settings: two noise levels would coincide
     */
    Scheduler create(int steps, NDManager manager);
}
