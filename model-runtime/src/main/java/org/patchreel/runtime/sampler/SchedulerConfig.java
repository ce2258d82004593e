package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.patchreel.runtime.sampler.SchedulerChoice.Kind;
import org.patchreel.runtime.weights.ConfigFile;

/** How a checkpoint is sampled: a diffusers {@code scheduler/scheduler_config.json}. Immutable. */
public sealed interface SchedulerConfig permits FlowMatchEulerConfig, GivenTimesteps, UniPcConfig {

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
     * Reads the settings, of which some are chosen elsewhere.
     *
     * @param componentDirectory see above
     * @param grid see above
     * @param choice what counts in the place of the file's values
     * @return the settings
     * @throws IOException as above
     */
    static SchedulerConfig read(Path componentDirectory, TimestepGrid grid, SchedulerChoice choice) throws IOException {
        SchedulerConfig own = read(componentDirectory, grid);
        UniPcConfig unipc;
        if (own instanceof UniPcConfig config) {
            unipc = config;
        } else {
            double shift = own instanceof FlowMatchEulerConfig euler ? euler.shift() : 1;
            unipc = new UniPcConfig(1000, shift, 2, UniPcConfig.SolverType.BH2, true, Set.of(), grid);
        }
        boolean multistep = choice.kind().map(kind -> kind == Kind.UNIPC).orElse(own instanceof UniPcConfig);
        unipc = unipc.withShift(choice.shift().orElse(unipc.flowShift()));
        if (!choice.timesteps().isEmpty()) {
            double shift = choice.shift().orElse(1);
            return new GivenTimesteps(
                    choice.timesteps().stream()
                            .map(t -> 1000 * shift * t / (1000 + (shift - 1) * t))
                            .toList(),
                    multistep ? Optional.of(unipc) : Optional.empty());
        }
        return multistep ? unipc : new FlowMatchEulerConfig(unipc.trainTimesteps(), unipc.flowShift());
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
