package org.patchreel.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * The {@code model_index.json} of a checkpoint in the diffusers layout: the class of its pipeline, that pipeline's options,
 * and its components, each in a folder of its own.
 */
public final class ModelIndex {
    private static final String FILE = "model_index.json";

    private final Path directory;
    private final Map<String, Path> parts;
    private final ConfigFile file;

    private ModelIndex(Path directory, Map<String, Path> parts, ConfigFile file) {
        this.directory = directory;
        this.parts = Map.copyOf(parts);
        this.file = file;
    }

    /**
     * Reads the index of a checkpoint.
     *
     * @param directory of the checkpoint
     * @throws IOException if there is none, or it is not JSON; the message names it
     */
    public static ModelIndex read(Path directory) throws IOException {
        return read(directory, Map.of());
    }

    /**
     * Reads the index of a checkpoint of which parts are elsewhere.
     *
     * @param directory of the checkpoint
     * @param parts folders or files of components by their keys, in the place of the folders in the checkpoint's directory
     * @throws IOException if there is no index, it is not JSON, or a part does not exist; the message names it
     */
    public static ModelIndex read(Path directory, Map<String, Path> parts) throws IOException {
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
        for (Map.Entry<String, Path> part : new TreeMap<>(parts).entrySet()) {
            if (!Files.exists(part.getValue())) {
                throw new CheckpointException(part.getKey() + ": "
                        + CheckpointException.absent(part.getValue()).getMessage());
            }
        }
        return new ModelIndex(directory, parts, ConfigFile.read(directory.resolve(FILE)));
    }

    /** {@return the directory of the checkpoint} */
    public Path directory() {
        return directory;
    }

    /**
     * {@return the folder of a component, or the file that it is given as}
     *
     * @param component its key in the index
     */
    public Path part(String component) {
        return parts.getOrDefault(component, directory.resolve(component));
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
        if (parts.containsKey(component)) {
            return true;
        }
        boolean listed = file.texts(component).stream().anyMatch(Optional::isPresent);
        return listed && Files.isDirectory(directory.resolve(component));
    }
}
