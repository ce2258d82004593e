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
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;

/** A checkpoint of which parts are in other folders. */
class ScatteredPartsTest {
    private static final Path STARTER = Path.of("../models/starter/checkpoint");

    @TempDir
    private Path folder;

    @Test
    void makesTheSameClipOfPartsInOtherFolders() throws Exception {
        Path rest = folder.resolve("rest");
        copy(STARTER, rest, "");
        Map<String, Path> parts = Map.of(
                "transformer", move(rest, "transformer"),
                "text_encoder", move(rest, "text_encoder"),
                "vae", move(rest, "vae"),
                "tokenizer", move(rest, "tokenizer"));
        assertArrayEquals(frames(STARTER, Map.of()), frames(rest, parts));
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
        return Files.move(rest.resolve(component), folder.resolve("elsewhere-" + component));
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
