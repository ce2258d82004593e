package org.patchreel.spi;

import java.io.IOException;
import java.nio.file.Path;

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
}
