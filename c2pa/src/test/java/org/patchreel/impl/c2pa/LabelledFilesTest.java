package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.aigc.AigcLabel;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.media.StillImage;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;

/** Files that carry a label for people in their pictures, and one for programs in their metadata. */
class LabelledFilesTest {
    private static final ManifestValidator VALIDATOR = new ManifestValidator(TrustList.EMPTY, Clock.systemUTC());
    private static final AigcLabel AIGC = AigcLabel.generated("Studio “工作室” <&>", "01M86JGTNSDHS48ESTD1KJEX3P");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path clip() throws IOException {
        Path file = folder.resolve("clip.mp4");
        TestFrames.feed(
                TestClips.FORMAT,
                TestEncoders.h264()
                        .configured()
                        .open(file, TestClips.FORMAT, List.of(), Map.of(AigcLabel.KEY, AIGC.json())));
        return file;
    }

    private Path still() throws IOException {
        Path file = folder.resolve("still.png");
        try (StillImage sink = new StillImage(file, folder.resolve("poster.jpg"), Optional.of(AIGC.xmp()))) {
            sink.accept(TestFrames.moving(64, 48, 0));
        }
        return file;
    }

    private static Manifest sign(Path file) throws Exception {
        ManifestDescription plain = TestClips.description(List.of());
        new ManifestEmbedder(VALIDATOR)
                .embed(
                        file,
                        ChangedDescription.labelled(plain, "AI生成"),
                        new TestCertificates().issue("P-256").credential());
        return VALIDATOR.validate(file);
    }

    @Test
    void theManifestSaysWhichTextWasPutIntoThePictures() throws Exception {
        for (Path file : List.of(clip(), still())) {
            Manifest manifest = sign(file);
            assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
            assertEquals(
                    1,
                    manifest.statements().stream()
                            .filter(each -> each.startsWith(
                                    "The signer says that text was put into the pictures: “AI生成”, with “Patchreel"))
                            .count(),
                    manifest.statements().toString());
        }
    }

    @Test
    void theMetadataOfFilesAreReadBackAfterSigning() throws Exception {
        for (Path file : List.of(clip(), still())) {
            assertEquals(Optional.of(AIGC), AigcLabel.of(file));
            sign(file);
            assertEquals(Optional.of(AIGC), AigcLabel.of(file));
            assertEquals(
                    ProvenanceReport.AIGC_FIELDS,
                    List.copyOf(AigcLabel.of(file).orElseThrow().fields().keySet()));
        }
        assertNotNull(ImageIO.read(still().toFile()));
        assertEquals(Optional.empty(), AigcLabel.of(TestClips.encode(folder.resolve("plain.mp4"))));
        assertEquals(Optional.empty(), AigcLabel.of(Files.writeString(folder.resolve("a.txt"), "AIGC")));
    }

    @Test
    void whoeverChangesTheMetadataBreaksTheManifest() throws Exception {
        for (Path file : List.of(clip(), still())) {
            sign(file);
            String bytes = Files.readString(file, ISO_8859_1);
            String other = bytes.replace("01M86JGTNSDHS48ESTD1KJEX3P", "01M86JGTNSDHS48ESTD1KJEX3Q");
            assertTrue(!other.equals(bytes));
            Files.writeString(file, other, ISO_8859_1);
            assertEquals(ManifestState.INVALID, VALIDATOR.validate(file).state());
            assertEquals(
                    "01M86JGTNSDHS48ESTD1KJEX3Q",
                    AigcLabel.of(file).orElseThrow().fields().get("ProduceID"));
        }
    }

    @Test
    void ffprobeReadsTheMetadataOfAClip() throws Exception {
        Path file = clip();
        sign(file);
        Process process;
        try {
            process = new ProcessBuilder(
                            "ffprobe",
                            "-v",
                            "error",
                            "-show_entries",
                            "format_tags=AIGC",
                            "-of",
                            "default=nw=1:nk=1",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "needs ffprobe (Debian package ffmpeg)");
            return;
        }
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(AIGC.json(), answer);
    }

    /** One byte after the other is damaged, or the first that is not there. */
    @Test
    void damagedMetadataAreNoMetadata() throws Exception {
        byte[] clip = Files.readAllBytes(clip());
        int meta = new String(clip, ISO_8859_1).indexOf("meta");
        int end = new String(clip, ISO_8859_1).indexOf("free", meta) - Integer.BYTES;
        Path damaged = folder.resolve("damaged.mp4");
        for (int at = meta; at < end; at++) {
            byte[] changed = clip.clone();
            changed[at] ^= (byte) 0x80;
            Files.write(damaged, changed);
            AigcLabel.of(damaged)
                    .ifPresent(label -> assertTrue(ProvenanceReport.AIGC_FIELDS.containsAll(
                            label.fields().keySet())));
            Files.write(damaged, Arrays.copyOf(clip, at));
            assertEquals(Optional.empty(), AigcLabel.of(damaged));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"ContentProducer\":\"a\"}",
                "{\"Label\":{\"a\":1}}",
                "{\"Label\":\"1\",\"Label\":\"2\"}",
                "1"
            })
    void otherTextUnderTheKeyIsNoLabel(String text) throws IOException {
        Path file = folder.resolve("other.mp4");
        TestFrames.feed(
                TestClips.FORMAT,
                TestEncoders.h264().configured().open(file, TestClips.FORMAT, List.of(), Map.of("AIGC", text)));
        assertEquals(Optional.empty(), AigcLabel.of(file));
    }

    @Test
    void fieldsThatAreTooLongAndUnknownOnesAreLeftOut() throws IOException {
        Path file = folder.resolve("long.mp4");
        String text = "{\"Label\":1,\"Other\":\"a\",\"ProduceID\":\"" + "a".repeat(1001) + "\"}";
        TestFrames.feed(
                TestClips.FORMAT,
                TestEncoders.h264().configured().open(file, TestClips.FORMAT, List.of(), Map.of("AIGC", text)));
        assertEquals(Map.of("Label", "1"), AigcLabel.of(file).orElseThrow().fields());
    }
}
