package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.WeightsEditor;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;

/** The starter model with LoRAs that requests choose. */
class AdaptedModelTest {
    private static final Path STARTER = Path.of("../models/starter/checkpoint");
    private static final int WIDTH = 192;

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();
    private CheckpointModel model;

    @BeforeEach
    void createModel() {
        model = new CheckpointModel(
                "m",
                STARTER,
                Map.of(),
                "a test",
                RuntimeOptions.CPU,
                ModelRuntime.FAMILIES,
                new ResidentSlot(),
                new AdapterFolder(Optional.of(folder)),
                ModelLicense.UNKNOWN);
    }

    @AfterEach
    void closeModel() {
        model.close();
    }

    @Test
    void listsAdaptersAmongItsCapabilitiesAsTheyComeAndGo() throws Exception {
        assertEquals(List.of(), model.descriptor().capabilities().orElseThrow().adapters());
        Path file = write("style", 2);
        assertEquals(
                List.of("style"),
                model.descriptor().capabilities().orElseThrow().adapters());
        Files.delete(file);
        assertEquals(List.of(), model.descriptor().capabilities().orElseThrow().adapters());
    }

    @Test
    void makesAnotherClipWithAnAdapterAndTheSameWithoutIt() throws Exception {
        Path file = write("style", 2);
        byte[] plain = frames(List.of());
        long bytes = model.health().nativeBytes();
        byte[] styled = frames(List.of(new Adapter("style", 1)));
        assertFalse(Arrays.equals(plain, styled), "the adapter changes the clip");
        assertTrue(model.health().nativeBytes() > bytes, "its memory counts");
        assertArrayEquals(styled, frames(List.of(new Adapter("style", 1))));
        assertFalse(Arrays.equals(styled, frames(List.of(new Adapter("style", 0.25)))), "the strength counts");
        assertArrayEquals(plain, frames(List.of()));
        assertEquals(bytes, model.health().nativeBytes());
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        List<AdapterFile> files = model.adapterFiles(List.of(new Adapter("style", 1)));
        assertEquals(
                List.of(sha256 + " style:1.0 style.safetensors"),
                files.stream().map(AdapterFile::toString).toList());
    }

    @Test
    void usesAFileAnewThatWasReplaced() throws Exception {
        write("style", 2);
        byte[] before = frames(List.of(new Adapter("style", 1)));
        Files.delete(folder.resolve("style.safetensors"));
        write("style", 20);
        Files.setLastModifiedTime(folder.resolve("style.safetensors"), FileTime.fromMillis(1_000_000));
        assertThrows(GenerationException.class, () -> model.adapterFiles(List.of(new Adapter("style", 1))));
        assertFalse(Arrays.equals(before, frames(List.of(new Adapter("style", 1)))), "the other file is used");
    }

    @Test
    void tellsTheRequesterOfTensorsWithoutEffect() throws Exception {
        write("style", 2, "text_encoder.x.lora_A.weight");
        frames(List.of(new Adapter("style", 1)));
        assertEquals(
                List.of("1 of 3 tensors of style.safetensors change nothing of this model and have no effect:"
                        + " text_encoder.x.lora_A.weight"),
                notes);
    }

    @Test
    void refusesAdaptersThatAreNotThereOrDoNotFitBeforeWeightsAreLoaded() throws Exception {
        assertEquals(
                "model m: there is no adapter gone in " + folder,
                refusal(List.of(new Adapter("gone", 1))).getMessage());
        WeightsEditor.empty()
                .with("diffusion_model.blocks.0.self_attn.q.lora_A.weight", List.of(2, 5120), new float[2 * 5120])
                .with("diffusion_model.blocks.0.self_attn.q.lora_B.weight", List.of(5120, 2), new float[2 * 5120])
                .write(folder.resolve("large.safetensors"));
        assertEquals(
                "model m: " + folder.toRealPath().resolve("large.safetensors")
                        + " was made for another model: the tensor"
                        + " diffusion_model.blocks.0.self_attn.q.lora_A.weight has shape [2, 5120],"
                        + " blocks.0.attn1.to_q.weight needs [rank, " + WIDTH + "]",
                refusal(List.of(new Adapter("large", 1))).getMessage());
        assertEquals(0, model.health().nativeBytes());
    }

    private GenerationException refusal(List<Adapter> adapters) {
        GenerationException plan = assertThrows(GenerationException.class, () -> model.plan(task(adapters)));
        GenerationException made = assertThrows(GenerationException.class, () -> frames(adapters));
        assertEquals(Reason.UNSUPPORTED, made.reason());
        assertEquals(plan.getMessage(), made.getMessage());
        return made;
    }

    private Path write(String name, float value, String... foreign) throws IOException {
        float[] up = new float[4 * WIDTH];
        float[] down = new float[4 * WIDTH];
        Arrays.fill(up, value);
        for (int i = 0; i < down.length; i++) {
            down[i] = 0.1f * (i % 7 - 3);
        }
        WeightsEditor lora = WeightsEditor.empty()
                .with("diffusion_model.blocks.1.self_attn.v.lora_A.weight", List.of(4, WIDTH), down)
                .with("diffusion_model.blocks.1.self_attn.v.lora_B.weight", List.of(WIDTH, 4), up);
        for (String each : foreign) {
            lora.with(each, List.of(1), new float[1]);
        }
        Path file = folder.resolve(name + ".safetensors");
        lora.write(file);
        return file;
    }

    private static ModelTask task(List<Adapter> adapters) {
        return SampleTask.of("a red ball", "", new VideoFormat(96, 96, 1, 8), new SamplingParameters(1, 1, 1))
                .withAdapters(adapters);
    }

    private byte[] frames(List<Adapter> adapters) throws Exception {
        RecordingSink sink = new RecordingSink();
        model.generate(task(adapters), sink, new GenerationMonitor() {
            @Override
            public void progress(GenerationProgress progress) {}

            @Override
            public void note(String text) {
                notes.add(text);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        });
        return sink.bytes();
    }
}
