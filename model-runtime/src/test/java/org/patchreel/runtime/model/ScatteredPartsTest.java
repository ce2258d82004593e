package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.adapter.AdapterFolder;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;

/** A checkpoint of which parts are in other folders, or single files. */
class ScatteredPartsTest {
    private static final Path STARTER = Path.of("../models/starter/checkpoint");

    @TempDir
    private Path folder;

    @Test
    void makesTheSameClipOfPartsThatAreElsewhere() throws Exception {
        Path rest = folder.resolve("rest");
        copy(STARTER, rest, "");
        Map<String, Path> parts = Map.of(
                "transformer", move(rest, "transformer/diffusion_pytorch_model.safetensors"),
                "text_encoder", move(rest, "text_encoder/model.safetensors"),
                "vae", move(rest, "vae"),
                "tokenizer", move(rest, "tokenizer/tokenizer.json"));
        Files.delete(rest.resolve("text_encoder/config.json")); // the tensors tell all that it says
        Files.delete(rest.resolve("text_encoder"));
        assertArrayEquals(frames(STARTER, Map.of()), frames(rest, parts));
    }

    @Test
    void refusesFilesThatHoldSomethingElse() throws Exception {
        Path golden = Golden.root().resolve("single_file");
        Path vae = golden.resolve("Wan2.1_VAE.pth");
        assertRefused("transformer", vae, "holds another network: video autoencoder, 4 latent channels");
        assertRefused("text_encoder", vae, "holds another network: video autoencoder, 4 latent channels");
        assertRefused(
                "vae", golden.resolve("umt5_comfy.safetensors"), "holds another network: text encoder UMT5, width 24");
        assertRefused("transformer_2", golden.resolve("models_clip.pth"), "holds another network: image encoder CLIP");
        assertRefused("transformer", Golden.root().resolve("lora/kohya.safetensors"), "is a LoRA");
        assertRefused("vae", golden.resolve("golden.safetensors"), "has 19 tensors of no known network");
        assertRefused("vae", golden.resolve("meta.json"), "ends with none of .safetensors, .gguf, .pth");
        Path shard = Files.copy(
                golden.resolve("t2v_prefixed.safetensors"),
                folder.resolve("diffusion_pytorch_model-00001-of-00002.safetensors"));
        assertRefused("transformer", shard, "is one of 2 files, expected the folder of all");
        assertRefusedBy("text_encoder", golden.resolve("hostile.pth"), "asks for posix.getcwd, which is no tensor");
        Path words = Files.createFile(folder.resolve("spiece.model"));
        assertRefusedBy("tokenizer", words, "is SentencePiece's file, expected a tokenizer.json");
    }

    @Test
    void saysThatAFileDoesNotFitTheConfigurationOfTheCheckpoint() throws Exception {
        Path other = Golden.root().resolve("single_file/Wan2.1_VAE.pth");
        assertRefusedBy("vae", other, other + " does not fit its config: tensors missing ");
    }

    private static void assertRefused(String part, Path file, String complaint) {
        assertRefusedBy(part, file, part + ": " + file + " " + complaint);
    }

    private static void assertRefusedBy(String part, Path file, String complaint) {
        try (CheckpointModel model = model(STARTER, Map.of(part, file))) {
            ModelHealth health = model.health();
            assertEquals(ModelHealth.Status.UNAVAILABLE, health.status());
            String error = health.lastError().orElseThrow();
            assertTrue(error.contains(complaint), error);
        }
    }

    @Test
    void namesAPartThatIsNotThere() {
        try (CheckpointModel model = model(STARTER, Map.of("vae", folder.resolve("gone")))) {
            ModelHealth health = model.health();
            assertEquals(ModelHealth.Status.UNAVAILABLE, health.status());
            assertEquals(
                    "vae: " + folder.resolve("gone") + " does not exist",
                    health.lastError().orElseThrow());
        }
    }

    private Path move(Path rest, String component) throws IOException {
        return Files.move(rest.resolve(component), folder.resolve("elsewhere-" + component.replace('/', '-')));
    }

    private static CheckpointModel model(Path directory, Map<String, Path> parts) {
        return new CheckpointModel(
                "m",
                directory,
                parts,
                "a test",
                RuntimeOptions.CPU,
                ModelRuntime.FAMILIES,
                new ResidentSlot(),
                AdapterFolder.NONE,
                ModelLicense.UNKNOWN);
    }

    private static byte[] frames(Path directory, Map<String, Path> parts) throws Exception {
        try (CheckpointModel model = model(directory, parts)) {
            RecordingSink sink = new RecordingSink();
            model.generate(
                    SampleTask.of("a red ball", "", new VideoFormat(96, 96, 1, 8), new SamplingParameters(1, 1, 1)),
                    sink,
                    GenerationMonitor.UNWATCHED);
            List<String> paths = model.health().weights().orElseThrow().files().stream()
                    .map(WeightFile::path)
                    .toList();
            assertTrue(paths.stream().anyMatch(path -> path.startsWith("transformer/")), paths.toString());
            return sink.bytes();
        }
    }

    private static void copy(Path from, Path to, String name) throws IOException {
        try (Stream<Path> files = Files.walk(from.resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
