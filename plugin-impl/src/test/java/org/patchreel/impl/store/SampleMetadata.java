package org.patchreel.impl.store;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

/** Metadata with something in every field. */
final class SampleMetadata {
    private SampleMetadata() {}

    static AssetMetadata of(String id) {
        return of(id, "libopenh264");
    }

    static AssetMetadata still(String id) {
        return of(id, AssetMetadata.STILL_CODEC);
    }

    private static AssetMetadata of(String id, String codec) {
        Map<String, Duration> timings = new LinkedHashMap<>();
        timings.put("loading", Duration.ofMillis(1250));
        timings.put("sampling", Duration.ofSeconds(200));
        timings.put("decoding", Duration.ofNanos(1));
        return new AssetMetadata(
                id,
                Instant.parse("2026-03-04T05:06:07.089Z"),
                Optional.of("赤い \uD83D\uDE80"),
                "a \"red\" ball\nrolls past 東京 \uD83D\uDE80",
                "",
                new AssetMetadata.Model(
                        "starter",
                        "Wan 2.1 text-to-video",
                        "cpu, 2 threads",
                        "fp32",
                        List.of(new WeightFile("transformer/model.safetensors", "ab".repeat(32)))),
                new SamplingParameters(Long.MIN_VALUE, 30, 5.5),
                new VideoFormat(640, 368, 49, 24),
                new VideoFormat(128, 80, 33, 16),
                FrameInterpolation.REPEAT,
                codec,
                timings,
                List.of("the prompt is longer than the model reads"),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(
                        Optional.of("0123456789abcdef"),
                        Optional.of(new AssetMetadata.SignedManifest(
                                "urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10", "CN=Signer, O=東京", true))),
                "0.1.0",
                Optional.empty(),
                List.of(
                        new AssetMetadata.SourceUse("picture 0", "cd".repeat(32), Optional.empty(), "a: b.png"),
                        new AssetMetadata.SourceUse(
                                "continued after", "ef".repeat(32), Optional.of("20260701T120000000abcdef"), "Ball"),
                        new AssetMetadata.SourceUse(
                                "interpolated 2",
                                "01".repeat(32),
                                Optional.empty(),
                                "copy; of.mp4",
                                new AssetMetadata.SourceUse.Trace(
                                        Optional.of("0123456789abcdef"),
                                        Optional.of("20260701T120000000abcdef"),
                                        Optional.of("urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10")))),
                List.of(),
                Optional.empty());
    }
}
