package org.patchreel.runtime.family.wan.dit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;

/** Transformers whose weights are stored in 8 bits or fewer, as the reference computes with the same codes. */
class QuantizedTransformerGoldenTest {
    private static final double TOLERANCE = 2e-4;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "plain_e4m3fn, plain_e4m3fn",
        "plain_e5m2, plain_e5m2",
        "scaled_old_comfy, scaled_old_comfy",
        "scaled_comfy_quant, scaled_comfy_quant",
        "scaled_header_metadata, scaled_comfy_quant",
        "channel_fp8, channel_fp8",
        "channel_int8, channel_int8"
    })
    void computesWith8BitWeights(String file, String expected) throws Exception {
        check("quant_fp8", file + ".safetensors", expected + ".out");
    }

    @Test
    void computesWithTheBlocksOfAGgufFile() throws Exception {
        check("quant_gguf", "wan_mixed.gguf", "out.wan_mixed");
    }

    @Test
    void keepsTheCodesAndNotTheNumbersInMemory() throws Exception {
        try (Golden golden = Golden.open("quant_gguf");
                Transformer transformer = load("quant_gguf", "wan_mixed.gguf")) {
            long file = Files.size(golden.folder().resolve("wan_mixed.gguf"));
            assertTrue(transformer.bytes() < 1.15 * file, transformer.bytes() + " bytes of a file of " + file);
        }
    }

    @Test
    void takesSingleFilesWithOriginalNamesAndAPrefix() throws Exception {
        try (Golden golden = Golden.open("single_file")) {
            Files.copy(golden.folder().resolve("transformer_t2v/config.json"), directory.resolve("config.json"));
            Files.copy(golden.folder().resolve("t2v_prefixed.safetensors"), directory.resolve("t2v.safetensors"));
            try (Transformer transformer = Transformer.load(directory, Placement.CPU)) {
                assertClose(
                        "velocity",
                        golden.tensor("t2v.out"),
                        GoldenVelocity.of(transformer, golden, "t2v.in.x", "t2v.in.t", "t2v.in.text"),
                        TOLERANCE);
            }
        }
    }

    private void check(String folder, String file, String expected) throws Exception {
        try (Golden golden = Golden.open(folder);
                Transformer transformer = load(folder, file)) {
            NDArray velocity = GoldenVelocity.of(transformer, golden);
            assertClose(file, golden.tensor(expected), velocity, TOLERANCE);
            assertEquals(golden.tensor(expected).getShape(), velocity.getShape());
        }
    }

    private Transformer load(String folder, String file) throws IOException {
        Path golden = Golden.root().resolve(folder);
        Files.copy(golden.resolve("transformer/config.json"), directory.resolve("config.json"));
        Files.copy(golden.resolve(file), directory.resolve(file));
        return Transformer.load(directory, Placement.CPU);
    }
}
