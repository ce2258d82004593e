package org.patchreel.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * The {@code model_index.json} of a checkpoint in the diffusers layout: the class of its pipeline, that pipeline's options,
 * and its components, each in a folder of its own.
 */
public final class ModelIndex {
    private static final String FILE = "model_index.json";

    private final Path directory;
    private final ConfigFile file;

    private ModelIndex(Path directory, ConfigFile file) {
        this.directory = directory;
        this.file = file;
    }

    /**
     * Reads the index of a checkpoint.
     *
     * @param directory of the checkpoint
     * @throws IOException if there is none, or it is not JSON; the message names it
     */
    public static ModelIndex read(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new CheckpointException("checkpoint directory "
                    + CheckpointException.absent(directory).getMessage());
        }
        if (!Files.isDirectory(directory)) {
            throw new CheckpointException("checkpoint " + directory + " is a file, expected a directory");
        }
        if (Files.notExists(directory.resolve(FILE))) {
            throw new CheckpointException(
                    directory + " is not a checkpoint in the diffusers layout: it has no " + FILE);
        }
        return new ModelIndex(directory, ConfigFile.read(directory.resolve(FILE)));
    }

    /** {@return the directory of the checkpoint} */
    public Path directory() {
        return directory;
    }

    /** {@return the index itself, for the pipeline's class and options} */
    public ConfigFile file() {
        return file;
    }

    /**
     * Tells whether the checkpoint has a component: it is listed, and its folder exists.
     *
     * @param component its key in the index and the name of its folder
     * @throws CheckpointException if the index says something else of it than a library and a class, or two nulls
     */
    public boolean has(String component) throws CheckpointException {
        boolean listed = file.texts(component).stream().anyMatch(Optional::isPresent);
        return listed && Files.isDirectory(directory.resolve(component));
    }
}
