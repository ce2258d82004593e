package org.patchreel.runtime.family.wan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.ResidentSlot;

/** The checkpoints of the golden vectors as whole models: they have one text encoder among them. */
final class Miniatures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Miniatures() {}

    /**
     * Makes a model.
     *
     * @param checkpoint name of a folder of vectors
     * @param folder takes the checkpoint; what is there is replaced
     */
    static CheckpointModel model(String checkpoint, Path folder) throws IOException {
        return model(checkpoint, folder, RuntimeOptions.CPU);
    }

    static CheckpointModel model(String checkpoint, Path folder, RuntimeOptions options) throws IOException {
        Golden.copyCheckpoint(Golden.root().resolve("pipeline_t2v_unipc"), folder);
        for (String component : List.of("transformer", "vae", "scheduler")) {
            delete(folder.resolve(component));
        }
        Golden.copyCheckpoint(Golden.root().resolve(checkpoint), folder);
        Path index = folder.resolve("model_index.json");
        ObjectNode components = (ObjectNode) JSON.readTree(index.toFile());
        components.putArray("text_encoder").add("transformers").add("UMT5EncoderModel");
        components.putArray("tokenizer").add("transformers").add("T5TokenizerFast");
        JSON.writeValue(index.toFile(), components);
        return new CheckpointModel(
                "m", folder, checkpoint, options, new ModelFamilies(List.of(new WanFamily())), new ResidentSlot());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }
}
