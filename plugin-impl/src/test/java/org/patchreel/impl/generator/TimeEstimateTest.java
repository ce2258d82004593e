package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.PlannedClip.PlannedShot;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.Transition;
import org.patchreel.api.VideoFormat;

class TimeEstimateTest {

    private static final VideoFormat GENERATED = new VideoFormat(96, 96, 17, 8);
    private static final VideoFormat CLIP = new VideoFormat(768, 768, 17, 8);

    @Test
    void aClipLikeThoseBeforeTakesAsLongAsMostOfThem() {
        TimeEstimate estimate = new TimeEstimate(List.of(past(2, 4), past(2.2, 4.4), past(60, 80)));
        assertEquals(Optional.of(Duration.ofMillis(8500)), estimate.of(List.of(shot(8)), CLIP));
    }

    @Test
    void aClipOfAnotherShapeDoesNotCountWhereThereIsOneOfTheSame() {
        VideoFormat small = new VideoFormat(96, 96, 17, 8);
        TimeEstimate estimate = new TimeEstimate(List.of(past(2, 0.1, small), past(2, 4), past(2, 0.1, small)));
        assertEquals(Optional.of(Duration.ofMillis(7900)), estimate.of(List.of(shot(8)), CLIP));
        assertEquals(Optional.of(Duration.ofSeconds(4)), estimate.of(List.of(shot(8)), small));
    }

    @Test
    void samplingGrowsWithThePassesAndTheRestWithTheClip() {
        TimeEstimate estimate = new TimeEstimate(List.of(past(2, 4)));
        assertEquals(
                Optional.of(Duration.ofMillis(1000 + 100 + 3 * 2000 + 2 * (4000 + 800))),
                estimate.of(List.of(shot(24)), new VideoFormat(768, 768, 34, 16)));
    }

    @Test
    void severalShotsTakeTheSumOfTheirTimesButTheModelIsLoadedOnce() {
        TimeEstimate estimate = new TimeEstimate(List.of(past(2, 4)));
        assertEquals(
                Optional.of(Duration.ofMillis(1000 + 2 * 100 + 4 * 2000 + 2 * (4000 + 800))),
                estimate.of(List.of(shot(24), shot(8)), new VideoFormat(768, 768, 34, 16)));
    }

    @Test
    void nothingIsSaidWithoutClips() {
        assertEquals(Optional.empty(), new TimeEstimate(List.of()).of(List.of(shot(8)), CLIP));
    }

    private static PlannedShot shot(int passes) {
        return new PlannedShot(
                GENERATED,
                17,
                Transition.CUT,
                new SamplingParameters(1, 8, 1),
                new SamplingPlan(SamplingPlan.Method.WHOLE, 1, 17, 0, 8, passes));
    }

    private static TimeEstimate.Past past(double sampling, double decoding) {
        return past(sampling, decoding, CLIP);
    }

    private static TimeEstimate.Past past(double sampling, double decoding, VideoFormat format) {
        AssetMetadata metadata = new AssetMetadata(
                "01A",
                Instant.EPOCH,
                Optional.empty(),
                "a ball",
                "",
                new AssetMetadata.Model("starter", "Wan", "cpu", "fp32", List.of()),
                new SamplingParameters(1, 8, 1),
                format,
                GENERATED,
                FrameInterpolation.REPEAT,
                "libopenh264",
                Map.of(
                        "loading", Duration.ofSeconds(1),
                        "encoding-prompt", Duration.ofMillis(100),
                        "sampling", Duration.ofMillis(Math.round(1000 * sampling)),
                        "decoding", Duration.ofMillis(Math.round(1000 * decoding)),
                        "encoding", Duration.ofMillis(800),
                        "signing", Duration.ofMillis(200),
                        "storing", Duration.ofMillis(100)),
                List.of(),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(Optional.empty(), Optional.empty()),
                "0.1.0",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        return new TimeEstimate.Past(metadata, 8.0 * 17 * 96 * 96);
    }
}
