package org.patchreel.runtime.family;

import java.util.List;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.weights.CheckpointException;

/**
 * The families whose checkpoints can be run.
 *
 * @param families no two of which run the same pipeline
 */
public record ModelFamilies(List<ModelFamily> families) {

    public ModelFamilies {
        families = List.copyOf(families);
    }

    /**
     * Finds the family of a checkpoint.
     *
     * @throws CheckpointException if it belongs to none; the message names its pipeline and those that can be run
     */
    public ModelFamily of(ModelIndex index) throws CheckpointException {
        String pipeline = index.file()
                .className(families.stream()
                        .flatMap(family -> family.pipelines().stream())
                        .toArray(String[]::new));
        return families.stream()
                .filter(family -> family.pipelines().contains(pipeline))
                .findFirst()
                .orElseThrow();
    }
}
