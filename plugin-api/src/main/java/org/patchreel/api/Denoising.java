package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;

/**
 * How a clip is, or was, denoised. What is empty, the model's configuration says.
 *
 * @param stepCache how much may be estimated
 * @param guidanceMode how it is guided; without effect where the guidance scale is 1
 */
public record Denoising(Optional<StepCache> stepCache, Optional<GuidanceMode> guidanceMode) {

    /** As the model is configured. */
    public static final Denoising DEFAULT = new Denoising(Optional.empty(), Optional.empty());

    /**
     * Checks that nothing is null.
     *
     * @throws NullPointerException if a value is null; the message is its name
     */
    public Denoising {
        Objects.requireNonNull(stepCache, "stepCache");
        Objects.requireNonNull(guidanceMode, "guidanceMode");
    }

    /**
     * Reads labels.
     *
     * @param stepCache label of a {@link StepCache}; empty for the model's
     * @param guidanceMode label of a {@link GuidanceMode}; empty for the model's
     * @return the denoising
     * @throws IllegalArgumentException if a label is none; the message names {@code stepCache} or {@code guidanceMode}
     */
    public static Denoising parse(Optional<String> stepCache, Optional<String> guidanceMode) {
        return new Denoising(
                stepCache.map(label -> StepCache.parse("stepCache", label)),
                guidanceMode.map(label -> GuidanceMode.parse("guidanceMode", label)));
    }
}
