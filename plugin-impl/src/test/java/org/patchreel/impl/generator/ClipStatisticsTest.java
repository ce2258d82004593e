package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.Metric;

class ClipStatisticsTest {

    private final ClipStatistics statistics = new ClipStatistics();

    @Test
    void addsUpTheStagesOfAllClipsAndCountsThoseThatRan() throws IOException {
        statistics.add(clip(20, Map.of("loading", Duration.ofMillis(1500), "sampling", Duration.ofSeconds(3))));
        statistics.add(clip(30, Map.of("sampling", Duration.ofSeconds(5), "storing", Duration.ofMillis(250))));
        assertEquals(Map.of("", 2.0), read("clips"));
        assertEquals(Map.of("", 50.0), read("frames"));
        assertEquals(
                Map.of(
                        "loading",
                        1.5,
                        "encoding-prompt",
                        0.0,
                        "sampling",
                        8.0,
                        "decoding",
                        0.0,
                        "encoding",
                        0.0,
                        "signing",
                        0.0,
                        "storing",
                        0.25),
                read("stage_seconds"));
        assertEquals(1.0, read("stage_runs").get("loading"));
        assertEquals(2.0, read("stage_runs").get("sampling"));
        assertEquals(0.0, read("stage_runs").get("signing"));
    }

    @Test
    void theRateIsThatOfTheLastClipWithoutSigningAndStoring() throws IOException {
        assertEquals(Map.of("", 0.0), read("clip_frames_per_second"));
        statistics.add(clip(20, Map.of("sampling", Duration.ofSeconds(1))));
        statistics.add(clip(
                24,
                Map.of(
                        "sampling", Duration.ofSeconds(9),
                        "encoding", Duration.ofSeconds(3),
                        "signing", Duration.ofSeconds(60),
                        "storing", Duration.ofSeconds(60))));
        assertEquals(Map.of("", 2.0), read("clip_frames_per_second"));
    }

    @Test
    void whatAWorkerMadeUpIsNotCounted() throws IOException {
        statistics.add(clip(20, Map.of("sampling", Duration.ofSeconds(-5), "x\"} 1", Duration.ofSeconds(7))));
        assertEquals(0.0, read("stage_seconds").get("sampling"));
        assertEquals(0.0, read("stage_runs").get("sampling"));
        assertEquals(7, read("stage_seconds").size());
        assertEquals(Map.of("", 0.0), read("clip_frames_per_second"));
    }

    private Map<String, Double> read(String name) throws IOException {
        for (Metric metric : statistics.metrics()) {
            if (metric.name().equals(name)) {
                return metric.read();
            }
        }
        throw new AssertionError("there is no metric " + name);
    }

    private static AssetMetadata clip(int frames, Map<String, Duration> timings) {
        VideoFormat format = new VideoFormat(768, 768, frames, 8);
        return new AssetMetadata(
                "1",
                Instant.EPOCH,
                Optional.empty(),
                "a ball",
                "",
                new AssetMetadata.Model("starter", "Wan", "cpu", "fp32", List.of()),
                new SamplingParameters(1, 8, 1),
                format,
                format,
                FrameInterpolation.REPEAT,
                "libopenh264",
                timings,
                List.of(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(Optional.empty(), Optional.empty()),
                "0.1.0",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
