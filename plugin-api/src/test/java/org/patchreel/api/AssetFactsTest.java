package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.patchreel.api.AssetMetadata.Model;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.AssetMetadata.WeightFile;

class AssetFactsTest {

    private static final AssetMetadata FULL = metadata(
            Optional.of("Ball"),
            Optional.of("a red ball. The camera pans left."),
            Optional.of("0123456789abcdef"),
            Optional.of(new SignedManifest("urn", "CN=a", true)),
            Optional.of(new AssetMetadata.DeviceUse(
                    Duration.ofMillis(1500), Optional.of(new AssetMetadata.Cost(new BigDecimal("0.0120"), "EUR")))));

    private static final AssetMetadata PLAIN =
            metadata(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static AssetMetadata metadata(
            Optional<String> title,
            Optional<String> expanded,
            Optional<String> watermark,
            Optional<SignedManifest> manifest,
            Optional<AssetMetadata.DeviceUse> use) {
        return new AssetMetadata(
                "01A",
                Instant.parse("2026-03-04T05:06:07.089Z"),
                title,
                "a red ball",
                "blur",
                new Model(
                        "starter",
                        "Wan",
                        "cpu",
                        "fp32",
                        List.of(new WeightFile("a b.safetensors", "ab".repeat(32))),
                        List.of(new AssetMetadata.AdapterFile(
                                new Adapter("snow", 0.8),
                                new WeightFile("snow/high noise.safetensors", "ef".repeat(32))))),
                new SamplingParameters(
                        Long.MIN_VALUE,
                        30,
                        5.5,
                        new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR))),
                new VideoFormat(640, 368, 49, new FrameRate(30_000, 1001)),
                new VideoFormat(128, 80, 33, 16),
                FrameInterpolation.BLEND,
                "libopenh264",
                Map.of("sampling", Duration.ofMillis(1500)),
                List.of("a note"),
                DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
                new Provenance(watermark, manifest),
                "0.1.0",
                expanded,
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
                List.of(
                        new AssetMetadata.ShotUse(0, 30, Transition.CUT, -7, "a red ball", Optional.empty(), ""),
                        new AssetMetadata.ShotUse(
                                20, 29, Transition.DISSOLVE, 8, "a\nb\\n\r", Optional.of("negative: a"), "blur: x")),
                use,
                use.map(any -> new AssetMetadata.Label("AI GENERATED", "eu")),
                use.map(any -> new AssetMetadata.Provider(
                        "Studio 東京", Optional.of("https://studio.example/patchreel/detector/"))),
                use.map(any -> new AssetMetadata.Review(
                        AssetMetadata.Review.Decision.REJECTED,
                        "anna",
                        Instant.parse("2026-03-05T06:07:08Z"),
                        Optional.of("too dark"))),
                use.map(any -> new Rights(
                                Optional.of("Anna Größe"),
                                Optional.of("© 2026 東京 AG"),
                                Optional.of(Instant.parse("2027-06-30T00:00:00Z"))))
                        .orElse(Rights.NONE));
    }

    @Test
    void aProviderHasANameInOneLineAndAnAddressOfTheWeb() {
        for (String name : List.of("", " ", "a\nb", "a\u202eb", "x".repeat(201))) {
            assertThrows(IllegalArgumentException.class, () -> new AssetMetadata.Provider(name, Optional.empty()));
        }
        for (String address : List.of("", "studio.example", "file:/etc", "https://", "https://a b", "javascript:x")) {
            String message = String.valueOf(assertThrows(
                            IllegalArgumentException.class,
                            () -> new AssetMetadata.Provider("Studio", Optional.of(address)))
                    .getMessage());
            assertTrue(message.endsWith(": " + address), message);
        }
    }

    @Test
    void namesEveryFactOfAnAssetThatHasAll() {
        assertEquals(
                AssetFacts.names(), List.copyOf(AssetFacts.of(FULL).values().keySet()));
    }

    /** Repositories hold these: a name or a type that changes makes stored assets unreadable. */
    @Test
    void keepsItsNamesAndTypes() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("id", "01A");
        expected.put("created", "2026-03-04T05:06:07.089Z");
        expected.put("title", "Ball");
        expected.put("prompt", "a red ball");
        expected.put("expandedPrompt", "a red ball. The camera pans left.");
        expected.put("negativePrompt", "blur");
        expected.put("model", "starter");
        expected.put("family", "Wan");
        expected.put("device", "cpu");
        expected.put("precision", "fp32");
        expected.put("weights", List.of("ab".repeat(32) + " a b.safetensors"));
        expected.put("adapters", List.of("ef".repeat(32) + " snow:0.8 snow/high noise.safetensors"));
        expected.put("seed", Long.MIN_VALUE);
        expected.put("steps", 30L);
        expected.put("guidanceScale", 5.5);
        expected.put("stepCache", "fast");
        expected.put("guidanceMode", "cfg-zero-star");
        expected.put("width", 640L);
        expected.put("height", 368L);
        expected.put("frameCount", 49L);
        expected.put("frameRate", new BigDecimal("29.97"));
        expected.put("generatedWidth", 128L);
        expected.put("generatedHeight", 80L);
        expected.put("generatedFrameCount", 33L);
        expected.put("generatedFrameRate", 16L);
        expected.put("frameInterpolation", "blend");
        expected.put("codec", "libopenh264");
        expected.put("timings", List.of("sampling PT1.5S"));
        expected.put("notes", List.of("a note"));
        expected.put("digitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
        expected.put("watermark", "0123456789abcdef");
        expected.put("manifest", "urn");
        expected.put("signer", "CN=a");
        expected.put("timestamped", true);
        expected.put("version", "0.1.0");
        expected.put(
                "sources",
                List.of(
                        "cd".repeat(32) + " - picture 0: a: b.png",
                        "ef".repeat(32) + " 20260701T120000000abcdef continued after: Ball",
                        "01".repeat(32)
                                + " -;watermark=0123456789abcdef;copy-of=20260701T120000000abcdef"
                                + ";manifest=urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10 interpolated 2: copy; of.mp4"));
        expected.put(
                "shots",
                List.of(
                        "0 30 cut -7: a red ball\nnegative: ",
                        "20 29 dissolve 8: a\\nb\\\\n\\r\nexpanded: negative: a\nnegative: blur: x"));
        expected.put("deviceSeconds", new BigDecimal("1.500"));
        expected.put("cost", new BigDecimal("0.012"));
        expected.put("currency", "EUR");
        expected.put("label", "AI GENERATED");
        expected.put("labelProfile", "eu");
        expected.put("provider", "Studio 東京");
        expected.put("detector", "https://studio.example/patchreel/detector/");
        expected.put("altText", "Generated video: a red ball");
        expected.put("review", "rejected");
        expected.put("reviewedBy", "anna");
        expected.put("reviewedAt", "2026-03-05T06:07:08Z");
        expected.put("reviewReason", "too dark");
        expected.put("creator", "Anna Größe");
        expected.put("copyright", "© 2026 東京 AG");
        expected.put("expires", "2027-06-30T00:00:00Z");
        assertEquals(expected, AssetFacts.of(FULL).values());
    }

    @Test
    void cutsALongPromptInTheAlternativeText() {
        Map<String, Object> values = new HashMap<>(AssetFacts.of(PLAIN).values());
        values.put("prompt", " one\n two " + "\uD83D\uDE80".repeat(300));
        String text = AssetFacts.of(values).metadata().altText();
        assertTrue(text.startsWith("Generated video: one two \uD83D\uDE80"), text);
        assertTrue(text.endsWith("\uD83D\uDE80…") && text.length() <= AssetMetadata.MAX_ALT_TEXT, text);
    }

    @Test
    void readsBackWhatItListed() {
        for (AssetMetadata metadata : List.of(FULL, PLAIN)) {
            assertEquals(metadata, AssetFacts.of(metadata).metadata());
        }
    }

    @Test
    void readsNumbersAndTruthValuesThatAnEditorMadeTextOf() {
        Map<String, Object> edited = new HashMap<>(AssetFacts.of(FULL).values());
        edited.replaceAll((name, value) -> value instanceof List ? value : value.toString());
        assertEquals(FULL, AssetFacts.of(edited).metadata());
    }

    @Test
    void readsFactsOfTheFirstVersions() {
        Map<String, Object> old = new HashMap<>(AssetFacts.of(PLAIN).values());
        old.keySet()
                .removeAll(List.of(
                        "generatedFrameCount",
                        "generatedFrameRate",
                        "frameInterpolation",
                        "notes",
                        "digitalSourceType"));
        AssetMetadata metadata = AssetFacts.of(old).metadata();
        assertEquals(new VideoFormat(128, 80, 49, new FrameRate(30_000, 1001)), metadata.generated());
        assertEquals(FrameInterpolation.REPEAT, metadata.frameInterpolation());
        assertEquals(List.of(), metadata.notes());
        assertEquals(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, metadata.sourceType());
    }

    @Test
    void namesTheFactThatIsMissingOrDamaged() {
        for (String required : List.of("id", "created", "seed", "weights", "timings", "width", "version")) {
            assertTrue(refusal(required, null).contains(required), required);
        }
        assertEquals("signer is missing", refusal("signer", null));
        assertEquals("manifest is missing", refusal("manifest", null));
        assertEquals("steps is missing or not a number: few", refusal("steps", "few"));
        assertEquals("timestamped is missing or neither true nor false", refusal("timestamped", 1L));
        assertEquals("prompt is not text: 7", refusal("prompt", 7L));
        assertEquals("weights has an entry of one word instead of two: x", refusal("weights", List.of("x")));
        assertTrue(refusal("frameRate", new BigDecimal("1e999999999")).startsWith("frameRate must be"));
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                        "created",
                        "yesterday",
                        "seed",
                        new BigDecimal("1e30"),
                        "steps",
                        30.5,
                        "timings",
                        List.of("a b"))
                .entrySet()) {
            refusal(wrong.getKey(), wrong.getValue());
        }
    }

    private static String refusal(String name, @Nullable Object value) {
        Map<String, Object> values = new HashMap<>(AssetFacts.of(FULL).values());
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> AssetFacts.of(values).metadata())
                .getMessage());
    }
}
