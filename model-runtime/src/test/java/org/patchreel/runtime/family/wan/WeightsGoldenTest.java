package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.family.wan.WanIndex.Component;
import org.patchreel.runtime.family.wan.WanIndex.Pipeline;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.family.wan.text.TextEncoderConfig;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.runtime.weights.WeightType;

/** Configurations, weight files and their expected tensors against what the reference implementations wrote. */
class WeightsGoldenTest {
    private static final Path STARTER = Path.of("..", "models", "starter", "checkpoint");
    private static final String DIFFUSERS_STEM = "diffusion_pytorch_model";

    static List<Path> transformers() throws IOException {
        return componentsNamed("transformer", "transformer_2");
    }

    static List<Path> autoencoders() throws IOException {
        return componentsNamed("vae");
    }

    static List<Path> textEncoders() throws IOException {
        return componentsNamed("text_encoder");
    }

    private static List<Path> componentsNamed(String... names) throws IOException {
        try (Stream<Path> golden = Files.walk(Golden.root());
                Stream<Path> starter = Files.walk(STARTER)) {
            List<Path> found = Stream.concat(golden, starter)
                    .filter(path -> List.of(names).contains(path.getFileName().toString()))
                    .filter(path -> Files.exists(path.resolve("config.json")) && hasWeights(path))
                    .sorted()
                    .toList();
            assertTrue(found.size() >= 3, () -> "too few components: " + found);
            return found;
        }
    }

