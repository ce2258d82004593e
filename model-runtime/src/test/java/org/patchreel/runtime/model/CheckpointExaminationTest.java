package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.runtime.family.DenoisingOptions;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.SamplingChoice;
import org.patchreel.runtime.family.wan.WeightsEditor;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.CheckpointReport;
import org.patchreel.spi.CheckpointReport.Kind;
import org.patchreel.spi.ModelLicense;

class CheckpointExaminationTest {
    private static final Path STARTER = Path.of("../models/starter/checkpoint");

    private final CheckpointExamination examination =
            new CheckpointExamination(ModelRuntime.FAMILIES, () -> List.of(starter()));

    @TempDir
    private Path folder;

    private static CheckpointModel starter() {
        return new CheckpointModel(
                "starter",
                STARTER,
                Map.of(),
                "a test",
                RuntimeOptions.CPU,
                ModelRuntime.FAMILIES,
                new ResidentSlot(),
                AdapterFolder.NONE,
                ModelLicense.UNKNOWN);
    }

    @Test
    void saysWhatTheStarterIsAndWhatItTakes() throws Exception {
        CheckpointReport report = examination.examine(STARTER);
        assertEquals(List.of(), report.problems());
        assertTrue(report.runs());
        assertTrue(report.what().startsWith("Wan 2.2 TI2V"), report.what());
        CheckpointReport.Memory cpu = report.memory().get(0);
        assertEquals("cpu", cpu.device());
        assertEquals("cuda", report.memory().get(1).device());
        long bytes = report.model().orElseThrow().weightBytes();
        assertTrue(
                cpu.weightBytes() >= bytes && cpu.weightBytes() < 3 * bytes,
                report.memory().toString());
        assertTrue(report.memory().get(1).weightBytes() < cpu.weightBytes());
    }

