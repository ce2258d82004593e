package org.patchreel.runtime.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.weights.WeightFiles;

/** Numbers of quantized tensors against those of the gguf package and of PyTorch. */
class QuantizedWeightsGoldenTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl", "iq4_xs",
                "f16", "bf16", "f32"
            })
    void everyBlockTypeOfGgufBecomesTheNumbersOfTheReference(String type) throws Exception {
        checkGguf("blocks.0." + type + ".weight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv_reshaped.weight", "patch_embedding.weight"})
    void tensorsThatAreNoMatricesHaveTheirOriginalShape(String name) throws Exception {
        checkGguf(name);
    }

    private void checkGguf(String name) throws Exception {
        try (Golden golden = Golden.open("quant_gguf")) {
            NDArray expected = golden.tensor("dequantised." + name);
            Files.copy(golden.folder().resolve("types.gguf"), directory.resolve("types.gguf"));
            assertClose(
                    name, expected, number(name), 1e-6 * expected.abs().max().getFloat());
        }
    }

    @Test
    void everyCodeOf8BitFloatsHasTheValueOfTheReference() throws Exception {
        try (Golden golden = Golden.open("quant_fp8")) {
            for (String file : List.of("plain_e4m3fn", "channel_fp8", "channel_int8", "scaled_old_comfy")) {
                Path copy = directory.resolve("weights.safetensors");
                Files.deleteIfExists(copy);
                Files.copy(golden.folder().resolve(file + ".safetensors"), copy);
                NDArray expected = golden.tensor(file + ".dequantised.blocks.0.ffn.2.weight");
                assertClose(file, expected, number("blocks.0.ffn.net.2.weight"), 0);
            }
        }
    }

    /** As a network reads it that wants numbers. */
    private NDArray number(String name) throws Exception {
        try (WeightFiles files = WeightFiles.open(directory, "weights", OriginalNames::transformer);
                TensorDictionary tensors = TensorDictionary.load(files, Placement.CPU, each -> true)) {
            NDArray tensor = tensors.tensor(name).duplicate();
            tensor.attach(TorchEngine.newManager(Placement.CPU.device()));
            assertTrue(files.names().contains(name));
            return tensor;
        }
    }
}
