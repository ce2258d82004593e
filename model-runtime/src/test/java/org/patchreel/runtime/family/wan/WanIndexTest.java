package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.family.wan.WanIndex.Component;
import org.patchreel.runtime.weights.CheckpointException;

class WanIndexTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void readsAnOlderIndexThatLacksKeys() throws IOException {
        Files.createDirectory(directory.resolve("transformer"));
        Files.createDirectory(directory.resolve("transformer_2"));
        WanIndex index =
                read("{\"_class_name\": \"WanPipeline\", \"transformer\": [\"diffusers\", \"WanTransformer3DModel\"]}");
        assertEquals(OptionalDouble.empty(), index.boundaryRatio());
        assertFalse(index.expandTimesteps());
        assertEquals(Set.of(Component.TRANSFORMER), index.components().keySet(), "a directory alone is no component");
    }

    @Test
    void countsAComponentAsAbsentIfItIsNullOrItsDirectoryIsMissing() throws IOException {
        Files.createDirectory(directory.resolve("vae"));
        WanIndex index = read("{\"_class_name\": \"WanPipeline\", \"vae\": [null, null],"
                + " \"transformer\": [\"diffusers\", \"WanTransformer3DModel\"]}");
        assertEquals(Set.of(), index.components().keySet());
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> index.part(Component.TRANSFORMER));
        assertEquals("checkpoint " + directory + " has no transformer", refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"_class_name\": \"FluxPipeline\"} | _class_name is \"FluxPipeline\", expected WanPipeline or Wan",
                "{} | _class_name is absent",
                "{\"_class_name\": \"WanPipeline\", \"boundary_ratio\": 900} | boundary_ratio is 900, expected",
                "{\"_class_name\": \"WanPipeline\", \"vae\": \"here\"} | vae is \"here\", expected a list",
                "{\"_class_name\": \"WanPipeline\", \"vae\": [1, 2]} | vae is [1,2], expected a list of texts",
            })
    void refusesAnotherIndex(String json, String complaint) {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> read(json));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("model_index.json"), refusal.getMessage());
    }

    private WanIndex read(String json) throws IOException {
        Files.writeString(directory.resolve("model_index.json"), json);
        return WanIndex.read(directory);
    }
}
