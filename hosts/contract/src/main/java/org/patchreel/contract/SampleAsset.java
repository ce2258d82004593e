package org.patchreel.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;

/** Something to store. */
public final class SampleAsset {

    /** A prompt that no single-byte encoding survives. */
    public static final String PROMPT = "a \"red\" ball\nrolls past 東京 \uD83D\uDE80";

    private SampleAsset() {}

    /**
     * Metadata with something in every field.
     *
     * @param id the asset's ID
     * @param title if it has one
     * @return the metadata
     */
    public static AssetMetadata metadata(String id, Optional<String> title) {
        return metadata(id, title, "libopenh264");
    }

    /**
     * Metadata of a still, with something in every field.
     *
     * @param id the asset's ID
     * @param title if it has one
     * @return the metadata
     */
    public static AssetMetadata still(String id, Optional<String> title) {
        return metadata(id, title, AssetMetadata.STILL_CODEC);
    }

    private static AssetMetadata metadata(String id, Optional<String> title, String codec) {
        return new AssetMetadata(
                id,
                Instant.parse("2026-03-04T05:06:07.089Z"),
                title,
                PROMPT,
                "blurred, <b>bold</b>",
                new AssetMetadata.Model(
                        "starter",
                        "Wan 2.1 text-to-video",
                        "cpu, 2 threads",
                        "fp32",
                        List.of(new AssetMetadata.WeightFile("transformer/model.safetensors", "ab".repeat(32))),
                        List.of(new AssetMetadata.AdapterFile(
                                new Adapter("snow", 0.8),
                                new AssetMetadata.WeightFile("snow.safetensors", "cd".repeat(32))))),
                new SamplingParameters(9_007_199_254_740_991L, 30, 5.5),
                new VideoFormat(640, 368, 49, new FrameRate(30_000, 1001)),
                new VideoFormat(128, 80, 33, 16),
                FrameInterpolation.REPEAT,
                codec,
                Map.of("sampling", Duration.ofMillis(1500)),
                List.of("the prompt is longer than the model reads"),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new AssetMetadata.Provenance(
                        Optional.of("0123456789abcdef"),
                        Optional.of(new AssetMetadata.SignedManifest(
                                "urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10", "CN=Signer, O=東京", true))),
                "0.1.0",
                Optional.of("a red ball <b>&\nThe camera pans left."),
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
                Optional.empty(),
                Optional.of(new AssetMetadata.Label("AI生成", "cn")),
                Optional.of(new AssetMetadata.Provider(
                        "Studio & 東京", Optional.of("https://studio.example/detector?a=1&b=2"))),
                Optional.of(new AssetMetadata.Review(
                        AssetMetadata.Review.Decision.REJECTED,
                        "anna",
                        Instant.parse("2026-03-05T06:07:08Z"),
                        Optional.of("a logo is wrong"))),
                new Rights(
                        Optional.of("Anna & Größe"),
                        Optional.of("© 2026 東京 AG"),
                        Optional.of(Instant.parse("2027-06-30T16:00:00Z"))));
    }

    /**
     * Bytes in place of a clip, so that any change of one is seen.
     *
     * @param seed other bytes for each seed
     * @param size in bytes
     * @return the bytes
     */
    public static byte[] clip(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
