package org.patchreel.runtime.family.wan.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.weights.CheckpointException;

class TextEncoderConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void readsTheDimensionsOfTheLargestEncoder() throws IOException {
        assertEquals(
                new TextEncoderConfig(4096, 64, 10240, 24, 64, 32, 128, 1e-6, 256384),
                read("\"model_type\": \"umt5\", \"architectures\": [\"UMT5EncoderModel\"], \"d_model\": 4096,"
                        + " \"d_kv\": 64, \"d_ff\": 10240, \"num_layers\": 24, \"num_heads\": 64,"
                        + " \"vocab_size\": 256384, \"feed_forward_proj\": \"gated-gelu\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"t5\" | model_type is \"t5\", expected umt5",
                "\"d_model\": 512 | model_type is absent, expected umt5",
                "\"architectures\": [\"CLIPTextModel\"] | architectures is [\"CLIPTextModel\"], expected UMT5Enc",
                "\"model_type\": \"umt5\", \"feed_forward_proj\": \"relu\" | is \"relu\", expected gated-gelu",
                "\"model_type\": \"umt5\", \"num_heads\": -1 | num_heads is -1, expected a whole number from 1",
                "\"model_type\": \"umt5\", \"relative_attention_max_distance\": 8 | max_distance is 8, expected more",
            })
    void refusesAValueByFileKeyAndValue(String keys, String complaint) {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> read(keys));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("config.json"), refusal.getMessage());
    }

    private TextEncoderConfig read(String keys) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{" + keys + "}");
        return TextEncoderConfig.read(directory);
    }
}
