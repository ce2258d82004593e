package org.patchreel.runtime.family.wan.dit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.weights.CheckpointException;

class TransformerConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void fillsInTheDimensionsOfTheLargeTextToVideoModel() throws IOException {
        assertEquals(
                new TransformerConfig(
                        new TransformerConfig.Patch(1, 2, 2),
                        40,
                        128,
                        16,
                        16,
                        4096,
                        256,
                        13824,
                        40,
                        true,
                        1e-6,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        1024,
                        OptionalInt.empty(),
                        Optional.empty()),
                read("\"image_dim\": null, \"unheard_of\": {}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_layers\": 0 | num_layers is 0, expected a whole number from 1 to 1000",
                "\"num_layers\": 30.0 | num_layers is 30.0, expected a whole number",
                "\"num_layers\": \"30\" | num_layers is \"30\", expected a whole number",
                "\"num_layers\": 99999999999 | num_layers is 99999999999, expected a whole number",
                "\"attention_head_dim\": 127 | attention_head_dim is 127, expected an even number",
                "\"attention_head_dim\": 4 | attention_head_dim is 4, expected a whole number from 6",
                "\"patch_size\": [2, 2] | patch_size is [2,2], expected three numbers",
                "\"patch_size\": [1, 2, 0] | patch_size is [1,2,0], expected a whole number from 1",
                "\"patch_size\": 2 | patch_size is 2, expected a list",
                "\"cross_attn_norm\": 1 | cross_attn_norm is 1, expected true or false",
                "\"eps\": -1 | eps is -1, expected a number from 0.0",
                "\"eps\": 1e999 | eps is ",
                "\"qk_norm\": \"layer_norm\" | qk_norm is \"layer_norm\", expected rms_norm_across_heads",
                "\"ffn_dim\": 1, \"ffn_dim\": 2 | Duplicate field 'ffn_dim'",
                "\"a\": NaN | not valid JSON",
            })
    void refusesAValueByFileKeyAndValue(String keys, String complaint) {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> read(keys));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("config.json"), refusal.getMessage());
    }

    @Test
    void refusesAnotherClassByName() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"_class_name\": \"FluxTransformer2DModel\"}");
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> TransformerConfig.read(directory));
        assertTrue(
                refusal.getMessage()
                        .endsWith(
                                "_class_name is \"FluxTransformer2DModel\", expected WanTransformer3DModel or WanVACETransformer3DModel"),
                refusal.getMessage());
    }

    @Test
    void refusesADirectoryWithoutConfig() {
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> TransformerConfig.read(directory));
        assertTrue(refusal.getMessage().endsWith("config.json does not exist"), refusal.getMessage());
    }

    @Test
    void refusesAConfigOfMoreThanOneMebibyte() {
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> read("\"padding\": \"" + "x".repeat(1 << 20) + "\""));
        assertTrue(refusal.getMessage().contains("larger than the limit of 1048576 bytes"), refusal.getMessage());
    }

    @Test
    void decidesOnTheImageBranchByTheWeights() throws IOException {
        TransformerConfig withDimensions = read("\"image_dim\": 1280, \"added_kv_proj_dim\": 5120");
        assertFalse(withDimensions.imageBranch(Set.of("blocks.0.attn2.to_k.weight")));
        assertTrue(withDimensions.imageBranch(Set.of("blocks.0.attn2.add_k_proj.weight")));

        TransformerConfig withoutDimensions = read("\"image_dim\": null");
        CheckpointException refusal = assertThrows(
                CheckpointException.class,
                () -> withoutDimensions.imageBranch(Set.of("blocks.0.attn2.add_k_proj.weight")));
        assertTrue(refusal.getMessage().contains("lacks image_dim"), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> withoutDimensions.expectedTensors(true));
    }

    @Test
    void expectsTheParametersOfTheLargeTextToVideoModel() throws IOException {
        long parameters = read("\"eps\": 1e-6").expectedTensors(false).values().stream()
                .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
                .sum();
        // total_size in the index of Wan-AI/Wan2.1-T2V-14B, fp32
        assertEquals(57_153_966_336L, 4 * parameters);
    }

    @Test
    void expectsNoCrossAttentionNormWhereThereIsNone() throws IOException {
        assertFalse(read("\"cross_attn_norm\": false").expectedTensors(false).containsKey("blocks.0.norm2.weight"));
        assertEquals(List.of(5120L), read("\"eps\": 0").expectedTensors(false).get("blocks.39.norm2.weight"));
    }

    private TransformerConfig read(String keys) throws IOException {
        Files.writeString(
                directory.resolve("config.json"), "{\"_class_name\": \"WanTransformer3DModel\", " + keys + "}");
        return TransformerConfig.read(directory);
    }
}
