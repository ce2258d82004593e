package org.patchreel.impl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.Rights;
import org.patchreel.api.Transition;

class MetadataFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void readsBackWhatItWrote() throws IOException {
        AssetMetadata metadata = SampleMetadata.of("01ABC");
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(metadata, file);
        AssetMetadata read = MetadataFile.read(file);
        assertEquals(metadata, read);
        assertEquals(
                new ArrayList<>(metadata.timings().keySet()),
                new ArrayList<>(read.timings().keySet()));
    }

    @Test
    void keepsThePromptThatTheModelReadBesideTheGivenOne() throws IOException {
        AssetMetadata sample = SampleMetadata.of("01ABC");
        AssetMetadata expanded = changed(
                sample,
                sample.prompt(),
                Optional.of("a red ball\nrolls. The camera pans left."),
                sample.shots(),
                Optional.empty());
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(expanded, file);
        assertTrue(
                Files.readString(file)
                        .contains("  \"expandedPrompt\" : \"a red ball\\nrolls. The camera pans left.\",\n"),
                Files.readString(file));
        assertEquals(expanded, MetadataFile.read(file));
    }

    @Test
    void listsTheShotsOfAClipThatHasSeveral() throws IOException {
        AssetMetadata sample = SampleMetadata.of("01ABC");
        AssetMetadata story = changed(
                sample,
                "a ball\na cube",
                Optional.empty(),
                List.of(
                        new AssetMetadata.ShotUse(0, 9, Transition.CUT, 7, "a ball", Optional.empty(), ""),
                        new AssetMetadata.ShotUse(
                                5,
                                12,
                                Transition.DISSOLVE,
                                1L << 52,
                                "a\\n \n cube",
                                Optional.of("a blue\ncube"),
                                "b")),
                Optional.empty());
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(story, file);
        String text = Files.readString(file);
        assertTrue(text.endsWith("""
                  "shots" : [ {
                    "start" : 0,
                    "frames" : 9,
                    "opening" : "cut",
                    "seed" : 7,
                    "prompt" : "a ball",
                    "negativePrompt" : ""
                  }, {
                    "start" : 5,
                    "frames" : 12,
                    "opening" : "dissolve",
                    "seed" : 4503599627370496,
                    "prompt" : "a\\\\n \\n cube",
                    "expandedPrompt" : "a blue\\ncube",
                    "negativePrompt" : "b"
                  } ],
                  "altText" : "Generated video: a ball a cube"
                }
                """), text);
        assertEquals(story, MetadataFile.read(file));
        for (List<String> change : List.of(
                List.of("\"frames\" : 9", "\"frames\" : 9.5"),
                List.of("\"opening\" : \"cut\"", "\"opening\" : \"wipe\""),
                List.of("\"seed\" : 7", "\"seed\" : \"7\""),
                List.of("\"start\" : 5,", ""))) {
            Files.writeString(file, text.replace(change.get(0), change.get(1)));
            String message = assertThrows(IOException.class, () -> MetadataFile.read(file))
                    .getMessage();
            assertTrue(String.valueOf(message).startsWith(file + ": damaged: "), message);
        }
    }

    @Test
    void readsBackThatMarkingAndSigningWereSwitchedOff() throws IOException {
        AssetMetadata sample = SampleMetadata.of("01ABC");
        AssetMetadata plain = new AssetMetadata(
                sample.id(),
                sample.created(),
                Optional.empty(),
                sample.prompt(),
                sample.negativePrompt(),
                sample.model(),
                sample.sampling(),
                sample.format(),
                sample.generated(),
                sample.frameInterpolation(),
                sample.codec(),
                sample.timings(),
                sample.notes(),
                sample.sourceType(),
                new AssetMetadata.Provenance(Optional.empty(), Optional.empty()),
                sample.version(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(plain, file);
        assertEquals(plain, MetadataFile.read(file));
    }

    @Test
    void keepsWhatWasStatedOfTheRights() throws IOException {
        AssetMetadata sample = SampleMetadata.of("01ABC");
        AssetMetadata stated = new AssetMetadata(
                sample.id(),
                sample.created(),
                sample.title(),
                sample.prompt(),
                sample.negativePrompt(),
                sample.model(),
                sample.sampling(),
                sample.format(),
                sample.generated(),
                sample.frameInterpolation(),
                sample.codec(),
                sample.timings(),
                sample.notes(),
                sample.sourceType(),
                sample.provenance(),
                sample.version(),
                sample.expandedPrompt(),
                sample.sources(),
                sample.shots(),
                sample.deviceUse(),
                sample.label(),
                sample.provider(),
                sample.review(),
                new Rights(
                        Optional.of("Anna Größe"),
                        Optional.of("© 東京 AG"),
                        Optional.of(Instant.parse("2027-06-30T00:00:00Z"))));
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(stated, file);
        assertEquals(stated, MetadataFile.read(file));
        String text = Files.readString(file);
        assertTrue(text.endsWith("""
                  "creator" : "Anna Größe",
                  "copyright" : "© 東京 AG",
                  "expires" : "2027-06-30T00:00:00Z"
                }
                """), text);
        Files.writeString(file, text.replace("2027-06-30T", "June "));
        String message = String.valueOf(
                assertThrows(IOException.class, () -> MetadataFile.read(file)).getMessage());
        assertTrue(message.startsWith(file + ": damaged: "), message);
    }

    @Test
    void keepsForHowLongTheDeviceWasBusyAndWhatThatCost() throws IOException {
        for (Optional<AssetMetadata.Cost> cost : List.of(
                Optional.<AssetMetadata.Cost>empty(),
                Optional.of(new AssetMetadata.Cost(new BigDecimal("0.0998"), "EUR")))) {
            AssetMetadata made = used(Optional.of(new AssetMetadata.DeviceUse(Duration.ofMillis(124_750), cost)));
            Path file = folder.resolve("metadata.json");
            MetadataFile.write(made, file);
            assertEquals(made, MetadataFile.read(file));
        }
        String text = Files.readString(folder.resolve("metadata.json"));
        assertTrue(text.contains("\"deviceSeconds\" : 124.75,\n  \"cost\" : 0.0998,\n  \"currency\" : \"EUR\""), text);
        Path damaged = folder.resolve("damaged.json");
        Files.writeString(damaged, text.replace(": 124.75", ": -1"));
        assertThrows(IOException.class, () -> MetadataFile.read(damaged));
        Files.writeString(damaged, text.replace("\"currency\"", "\"coin\""));
        assertThrows(IOException.class, () -> MetadataFile.read(damaged));
    }

    /** Files of earlier versions say nothing of it; the golden one above is one of them. */
    private static AssetMetadata used(Optional<AssetMetadata.DeviceUse> use) {
        AssetMetadata sample = SampleMetadata.of("0AbZ");
        return changed(sample, sample.prompt(), sample.expandedPrompt(), sample.shots(), use);
    }

    private static AssetMetadata changed(
            AssetMetadata sample,
            String prompt,
            Optional<String> expandedPrompt,
            List<AssetMetadata.ShotUse> shots,
            Optional<AssetMetadata.DeviceUse> use) {
        return new AssetMetadata(
                sample.id(),
                sample.created(),
                sample.title(),
                prompt,
                sample.negativePrompt(),
                sample.model(),
                sample.sampling(),
                sample.format(),
                sample.generated(),
                sample.frameInterpolation(),
                sample.codec(),
                sample.timings(),
                sample.notes(),
                sample.sourceType(),
                sample.provenance(),
                sample.version(),
                expandedPrompt,
                sample.sources(),
                shots,
                use);
    }

    @Test
    void writesTheSameTextEveryTime() throws IOException {
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(SampleMetadata.of("01ABC"), file);
        assertEquals("""
                {
                  "id" : "01ABC",
                  "created" : "2026-03-04T05:06:07.089Z",
                  "title" : "赤い \uD83D\uDE80",
                  "prompt" : "a \\"red\\" ball\\nrolls past 東京 \uD83D\uDE80",
                  "negativePrompt" : "",
                  "model" : {
                    "name" : "starter",
                    "family" : "Wan 2.1 text-to-video",
                    "device" : "cpu, 2 threads",
                    "precision" : "fp32",
                    "weights" : [ {
                      "path" : "transformer/model.safetensors",
                      "sha256" : "abababababababababababababababababababababababababababababababab"
                    } ]
                  },
                  "sampling" : {
                    "seed" : -9223372036854775808,
                    "steps" : 30,
                    "guidanceScale" : 5.5
                  },
                  "format" : {
                    "width" : 640,
                    "height" : 368,
                    "frameCount" : 49,
                    "frameRate" : 24
                  },
                  "generated" : {
                    "width" : 128,
                    "height" : 80,
                    "frameCount" : 33,
                    "frameRate" : 16
                  },
                  "frameInterpolation" : "repeat",
                  "codec" : "libopenh264",
                  "timings" : {
                    "loading" : 1.25,
                    "sampling" : 200,
                    "decoding" : 0.000000001
                  },
                  "notes" : [ "the prompt is longer than the model reads" ],
                  "digitalSourceType" : "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                  "provenance" : {
                    "watermark" : "0123456789abcdef",
                    "manifest" : {
                      "label" : "urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10",
                      "signer" : "CN=Signer, O=東京",
                      "timestamped" : true
                    }
                  },
                  "version" : "0.1.0",
                  "sources" : [ {
                    "use" : "picture 0",
                    "sha256" : "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
                    "name" : "a: b.png"
                  }, {
                    "use" : "continued after",
                    "sha256" : "efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef",
                    "asset" : "20260701T120000000abcdef",
                    "name" : "Ball"
                  }, {
                    "use" : "interpolated 2",
                    "sha256" : "0101010101010101010101010101010101010101010101010101010101010101",
                    "name" : "copy; of.mp4",
                    "watermark" : "0123456789abcdef",
                    "copyOf" : "20260701T120000000abcdef",
                    "manifest" : "urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10"
                  } ],
                  "altText" : "Generated video: a \\"red\\" ball rolls past 東京 \uD83D\uDE80"
                }
                """, Files.readString(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"id\": 1}",
                "{\"id\":\"a\",\"id\":\"b\"}",
                "{\"id\":\"a\",\"model\":[]}",
                "not json",
                "{} {}"
            })
    void namesAFileThatIsDamaged(String content) throws IOException {
        Path file = folder.resolve("metadata.json");
        Files.writeString(file, content);
        IOException damaged = assertThrows(IOException.class, () -> MetadataFile.read(file));
        String message = String.valueOf(damaged.getMessage());
        assertTrue(message.startsWith(file + ": damaged: "), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void readsAtMostFourMebibytes() throws IOException {
        Path file = folder.resolve("metadata.json");
        Files.writeString(file, " ".repeat((4 << 20) + 1));
        assertEquals(
                file + ": larger than 4194304 bytes",
                assertThrows(IOException.class, () -> MetadataFile.read(file)).getMessage());
    }

    @Test
    void refusesValuesThatNoClipCanHave() throws IOException {
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(SampleMetadata.of("01ABC"), file);
        String whole = Files.readString(file);
        for (List<String> change : List.of(
                List.of("\"width\" : 640", "\"width\" : -640"),
                List.of("\"steps\" : 30", "\"steps\" : 30.5"),
                List.of("\"steps\" : 30", "\"steps\" : 1e999999999"),
                List.of("\"sampling\" : 200", "\"sampling\" : 1e99999"),
                List.of("\"sampling\" : 200", "\"sampling\" : \"200\""),
                List.of("-9223372036854775808", "-9223372036854775809"),
                List.of("\"timestamped\" : true", "\"timestamped\" : 1"),
                List.of("2026-03-04T", "yesterday"))) {
            String changed = whole.replace(change.get(0), change.get(1));
            assertTrue(!changed.equals(whole), change.get(0));
            Files.writeString(file, changed);
            assertThrows(IOException.class, () -> MetadataFile.read(file), change.get(1));
        }
    }

    /** Whatever the damage, reading ends with metadata or with an IOException. */
    @Test
    void survivesDamage() throws IOException {
        Path file = folder.resolve("metadata.json");
        MetadataFile.write(SampleMetadata.of("01ABC"), file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int attempt = 0; attempt < 500; attempt++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= attempt % 5; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
            }
            Files.write(file, damaged);
            try {
                MetadataFile.read(file);
            } catch (IOException e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()));
            }
        }
    }
}
