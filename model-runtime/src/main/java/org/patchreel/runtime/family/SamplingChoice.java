package org.patchreel.runtime.family;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.patchreel.runtime.sampler.SchedulerChoice;

/**
 * How a checkpoint is sampled if a request leaves it open, as far as somebody says it: for checkpoints that were distilled to few
 * steps without guidance.
 *
 * @param steps 1 to 1000
 * @param guidanceScale 1 to 100; 1 for none
 * @param scheduler and its timesteps
 */
public record SamplingChoice(OptionalInt steps, OptionalDouble guidanceScale, SchedulerChoice scheduler) {

    /** Nothing is said. */
    public static final SamplingChoice NONE =
            new SamplingChoice(OptionalInt.empty(), OptionalDouble.empty(), SchedulerChoice.NONE);
}
