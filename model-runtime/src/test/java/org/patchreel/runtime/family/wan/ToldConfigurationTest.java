package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.family.wan.text.TextEncoderConfig;
import org.patchreel.runtime.family.wan.vae.VaeConfig;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;

/** Configurations of the releases, as their repositories publish them, against what is told from tensors of these sizes. */
class ToldConfigurationTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "T2V 1.3B | 'num_attention_heads': 12, 'ffn_dim': 8960, 'num_layers': 30",
                "T2V 14B  | 'num_attention_heads': 40",
                "I2V 14B  | 'in_channels': 36, 'out_channels': 16, 'image_dim': 1280, 'added_kv_proj_dim': 5120",
                "FLF 14B  | 'in_channels': 36, 'out_channels': 16, 'image_dim': 1280, 'added_kv_proj_dim': 5120,"
                        + " 'pos_embed_seq_len': 514",
                "I2V A14B | 'in_channels': 36, 'out_channels': 16",
                "TI2V 5B  | 'in_channels': 48, 'num_attention_heads': 24, 'ffn_dim': 14336, 'num_layers': 30"
            })
    void tellsTheTransformersOfTheReleases(String release, String differences) throws IOException {
        TransformerConfig published = published("WanTransformer3DModel", differences);
        Map<String, List<Long>> tensors =
                published.expectedTensors(published.imageDim().isPresent());
        assertEquals(published, TransformerConfig.of(file(tensors)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VACE 14B  | 'vace_in_channels': 96",
                "VACE 1.3B | 'num_attention_heads': 12, 'ffn_dim': 8960, 'num_layers': 30,"
                        + " 'vace_layers': [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28]"
            })
    void tellsTheTransformersOfVace(String release, String differences) throws IOException {
        TransformerConfig published = published("WanVACETransformer3DModel", differences);
        assertEquals(published, TransformerConfig.of(file(published.expectedTensors(false))));
    }

    @Test
    void tellsTheTextEncoderOfTheReleases() throws IOException {
        Path published = write(
                "{'model_type': 'umt5', 'd_model': 4096, 'd_kv': 64, 'd_ff': 10240, 'num_layers': 24, 'num_heads': 64,"
                        + " 'vocab_size': 256384}");
        TextEncoderConfig config = TextEncoderConfig.read(published);
        assertEquals(config, TextEncoderConfig.of(file(config.expectedTensors())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"models_t5_umt5-xxl-enc.pth", "umt5_comfy.safetensors"})
    void tellsATextEncoderUnderTheNamesOfOtherPrograms(String file) throws IOException {
        Path golden = Golden.root().resolve("single_file");
        assertEquals(
                TextEncoderConfig.read(golden.resolve("text_encoder")),
                TextEncoderConfig.of(new ComponentFiles(golden.resolve(file), folder)));
    }

    @Test
    void tellsTheAutoencoderOf21() throws IOException {
        VaeConfig published = VaeConfig.read(write("{'_class_name': 'AutoencoderKLWan'}"));
        assertEquals(published, VaeConfig.of(file(published.expectedTensors())));
    }

    @Test
    void tellsTheAutoencoderOf22() throws IOException {
        Map<String, List<Long>> latents = Map.of("decoder.conv_in.weight", List.of(1024L, 48L, 3L, 3L, 3L));
        VaeConfig told = VaeConfig.of(file(latents));
        assertEquals(16, told.scaleFactorSpatial());
        assertEquals(
                List.of(48, 48),
                List.of(told.latentsMean().size(), told.latentsStd().size()));
        Map<String, List<Long>> expected = told.expectedTensors();
        assertEquals(latents.get("decoder.conv_in.weight"), expected.get("decoder.conv_in.weight"));
        assertEquals(List.of(12L, 256L, 3L, 3L, 3L), expected.get("decoder.conv_out.weight"));
        assertEquals(List.of(160L, 12L, 3L, 3L, 3L), expected.get("encoder.conv_in.weight"));
    }

    @Test
    void prefersTheConfigurationOfTheCheckpoint() throws IOException {
        Path golden = Golden.root().resolve("single_file");
        TransformerConfig config = TransformerConfig.of(
                new ComponentFiles(golden.resolve("t2v_prefixed.safetensors"), golden.resolve("transformer_t2v")));
        assertEquals(12, config.headDim());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "t2v_prefixed.safetensors | needs a config.json: its transformer, of width 24 and with 16 outputs, is none",
                "Wan2.1_VAE.pth           | has no tensor patch_embedding.weight",
                "models_clip.pth          | has no tensor patch_embedding.weight"
            })
    void refusesATransformerOfSizesThatNoReleaseHas(String name, String complaint) {
        Path file = Golden.root().resolve("single_file").resolve(name);
        refuses(file, complaint, () -> TransformerConfig.of(new ComponentFiles(file, folder)));
    }

    @Test
    void refusesAnAutoencoderOfSizesThatNoReleaseHas() {
        Path file = Golden.root().resolve("single_file/Wan2.1_VAE.pth");
        refuses(
                file,
                "needs a config.json: it has 4 latent channels, Wan 2.1 has 16 and Wan 2.2 48",
                () -> VaeConfig.of(new ComponentFiles(file, folder)));
    }

    @Test
    void refusesShapesThatNoNetworkHas() throws IOException {
        ComponentFiles odd = file(Map.of("patch_embedding.weight", List.of(1536L, 16L)));
        refuses(
                odd.content(),
                "tensor patch_embedding.weight has shape [1536, 16], which no network has",
                () -> TransformerConfig.of(odd));
    }

    @Test
    void refusesLayersWithGaps() throws IOException {
        TransformerConfig published =
                published("WanTransformer3DModel", "'num_attention_heads': 12, 'ffn_dim': 8960, 'num_layers': 3");
        Map<String, List<Long>> tensors = new HashMap<>(published.expectedTensors(false));
        tensors.keySet().removeIf(name -> name.startsWith("blocks.1."));
        ComponentFiles gap = file(tensors);
        refuses(
                gap.content(),
                "has 2 layers blocks.N, expected 1 to 1000, without gaps",
                () -> TransformerConfig.of(gap));
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static void refuses(Path file, String complaint, Reading reading) {
        String message = String.valueOf(
                assertThrows(CheckpointException.class, reading::run).getMessage());
        assertTrue(message.startsWith(file.toString()) && message.contains(complaint), message);
    }

    private TransformerConfig published(String className, String differences) throws IOException {
        return TransformerConfig.read(write("{'_class_name': '" + className + "', " + differences + "}"));
    }

    private Path write(String config) throws IOException {
        Path directory = Files.createTempDirectory(folder, "published");
        Files.writeString(directory.resolve("config.json"), config.replace('\'', '"'));
        return directory;
    }

    /** A file with these tensors in 8-bit floats, of which the file system keeps the header alone. */
    private ComponentFiles file(Map<String, List<Long>> tensors) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        for (Map.Entry<String, List<Long>> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F8_E4M3");
            tensor.getValue().forEach(entry.withArray("shape")::add);
            long start = end;
            end += tensor.getValue().stream().reduce(1L, Math::multiplyExact);
            entry.putArray("data_offsets").add(start).add(end);
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("single.safetensors");
        Files.deleteIfExists(path);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            file.write(text);
            file.setLength(Long.BYTES + text.length + end);
        }
        return new ComponentFiles(path, folder.resolve("nowhere"));
    }
}
