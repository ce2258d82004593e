package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.spi.FrameGrid;

class GenerationDefaultsTest {
    private static final FrameGrid GRID = new FrameGrid(32, 4, 121);

    @TempDir
    Path directory;

    @Test
    void knowsWhatTheReleasesWereTrainedFor() throws IOException {
        GenerationDefaults wan21 = read("{\"_class_name\": \"WanPipeline\"}");
        assertEquals(new VideoFormat(832, 480, 81, 16), wan21.nativeFormat());
        assertEquals(new FrameSize(832, 480), wan21.outputSize());

        GenerationDefaults a14b = read("{\"_class_name\": \"WanPipeline\", \"boundary_ratio\": 0.875}");
        assertEquals(40, a14b.steps());
        assertEquals(4, a14b.guidanceScale());
        assertEquals(OptionalDouble.of(3), a14b.guidanceScale2());

        GenerationDefaults ti2v = read("{\"_class_name\": \"WanPipeline\", \"expand_timesteps\": true}");
        assertEquals(new VideoFormat(1280, 704, 121, 24), ti2v.nativeFormat());
    }

    @Test
    void letsTheCheckpointSayOtherwise() throws IOException {
        Files.writeString(
                directory.resolve("patchreel.json"),
                "{\"width\": 96, \"height\": 64, \"frames\": 17, \"frame_rate\": 8, \"steps\": 9, \"guidance_scale\": 2.5}");
        GenerationDefaults defaults = read("{\"_class_name\": \"WanPipeline\"}");
        assertEquals(new VideoFormat(96, 64, 17, 8), defaults.nativeFormat());
        assertEquals(9, defaults.steps());
        assertEquals(2.5, defaults.guidanceScale());
        assertEquals(new FrameSize(1152, 768), defaults.outputSize());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frames|18|nearest are 17 and 21",
                "width|112|width must be a multiple of 32: 112, nearest are 96 and 128"
            })
    void refusesDefaultsThatTheModelCannotMake(String key, int value, String complaint) throws IOException {
        Files.writeString(directory.resolve("patchreel.json"), "{\"" + key + "\": " + value + "}");
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> read("{\"_class_name\": \"WanPipeline\"}"));
        assertTrue(refusal.getMessage().contains("patchreel.json"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
    }

    @Test
    void keepsTheSecondScaleWhileTheFirstIsTheDefault() throws IOException {
        GenerationDefaults a14b = read("{\"_class_name\": \"WanPipeline\", \"boundary_ratio\": 0.875}");
        assertEquals(3, a14b.secondScale(4));
        assertEquals(6, a14b.secondScale(6));
    }

    private GenerationDefaults read(String index) throws IOException {
        Files.writeString(directory.resolve("model_index.json"), index);
        return GenerationDefaults.read(WanIndex.read(directory), GRID);
    }
}