    /** Every folder and file of weights of the golden vectors is called something; nothing fails. */
    @Test
    void hasAWordForEveryFolderOfTheVectors() throws Exception {
        TreeMap<String, CheckpointReport> reports = new TreeMap<>();
        Path root = Golden.root();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(
                            path -> Files.isDirectory(path) || path.toString().matches(".*\\.(safetensors|gguf|pth)"))
                    .toList()) {
                CheckpointReport report = examination.examine(path);
                reports.put(root.relativize(path).toString(), report);
                assertFalse(report.what().isBlank(), path.toString());
                assertTrue(report.runs() || !report.problems().isEmpty(), path.toString());
                for (String problem : report.problems()) {
                    assertEquals(1, problem.lines().count(), problem);
                }
            }
        }
        assertTrue(reports.size() > 100, reports.keySet().toString());
        reports.forEach((path, report) -> {
            if (path.matches("pipeline_[^/]+")) {
                assertEquals(Kind.CHECKPOINT, report.kind(), path);
            }
            if (path.matches("pipeline_[^/]+/(transformer|transformer_2|vae|text_encoder|image_encoder)")) {
                assertEquals(Kind.PART, report.kind(), path);
            }
            if (path.matches("lora/[a-z_]+\\.safetensors") && !path.endsWith("golden.safetensors")) {
                assertEquals(Kind.ADAPTER, report.kind(), path);
            }
        });
        assertEquals(
                List.of(
                        "checkpoint " + root.resolve("pipeline_t2v_euler") + " has no tokenizer",
                        "checkpoint " + root.resolve("pipeline_t2v_euler") + " has no text_encoder"),
                Objects.requireNonNull(reports.get("pipeline_t2v_euler")).problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "single_file/t2v_prefixed.safetensors | PART | Wan transformer, no image encoder, 4 channels in, width",
                "single_file/vace.safetensors | PART | Wan transformer, VACE, ",
                "single_file/flf2v.safetensors | PART | Wan transformer, first and last frame to video, ",
                "single_file/Wan2.1_VAE.pth | PART | video autoencoder, ",
                "single_file/models_t5_umt5-xxl-enc.pth | PART | text encoder UMT5, width ",
                "single_file/umt5_comfy.safetensors | PART | text encoder UMT5, width ",
                "single_file/models_clip.pth | PART | image encoder CLIP",
                "single_file/hostile.pth | UNKNOWN | a damaged file, or one of another kind",
                "quant_gguf/wan_mixed.gguf | PART | Wan transformer, ",
                "transformer_i2v/transformer | PART | Wan transformer, image-to-video with an image encoder, ",
                "vae_wan22/vae | PART | video autoencoder, ",
                "clip_vision/image_encoder | PART | image encoder CLIP",
                "lora/kohya.safetensors | ADAPTER | a LoRA of 60 tensors",
                "schedulers | UNKNOWN | a folder with weights",
                "pipeline_t2v_unipc/scheduler | PART | scheduler",
                "pipeline_t2v_unipc/tokenizer | PART | tokenizer",
                "clip_vision/image_processor | PART | image processor",
                "README.md | UNKNOWN | a file of another kind"
            })
    void tellsPartsByTheirTensors(String path, Kind kind, String what) throws Exception {
        CheckpointReport report = examination.examine(Golden.root().resolve(path));
        assertEquals(kind, report.kind());
        assertTrue(report.what().startsWith(what), report.what());
        assertFalse(report.runs());
    }

    @Test
    void triesALoraWithTheInstalledModels() throws Exception {
        Path lora = folder.resolve("style.safetensors");
        WeightsEditor.empty()
                .with("diffusion_model.blocks.0.self_attn.q.lora_A.weight", List.of(2, 192), new float[2 * 192])
                .with("diffusion_model.blocks.0.self_attn.q.lora_B.weight", List.of(192, 2), new float[2 * 192])
                .write(lora);
        CheckpointReport fitting = examination.examine(lora);
        assertTrue(fitting.runs());
        assertEquals(List.of("fits the model starter"), fitting.notes());
        CheckpointReport foreign = examination.examine(Golden.root().resolve("lora/original_ab.safetensors"));
        assertFalse(foreign.runs());
        assertTrue(
                foreign.problems().get(0).startsWith("does not fit the model starter: ")
                        && foreign.problems().get(0).contains("was made for another model"),
                foreign.problems().toString());
    }

    @Test
    void namesEveryProblemOfACheckpoint() throws Exception {
        Golden.copyCheckpoint(Golden.root().resolve("pipeline_t2v_unipc"), folder);
        WeightsEditor.read(folder.resolve("transformer/diffusion_pytorch_model.safetensors"))
                .without("proj_out.bias")
                .without("proj_out.weight")
                .write(folder.resolve("transformer/diffusion_pytorch_model.safetensors"));
        CheckpointReport report = examination.examine(folder);
        assertEquals(2, report.problems().size(), report.problems().toString());
        assertTrue(
                report.problems().get(0).startsWith("proj_out.weight is missing"),
                report.problems().toString());
        assertEquals(Optional.empty(), report.memory().stream().findFirst());
    }

    @Test
    void examinesAModelWithItsPartsAndOptions() throws Exception {
        Golden.copyCheckpoint(Golden.root().resolve("pipeline_t2v_unipc"), folder.resolve("rest"));
        Path encoder = Files.move(folder.resolve("rest/text_encoder"), folder.resolve("umt5"));
        CheckpointModel model = new CheckpointModel(
                "scattered",
                folder.resolve("rest"),
                Map.of("text_encoder", encoder),
                "a test",
                new RuntimeOptions(
                        "cpu",
                        Precision.FP32,
                        TimestepGrid.CURRENT,
                        true,
                        Optional.empty(),
                        DenoisingOptions.AUTHORS,
                        new SamplingChoice(OptionalInt.of(7), OptionalDouble.empty(), SchedulerChoice.NONE)),
                ModelRuntime.FAMILIES,
                new ResidentSlot(),
                AdapterFolder.NONE,
                ModelLicense.UNKNOWN);
        CheckpointExamination here = new CheckpointExamination(ModelRuntime.FAMILIES, () -> List.of(model));

        CheckpointReport report = here.examineModel("scattered").orElseThrow();
        assertEquals(List.of(), report.problems());
        assertTrue(report.runs());
        assertEquals(7, report.model().orElseThrow().defaults().steps());

        CheckpointReport bare = here.examine(folder.resolve("rest"));
        assertFalse(bare.runs());
        assertEquals(List.of("the model scattered has parts elsewhere; its name examines it"), bare.notes());
        assertEquals(Optional.empty(), here.examineModel("another"));
    }

    @Test
    void refusesAPathThatIsNotThere() {
        assertThrows(IOException.class, () -> examination.examine(folder.resolve("gone")));
    }
}
