package org.patchreel.runtime.sampler;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is said of a scheduler beside its file: for checkpoints that were distilled to few steps, whose files often are those of the
 * model that they come from.
 *
 * @param kind in the place of the file's
 * @param shift in the place of the file's; 0.01 to 100
 * @param timesteps of the steps, above 0 to 1000, falling; moved by the shift if one is given here, else taken as they are; empty
 *     for those of the scheduler
 */
public record SchedulerChoice(Optional<Kind> kind, OptionalDouble shift, List<Double> timesteps) {

    /** All as the file says. */
    public static final SchedulerChoice NONE = new SchedulerChoice(Optional.empty(), OptionalDouble.empty(), List.of());

    /** Maximum number of timesteps. */
    public static final int MAX_TIMESTEPS = 100;

    /** The largest timestep, pure noise. */
    public static final double MAX_TIMESTEP = 1000;

    /** The kinds of schedulers. */
    public enum Kind {
        /** {@code FlowMatchEulerDiscreteScheduler}. */
        EULER,
        /** {@code UniPCMultistepScheduler}. */
        UNIPC
    }

    /**
     * Checks the timesteps.
     *
     * @throws IllegalArgumentException if one is out of range, or they do not fall; the message has them
     */
    public SchedulerChoice {
        timesteps = List.copyOf(timesteps);
        double before = Math.nextUp(MAX_TIMESTEP);
        for (double timestep : timesteps) {
            if (!(timestep > 0 && timestep < before)) {
                throw new IllegalArgumentException(
                        "timesteps must be above 0, at most 1000, and fall from each to the next: " + timesteps);
            }
            before = timestep;
        }
        if (timesteps.size() > MAX_TIMESTEPS) {
            throw new IllegalArgumentException(
                    "at most " + MAX_TIMESTEPS + " timesteps can be given, these are " + timesteps.size());
        }
    }

    /** {@return this choice, completed by another one where it says nothing} */
    public SchedulerChoice or(SchedulerChoice other) {
        return new SchedulerChoice(
                kind.or(other::kind),
                shift.isPresent() ? shift : other.shift,
                timesteps.isEmpty() ? other.timesteps : timesteps);
    }
}
