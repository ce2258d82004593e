package org.patchreel.runtime.weights;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a component of a checkpoint is: in a folder that holds its configuration and its weights, or in a single file.
 *
 * @param content the folder, or the file
 * @param folder of its configuration: the same, or for a single file the one that the component has in the checkpoint; it
 *     need not exist
 */
public record ComponentFiles(Path content, Path folder) {

    /** {@return a component that is a folder} */
    public static ComponentFiles in(Path folder) {
        return new ComponentFiles(folder, folder);
    }

    /** {@return whether it is a single file} */
    public boolean single() {
        return !content.equals(folder);
    }

    /** {@return whether its configuration is to be told from its tensors: it is a single file, and there is no other} */
    public boolean unconfigured() {
        return single() && Files.notExists(folder.resolve("config.json"));
    }
}
