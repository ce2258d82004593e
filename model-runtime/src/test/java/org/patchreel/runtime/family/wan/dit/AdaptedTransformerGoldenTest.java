package org.patchreel.runtime.family.wan.dit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Adapter;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.adapter.Expert;
import org.patchreel.runtime.family.wan.WeightsEditor;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.weights.CheckpointException;

/** LoRAs on a transformer against peft and diffusers, which compute with the same files. Tolerance: that of the vectors' authors. */
class AdaptedTransformerGoldenTest {
    private static final double TOLERANCE = 2e-4;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "peft_diffusers, 0.5, peft_diffusers.s050.out",
        "peft_diffusers, 1, peft_diffusers.s100.out",
        "peft_with_metadata, 0.5, peft_with_metadata.s050.out",
        "peft_with_metadata, 1, peft_with_metadata.s100.out",
        "original_ab, 0.5, original_ab.s050.out",
        "original_ab, 1, original_ab.s100.out",
        "original_down_up_alpha, 0.5, original_down_up_alpha.s050.out",
        "original_down_up_alpha, 1, original_down_up_alpha.s100.out",
        "kohya, 0.5, kohya.s050.out",
        "kohya, 1, kohya.s100.out",
        "extracted_diff, 0.5, extracted_diff.s050.out.full",
        "extracted_diff, 1, extracted_diff.s100.out.full",
        "with_foreign_keys, 1, with_foreign_keys.s100.out"
    })
    void computesAsTheReferenceDoes(String file, double strength, String expected) throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = transformer(golden)) {
            transformer.adapt(List.of(part(golden, file, strength)));
            assertClose(file, golden.tensor(expected), GoldenVelocity.of(transformer, golden), TOLERANCE);
        }
    }

    /** The path that a GPU takes, on the CPU. bfloat16 has 8 bits of precision: of outputs up to 4, some hundredths. */
    @ParameterizedTest
    @ValueSource(strings = {"original_ab.s100.out", "kohya.s100.out", "extracted_diff.s100.out.full"})
    void comesCloseInBfloat16(String expected) throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = Transformer.load(
                        golden.folder().resolve("transformer"),
                        new Placement(Placement.CPU.device(), Placement.Precision.BF16))) {
            transformer.adapt(List.of(part(golden, expected.substring(0, expected.indexOf('.')), 1)));
            NDArray difference = golden.tensor(expected)
                    .sub(GoldenVelocity.of(transformer, golden))
                    .abs();
            assertTrue(
                    difference.mean().getFloat() < 0.03,
                    "mean " + difference.mean().getFloat());
            assertTrue(
                    difference.max().getFloat() < 0.2, "max " + difference.max().getFloat());
        }
    }

    @Test
    void appliesTwoAtOnce() throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = transformer(golden)) {
            transformer.adapt(List.of(part(golden, "peft_diffusers", 0.5), part(golden, "kohya", 1)));
            assertClose(
                    "two",
                    golden.tensor("two.peft050_kohya100.out"),
                    GoldenVelocity.of(transformer, golden),
                    TOLERANCE);
        }
    }

    @Test
    void givesTheWeightsBackAsTheyWere() throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = transformer(golden)) {
            NDArray before = GoldenVelocity.of(transformer, golden);
            long bytes = transformer.bytes();
            transformer.adapt(List.of(part(golden, "extracted_diff", 1)));
            assertTrue(transformer.bytes() > bytes, "the LoRA takes memory");
            transformer.adapt(List.of());
            assertClose("velocity", before, GoldenVelocity.of(transformer, golden), 0);
            assertEquals(bytes, transformer.bytes());
        }
    }

    @Test
    void namesForeignTensorsInOneLine() throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = transformer(golden)) {
            List<String> notes = transformer.adapt(List.of(part(golden, "with_foreign_keys", 1)));
            assertEquals(
                    List.of("8 of 16 tensors of with_foreign_keys.safetensors change nothing of this model and have no"
                            + " effect: diffusion_model.blocks.0.self_attn.q.dora_scale;"
                            + " diffusion_model.blocks.7.self_attn.q.lora_A.weight;"
                            + " diffusion_model.blocks.7.self_attn.q.lora_B.weight and 5 more"),
                    notes);
        }
    }

    /** The same tensors under the spellings that are met. */
    @ParameterizedTest
    @MethodSource("spellings")
    void readsAllSpellingsAlike(String prefix, String down, String up) throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = transformer(golden)) {
            Path copy = directory.resolve("copy.safetensors");
            WeightsEditor.read(golden.folder().resolve("original_ab.safetensors"))
                    .renamed(name -> spelled(name, prefix)
                            .replace(".lora_A.weight", down)
                            .replace(".lora_B.weight", up))
                    .write(copy);
            transformer.adapt(List.of(part(copy, 1)));
            assertClose(
                    "copy", golden.tensor("original_ab.s100.out"), GoldenVelocity.of(transformer, golden), TOLERANCE);
        }
    }

    private static String spelled(String name, String prefix) {
        String bare = name.substring("diffusion_model.".length());
        int end = bare.indexOf(".lora_");
        return prefix.equals("lora_unet_")
                ? prefix + bare.substring(0, end).replace('.', '_') + bare.substring(end)
                : prefix + bare;
    }

    static Stream<Arguments> spellings() throws IOException {
        try (Golden golden = Golden.open("lora")) {
            List<Arguments> all = new ArrayList<>();
            for (JsonNode prefix : golden.meta().at("/aliases/prefixes")) {
                for (JsonNode suffix : golden.meta().at("/aliases/down_up_suffixes")) {
                    all.add(Arguments.of(
                            prefix.asText().replaceFirst(" .*", ""),
                            suffix.get(0).asText(),
                            suffix.get(1).asText()));
                }
            }
            return all.stream();
        }
    }

    @Test
    void changesQuantizedWeightsToo() throws Exception {
        for (Map.Entry<String, String> weights : Map.of(
                        "quant_fp8", "scaled_comfy_quant.safetensors", "quant_gguf", "wan_mixed.gguf")
                .entrySet()) {
            Path folder = Files.createDirectory(directory.resolve(weights.getKey()));
            Path source = Golden.root().resolve(weights.getKey());
            Files.copy(source.resolve("transformer/config.json"), folder.resolve("config.json"));
            Files.copy(source.resolve(weights.getValue()), folder.resolve(weights.getValue()));
            try (Golden golden = Golden.open(weights.getKey());
                    Transformer transformer = Transformer.load(folder, Placement.CPU)) {
                // up·down is the identity times 0.5 for a square layer: y + 0.5·x
                NDArray before = GoldenVelocity.of(transformer, golden);
                int width = transformer.config().hiddenDim();
                Path lora = folder.resolve("lora.safetensors");
                WeightsEditor.empty()
                        .with("blocks.0.attn1.to_q.lora_A.weight", List.of(width, width), identity(width, 1))
                        .with("blocks.0.attn1.to_q.lora_B.weight", List.of(width, width), identity(width, 0.5f))
                        .write(lora);
                Path difference = folder.resolve("difference.safetensors");
                WeightsEditor.empty()
                        .with("diffusion_model.blocks.0.self_attn.q.diff", List.of(width, width), identity(width, 0.5f))
                        .write(difference);
                transformer.adapt(List.of(part(lora, 1)));
                NDArray product = GoldenVelocity.of(transformer, golden);
                transformer.adapt(List.of(part(difference, 1)));
                NDArray whole = GoldenVelocity.of(transformer, golden);
                assertClose(weights.getKey(), product, whole, TOLERANCE);
                assertTrue(
                        before.sub(product).abs().max().getFloat() > 10 * TOLERANCE,
                        "the LoRA changes the weights of " + weights.getKey());
            }
        }
    }

    private static float[] identity(int width, float value) {
        float[] matrix = new float[width * width];
        for (int i = 0; i < width; i++) {
            matrix[i * width + i] = value;
        }
        return matrix;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rank | has shape [4, 25], blocks.0.attn1.to_k.weight needs [rank, 24]",
                "half | of the two matrices of blocks.0.attn1.to_k.weight there is one alone",
                "type | has type I32, of a LoRA F32, F16 and BF16 are read",
                "nan | has numbers that are not finite",
                "loha | is LoHa, as the tensor",
                "other | has no tensor that changes this model",
                "truncated | is truncated"
            })
    void refusesAFileInOneLineAndLoadsNothing(String fault, String line) throws Exception {
        try (Golden golden = Golden.open("lora");
                Transformer transformer = transformer(golden)) {
            NDArray before = GoldenVelocity.of(transformer, golden);
            long bytes = transformer.bytes();
            AdapterPart bad = part(damaged(golden, fault), 1);
            CheckpointException refusal =
                    assertThrows(CheckpointException.class, () -> transformer.adapt(List.of(bad)));
            assertTrue(refusal.getMessage().contains(line), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("lora.safetensors"), refusal.getMessage());
            assertEquals(1, refusal.getMessage().lines().count());
            assertEquals(bytes, transformer.bytes());
            assertClose("velocity", before, GoldenVelocity.of(transformer, golden), 0);
        }
    }

    private Path damaged(Golden golden, String fault) throws IOException {
        Path lora = directory.resolve("lora.safetensors");
        String down = "transformer.blocks.0.attn1.to_k.lora_A.weight";
        String up = "transformer.blocks.0.attn1.to_k.lora_B.weight";
        WeightsEditor editor = WeightsEditor.read(golden.folder().resolve("peft_diffusers.safetensors"));
        switch (fault) {
            case "rank" -> editor.with(down, List.of(4, 25), new float[100]);
            case "half" -> editor.without(up);
            case "type" -> editor.withType(down, "I32");
            case "nan" -> {
                float[] values = new float[96];
                values[95] = Float.NaN;
                editor.with(down, List.of(4, 24), values);
            }
            case "loha" -> editor = editor.renamed(name -> name.replace(".lora_A.weight", ".hada_w1_a"));
            case "other" -> editor = editor.renamed(name -> "text_model." + name);
            default -> {
                editor.write(lora);
                byte[] whole = Files.readAllBytes(lora);
                Files.write(lora, Arrays.copyOf(whole, whole.length - 100));
                return lora;
            }
        }
        editor.write(lora);
        return lora;
    }

    private static Transformer transformer(Golden golden) throws IOException {
        return Transformer.load(golden.folder().resolve("transformer"), Placement.CPU);
    }

    private static AdapterPart part(Golden golden, String file, double strength) throws IOException {
        return part(golden.folder().resolve(file + ".safetensors"), strength);
    }

    private static AdapterPart part(Path file, double strength) throws IOException {
        return new AdapterPart(
                new Adapter("style", strength),
                file,
                "style.safetensors",
                Expert.BOTH,
                Files.size(file),
                FileTime.fromMillis(0));
    }
}
