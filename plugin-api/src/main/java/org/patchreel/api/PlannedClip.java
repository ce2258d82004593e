package org.patchreel.api;

import java.time.Duration;
import java.util.Optional;

/**
 * What a request would lead to.
 *
 * @param model name of the model that makes the clip
 * @param generated size, length and rate in which the model makes the frames
 * @param clip size, length and rate of the clip
 * @param sampling steps and guidance; the seed is the request's, or one that was drawn for this answer alone
 * @param plan how the model makes the frames
 * @param estimate how long it takes from its start on, by clips that this model has made on this device before; empty if there are
 *     none
 */
public record PlannedClip(
        String model,
        VideoFormat generated,
        VideoFormat clip,
        SamplingParameters sampling,
        SamplingPlan plan,
        Optional<Duration> estimate) {}
