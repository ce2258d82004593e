package org.patchreel.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * What a checkpoint's {@code model_index.json} says it consists of.
 *
 * @param directory of the checkpoint
 * @param boundaryRatio of two experts the first works while timestep ≥ ratio·1000; empty if there is one transformer
 * @param expandTimesteps whether every token has a timestep of its own, 0 for those of a given first frame
 * @param components those that are listed and whose directory exists
 */
public record ModelIndex(
        Path directory,
        Pipeline pipeline,
        OptionalDouble boundaryRatio,
        boolean expandTimesteps,
        Set<Component> components) {
    private static final String FILE = "model_index.json";

    /** The pipelines that can be run, by their class in diffusers. */
    public enum Pipeline {
        TEXT_TO_VIDEO("WanPipeline"),
        IMAGE_TO_VIDEO("WanImageToVideoPipeline");

        private final String className;

        Pipeline(String className) {
            this.className = className;
        }

        public String className() {
            return className;
        }
    }

    /** The parts of a checkpoint. */
    public enum Component {
        TRANSFORMER("transformer"),
        /** The expert for low noise. */
        TRANSFORMER_2("transformer_2"),
        VAE("vae"),
        TEXT_ENCODER("text_encoder"),
        TOKENIZER("tokenizer"),
        SCHEDULER("scheduler"),
        IMAGE_ENCODER("image_encoder"),
        IMAGE_PROCESSOR("image_processor");

        private final String key;

        Component(String key) {
            this.key = key;
        }

        /** Its key in the index and the name of its directory. */
        public String key() {
            return key;
        }
    }

    public ModelIndex {
        components = Set.copyOf(components);
    }

    /** Reads the index of a checkpoint in the diffusers layout. */
    public static ModelIndex read(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new CheckpointException("checkpoint directory "
                    + CheckpointException.absent(directory).getMessage());
        }
        if (!Files.isDirectory(directory)) {
            throw new CheckpointException("checkpoint " + directory + " is a file, expected a directory");
        }
        if (Files.notExists(directory.resolve(FILE))) {
            throw new CheckpointException(directory + " is no checkpoint in the diffusers layout: it has no " + FILE);
        }
        ConfigFile index = ConfigFile.read(directory.resolve(FILE));
        String className = index.className(Pipeline.TEXT_TO_VIDEO.className, Pipeline.IMAGE_TO_VIDEO.className);
        return new ModelIndex(
                directory,
                className.equals(Pipeline.TEXT_TO_VIDEO.className) ? Pipeline.TEXT_TO_VIDEO : Pipeline.IMAGE_TO_VIDEO,
                index.optionalNumber("boundary_ratio", 0, 1),
                index.flag("expand_timesteps", false),
                components(directory, index));
    }

    private static Set<Component> components(Path directory, ConfigFile index) throws CheckpointException {
        Set<Component> present = EnumSet.noneOf(Component.class);
        for (Component component : Component.values()) {
            // a library and a class, or two nulls
            boolean listed = index.texts(component.key).stream().anyMatch(Optional::isPresent);
            if (listed && Files.isDirectory(directory.resolve(component.key))) {
                present.add(component);
            }
        }
        return present;
    }

    public boolean has(Component component) {
        return components.contains(component);
    }

    /**
     * The directory of a component.
     *
     * @throws CheckpointException if the checkpoint lacks it
     */
    public Path directory(Component component) throws CheckpointException {
        if (!has(component)) {
            throw new CheckpointException("checkpoint " + directory + " has no " + component.key);
        }
        return directory.resolve(component.key);
    }
}
