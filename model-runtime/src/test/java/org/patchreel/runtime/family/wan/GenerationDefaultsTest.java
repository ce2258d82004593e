package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.SamplingChoice;
import org.patchreel.runtime.sampler.SchedulerChoice;
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

    @Test
    void knowsFewStepsOfADistilledCheckpoint() throws IOException {
        Files.writeString(
                directory.resolve("patchreel.json"),
                "{\"guidance_scale\": 1, \"scheduler\": \"euler\", \"shift\": 5, \"timesteps\": [1000, 750, 500, 250]}");
        GenerationDefaults defaults = read("{\"_class_name\": \"WanPipeline\"}");
        assertEquals(4, defaults.steps());
        assertEquals(1, defaults.guidanceScale());
        assertEquals(OptionalInt.of(4), defaults.fixedSteps());
        assertEquals(
                new SchedulerChoice(
                        Optional.of(SchedulerChoice.Kind.EULER),
                        OptionalDouble.of(5),
                        List.of(1000.0, 750.0, 500.0, 250.0)),
                defaults.scheduler());
    }

    @Test
    void letsTheOperatorSayOtherwiseThanTheCheckpoint() throws IOException {
        Files.writeString(directory.resolve("patchreel.json"), "{\"steps\": 9, \"guidance_scale\": 2.5, \"shift\": 3}");
        Files.writeString(directory.resolve("model_index.json"), "{\"_class_name\": \"WanPipeline\"}");
        GenerationDefaults defaults = GenerationDefaults.read(
                WanIndex.read(directory),
                GRID,
                new SamplingChoice(
                        OptionalInt.of(4),
                        OptionalDouble.of(1),
                        new SchedulerChoice(
                                Optional.of(SchedulerChoice.Kind.UNIPC), OptionalDouble.empty(), List.of())));
        assertEquals(4, defaults.steps());
        assertEquals(1, defaults.guidanceScale());
        assertEquals(OptionalDouble.of(3), defaults.scheduler().shift());
        assertEquals(OptionalInt.empty(), defaults.fixedSteps());
    }

    @Test
    void refusesTimestepsThatDoNotFallAndSchedulersThatAreNone() throws IOException {
        Files.writeString(directory.resolve("patchreel.json"), "{\"timesteps\": [500, 750]}");
        assertEquals(
                directory.resolve("patchreel.json")
                        + ": timesteps must be above 0, at most 1000, and fall from each to the next: [500.0, 750.0]",
                refusal());
        Files.writeString(directory.resolve("patchreel.json"), "{\"scheduler\": \"lcm\"}");
        assertEquals(
                directory.resolve("patchreel.json") + ": scheduler is \"lcm\", expected euler or unipc", refusal());
    }

    private String refusal() {
        return String.valueOf(assertThrows(CheckpointException.class, () -> read("{\"_class_name\": \"WanPipeline\"}"))
                .getMessage());
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
