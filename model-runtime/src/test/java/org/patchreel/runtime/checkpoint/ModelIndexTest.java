package org.patchreel.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.runtime.weights.CheckpointException;

class ModelIndexTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void hasTheComponentsThatAreListedAndThere() throws IOException {
        for (String folder : new String[] {"vae", "transformer", "transformer_2"}) {
            Files.createDirectory(directory.resolve(folder));
        }
        ModelIndex index = read("{\"vae\": [null, null], \"scheduler\": [\"diffusers\", \"UniPCMultistepScheduler\"],"
                + " \"transformer\": [\"diffusers\", \"WanTransformer3DModel\"]}");
        assertTrue(index.has("transformer"));
        assertFalse(index.has("transformer_2"), "a folder alone is not a component");
        assertFalse(index.has("vae"), "two nulls are not a component");
        assertFalse(index.has("scheduler"), "there is no folder");
    }

    @Test
    void tellsWhatADirectoryLacks() throws IOException {
        assertRefused(directory.resolve("missing"), "does not exist");
        assertRefused(Files.createFile(directory.resolve("file")), "is a file, expected a directory");
        assertRefused(directory, "is not a checkpoint in the diffusers layout: it has no model_index.json");
        Files.writeString(directory.resolve("model_index.json"), "[]");
        assertRefused(directory, "does not hold a JSON object");
    }

    private static void assertRefused(Path path, String complaint) {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> ModelIndex.read(path));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
    }

    private ModelIndex read(String json) throws IOException {
        Files.writeString(directory.resolve("model_index.json"), json);
        return ModelIndex.read(directory);
    }
}
