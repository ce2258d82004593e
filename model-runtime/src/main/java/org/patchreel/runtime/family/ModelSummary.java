package org.patchreel.runtime.family;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelCapabilities.Ability;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.PromptLanguage;

/**
 * What can be told of a checkpoint without its weights.
 *
 * @param family its architecture and kind, for people
 * @param grid the sizes and lengths that it generates
 * @param defaults what a request gets that leaves it open
 * @param imageConditioning whether it starts from an image
 * @param abilities what else it can follow
 * @param weights its weight files
 * @param language what it understands of a prompt
 * @param fixedSteps the number of steps if no other one is possible
 * @param memory that a clip of the native format takes; of no account if the weights have a fault
 */
public record ModelSummary(
        String family,
        FrameGrid grid,
        ModelDefaults defaults,
        ImageConditioning imageConditioning,
        Set<Ability> abilities,
        Weights weights,
        PromptLanguage language,
        OptionalInt fixedSteps,
        Memory memory) {

    /**
     * Memory of the device, in bytes.
     *
     * @param weights of all components
     * @param working what sampling and decoding take beside them, an estimate
     */
    public record Memory(long weights, long working) {}

    /**
     * The weight files of a checkpoint.
     *
     * @param used those that are read, in the order of their paths
     * @param unused those that are not, relative to the checkpoint, each with what it is
     * @param fault why the checkpoint will not load, if it will not
     */
    public record Weights(List<Path> used, List<String> unused, Optional<CheckpointException> fault) {}
}
