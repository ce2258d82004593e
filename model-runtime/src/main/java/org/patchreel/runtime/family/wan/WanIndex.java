package org.patchreel.runtime.family.wan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * What the {@code model_index.json} of a Wan checkpoint says it consists of. Older files lack all keys but the class and
 * the components.
 *
 * @param directory of the checkpoint
 * @param pipeline what it was trained for
 * @param boundaryRatio of two experts the first works while timestep ≥ ratio·1000; empty if there is one transformer
 * @param expandTimesteps whether every token has a timestep of its own, 0 for those of a given first frame
 * @param components folders of those that are there, or single files
 */
record WanIndex(
        Path directory,
        Pipeline pipeline,
        OptionalDouble boundaryRatio,
        boolean expandTimesteps,
        Map<Component, Path> components) {

    /** The pipelines of the family, by their class in diffusers. */
    enum Pipeline {
        TEXT_TO_VIDEO("WanPipeline"),
        IMAGE_TO_VIDEO("WanImageToVideoPipeline"),
        /** Follows references and clips. */
        VACE("WanVACEPipeline");

        private final String className;

        Pipeline(String className) {
            this.className = className;
        }

        private static Pipeline of(String className) {
            return Arrays.stream(values())
                    .filter(pipeline -> pipeline.className.equals(className))
                    .findFirst()
                    .orElseThrow();
        }

        static List<String> classNames() {
            return Arrays.stream(values()).map(pipeline -> pipeline.className).toList();
        }
    }

    /** The parts of a checkpoint. */
    enum Component {
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
        String key() {
            return key;
        }
    }

    WanIndex {
        components = Map.copyOf(components);
    }

    /** Reads the index of a checkpoint. */
    static WanIndex read(Path directory) throws IOException {
        return of(ModelIndex.read(directory));
    }

    /** Reads this family's options and components from an index. */
    static WanIndex of(ModelIndex index) throws CheckpointException {
        ConfigFile file = index.file();
        String className = file.className(Pipeline.classNames().toArray(String[]::new));
        Map<Component, Path> present = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            if (index.has(component.key)) {
                present.put(component, index.part(component.key));
            }
        }
        return new WanIndex(
                index.directory(),
                Pipeline.of(className),
                file.optionalNumber("boundary_ratio", 0, 1),
                file.flag("expand_timesteps", false),
                present);
    }

    boolean has(Component component) {
        return components.containsKey(component);
    }

    /**
     * The folder of a component, or its file.
     *
     * @throws CheckpointException if the checkpoint lacks it
     */
    Path part(Component component) throws CheckpointException {
        Path part = components.get(component);
        if (part == null) {
            throw new CheckpointException("checkpoint " + directory + " has no " + component.key);
        }
        return part;
    }

    /**
     * Where a component and its configuration are.
     *
     * @throws CheckpointException if the checkpoint lacks it
     */
    ComponentFiles files(Component component) throws CheckpointException {
        Path part = part(component);
        return Files.isRegularFile(part)
                ? new ComponentFiles(part, directory.resolve(component.key))
                : ComponentFiles.in(part);
    }
}
