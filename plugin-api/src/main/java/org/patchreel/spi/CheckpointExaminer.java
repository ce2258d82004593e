package org.patchreel.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says of a folder or file that may be a model what it is, without loading it. A service of whatever runs models. May be used by
 * any thread.
 */
public interface CheckpointExaminer {

    /**
     * Examines a checkpoint, a part of one, or a LoRA by its configuration files and the headers of its weights. Loads no native
     * library.
     *
     * @param path of a folder or file
     * @return what it is; one that is nothing known is described as such
     * @throws IOException if it does not exist or cannot be read
     */
    CheckpointReport examine(Path path) throws IOException;

    /**
     * Examines the checkpoint of an installed model, with the parts and the options that it is configured with.
     *
     * @param model name of it
     * @return what it is; empty if no installed model of this name is made of a checkpoint here
     */
    Optional<CheckpointReport> examineModel(String model);
}
