package org.patchreel.runtime.family.wan.dit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Adapter;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.adapter.Expert;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.Placement.Precision;

/** A transformer whose blocks multiply 8-bit integers, beside what diffusers computes with the same files in float32. */
class Int8TransformerTest {

    private static final Placement INT8 = new Placement(Placement.CPU.device(), Precision.INT8);

    /** Of the root mean square of the output. In networks of a width of 48 rounding has little to average over. */
    private static final double TOLERANCE = 0.04;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"kohya, kohya.s100.out", "extracted_diff, extracted_diff.s100.out.full"})
    void comesCloseAlsoWithALora(String lora, String expected) throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = Transformer.load(golden.folder().resolve("transformer"), INT8)) {
            Path file = golden.folder().resolve(lora + ".safetensors");
            transformer.adapt(List.of(new AdapterPart(
                    new Adapter("style", 1),
                    file,
                    "style.safetensors",
                    Expert.BOTH,
                    Files.size(file),
                    FileTime.fromMillis(0))));
            assertClose(golden.tensor(expected), GoldenVelocity.of(transformer, golden));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "quant_fp8, channel_int8.safetensors, channel_int8.out",
        "quant_fp8, scaled_comfy_quant.safetensors, scaled_comfy_quant.out",
        "quant_gguf, wan_mixed.gguf, out.wan_mixed"
    })
    void roundsWhatIsQuantizedInTheFile(String folder, String file, String expected) throws Exception {
        try (Golden golden = Golden.open(folder);
                Transformer transformer = load(folder, file, INT8)) {
            assertClose(golden.tensor(expected), GoldenVelocity.of(transformer, golden));
        }
    }

    @Test
    void takesLessMemoryAndGivesTheSameAgain() throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer exact = Transformer.load(golden.folder().resolve("transformer"), Placement.CPU);
                Transformer rounded = Transformer.load(golden.folder().resolve("transformer"), INT8)) {
            assertTrue(rounded.bytes() < 0.6 * exact.bytes(), rounded.bytes() + " of " + exact.bytes() + " bytes");
            assertEquals(GoldenVelocity.of(rounded, golden), GoldenVelocity.of(rounded, golden));
        }
    }

    private Transformer load(String folder, String file, Placement placement) throws IOException {
        Path golden = Golden.root().resolve(folder);
        Files.copy(golden.resolve("transformer/config.json"), directory.resolve("config.json"));
        Files.copy(golden.resolve(file), directory.resolve(file));
        return Transformer.load(directory, placement);
    }

    private static void assertClose(NDArray expected, NDArray found) {
        double error = rms(found.sub(expected)) / rms(expected);
        // no error at all would mean that nothing was rounded
        assertTrue(error > 1e-4 && error < TOLERANCE, "relative error " + error);
    }

    private static double rms(NDArray values) {
        return Math.sqrt(values.square().mean().getFloat());
    }
}