    /** The weights of some configurations lie beside their folders. */
    private static boolean hasWeights(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(WeightFiles::isWeightFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("transformers")
    void everyTransformerHasExactlyTheExpectedTensors(Path directory) throws IOException {
        TransformerConfig config = TransformerConfig.read(directory);
        try (WeightFiles weights = WeightFiles.open(directory, DIFFUSERS_STEM, OriginalNames::transformer)) {
            Map<String, List<Long>> expected = config.expectedTensors(config.imageBranch(weights.names()));
            new ExpectedTensors(expected, TransformerConfig::isIgnored).verify(weights);
            assertEquals(expected.keySet(), weights.names());
        }
    }

    @ParameterizedTest
    @MethodSource("autoencoders")
    void everyAutoencoderHasExactlyTheExpectedTensors(Path directory) throws IOException {
        try (WeightFiles weights = WeightFiles.open(directory, DIFFUSERS_STEM, OriginalNames::vae)) {
            Map<String, List<Long>> expected = VaeConfig.read(directory).expectedTensors();
            new ExpectedTensors(expected, name -> false).verify(weights);
            assertEquals(expected.keySet(), weights.names());
        }
    }

    @ParameterizedTest
    @MethodSource("textEncoders")
    void everyTextEncoderHasExactlyTheExpectedTensors(Path directory) throws IOException {
        try (WeightFiles weights = WeightFiles.open(directory, "model", OriginalNames::textEncoder)) {
            Map<String, List<Long>> expected = TextEncoderConfig.read(directory).expectedTensors();
            new ExpectedTensors(expected, TextEncoderConfig::isIgnored).verify(weights);
            assertEquals(expected.keySet(), weights.names());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformer_i2v", "transformer_flf2v", "pipeline_i2v_wan21"})
    void findsTheImageBranchInTheWeights(String golden) throws IOException {
        assertTrue(hasImageBranch(golden));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transformer_t2v", "pipeline_i2v_a14b", "transformer_sharded_bf16"})
    void findsNoImageBranchInWeightsWithoutOne(String golden) throws IOException {
        assertFalse(hasImageBranch(golden));
    }

    private static boolean hasImageBranch(String golden) throws IOException {
        Path directory = Golden.root().resolve(golden).resolve("transformer");
        try (WeightFiles weights = WeightFiles.open(directory, DIFFUSERS_STEM)) {
            return TransformerConfig.read(directory).imageBranch(weights.names());
        }
    }

    @Test
    void readsShardsOfMixedTypes() throws IOException {
        Path directory = Golden.root().resolve("transformer_sharded_bf16/transformer");
        try (WeightFiles weights = WeightFiles.open(directory, DIFFUSERS_STEM)) {
            JsonNode index = new ObjectMapper()
                    .readTree(directory
                            .resolve(DIFFUSERS_STEM + ".safetensors.index.json")
                            .toFile());
            List<Path> shards = index.path("weight_map")
                    .propertyStream()
                    .map(entry -> directory.resolve(entry.getValue().textValue()))
                    .distinct()
                    .sorted()
                    .toList();
            assertTrue(shards.size() > 1, () -> "not sharded: " + shards);
            assertEquals(shards, weights.files());
            long bytes = 0;
            for (Path shard : shards) {
                bytes += Files.size(shard);
            }
            assertEquals(bytes, weights.bytes());
            Map<String, TensorInfo> tensors = weights.tensors();
            TransformerConfig config = TransformerConfig.read(directory);
            long width = (long) config.heads() * config.headDim();
            String projection = "blocks.0.attn1.to_q.weight";
            assertEquals(new TensorInfo(projection, WeightType.BF16, List.of(width, width)), tensors.get(projection));
            assertEquals(
                    new TensorInfo("scale_shift_table", WeightType.F32, List.of(1L, 2L, width)),
                    tensors.get("scale_shift_table"));
            long total =
                    tensors.values().stream().mapToLong(TensorInfo::byteCount).sum();
            assertEquals(index.path("metadata").path("total_size").longValue(), total);
            for (TensorInfo tensor : tensors.values()) {
                assertEquals(tensor.byteCount(), weights.map(tensor.name()).remaining(), tensor.name());
            }
        }
    }

    @Test
    void presentsTheOriginalReleaseUnderTheNamesOfDiffusers() throws IOException {
        Path original = Golden.root().resolve("transformer_original_keys");
        Path converted = Golden.root().resolve("transformer_t2v/transformer");
        // the folder's only weight file, whatever its name
        try (WeightFiles a = WeightFiles.open(original, DIFFUSERS_STEM, OriginalNames::transformer);
                WeightFiles b = WeightFiles.open(converted, DIFFUSERS_STEM)) {
            assertEquals(b.tensors(), a.tensors());
            for (String name : b.names()) {
                ByteBuffer expected = b.map(name);
                assertEquals(expected, a.map(name), name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"key_map.json", "key_map_i2v.json"})
    void translatesTheNamesOfTheOriginalTransformer(String map) throws IOException {
        Map<String, String> expected = new ObjectMapper()
                .readValue(
                        Golden.root()
                                .resolve("transformer_original_keys")
                                .resolve(map)
                                .toFile(),
                        new TypeReference<>() {});
        assertEquals(expected, OriginalNames.transformer(expected.keySet()));
        assertEquals(Map.of(), OriginalNames.transformer(Set.copyOf(expected.values())), "names of diffusers stay");
    }

    @Test
    void readsTheIndexOfAModelWithTwoExperts() throws IOException {
        WanIndex index = WanIndex.read(Golden.root().resolve("pipeline_i2v_a14b"));
        assertEquals(Pipeline.IMAGE_TO_VIDEO, index.pipeline());
        assertEquals(0.9, index.boundaryRatio().orElseThrow());
        assertFalse(index.expandTimesteps());
        assertEquals(
                Set.of(Component.TRANSFORMER, Component.TRANSFORMER_2, Component.VAE, Component.SCHEDULER),
                index.components().keySet());
    }

    @Test
    void readsTheIndexOfTheStarterCheckpoint() throws IOException {
        WanIndex index = WanIndex.read(STARTER);
        assertEquals(Pipeline.TEXT_TO_VIDEO, index.pipeline());
        assertTrue(index.boundaryRatio().isEmpty());
        assertEquals(
                Set.of(
                        Component.TRANSFORMER,
                        Component.VAE,
                        Component.TEXT_ENCODER,
                        Component.TOKENIZER,
                        Component.SCHEDULER),
                index.components().keySet());
        assertEquals(STARTER.resolve("vae"), index.part(Component.VAE));
    }

    @Test
    void readsTheIndexOfAModelWithTimestepsForEachToken() throws IOException {
        assertTrue(WanIndex.read(Golden.root().resolve("pipeline_ti2v5b_t2v")).expandTimesteps());
    }
}
