package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.impl.watermark.SeededWatermarks;

/** Pictures that are too small, too narrow or too few for any of the steps, through all of them. */
class DegenerateMediaTest {

    private static final Duration AT_ONCE = Duration.ofMinutes(3);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestRepository store;

    @BeforeEach
    void rememberAClip() throws IOException {
        store = new ManifestRepository(folder.resolve("manifests.db"), null);
        store.put(new StoredManifest(
                "one",
                new byte[StoredManifest.WATERMARK_ID_BYTES],
                "urn:c2pa:one",
                new byte[] {1},
                new Scene(1).fingerprint(new VideoFormat(96, 64, 25, 24)),
                Instant.EPOCH));
    }

    @AfterEach
    void close() {
        store.close();
    }

    static Stream<FrameSize> tinySizes() {
        Stream<FrameSize> squares = IntStream.rangeClosed(1, 4)
                .boxed()
                .flatMap(width -> IntStream.rangeClosed(1, 4).mapToObj(height -> new FrameSize(width, height)));
        return Stream.concat(
                squares,
                Stream.of(
                        new FrameSize(2, 400),
                        new FrameSize(400, 2),
                        new FrameSize(1000, 1),
                        new FrameSize(1, 1000),
                        new FrameSize(7, 5),
                        new FrameSize(15, 8191)));
    }

    @ParameterizedTest
    @MethodSource("tinySizes")
    void aTinyPictureIsUnknownAtOnce(FrameSize size) {
        for (int frames : new int[] {1, 3}) {
            assertUnknown(size, frames);
        }
    }

    @Test
    void theSmallestPicturesThatAreSearchedAreUnknownToo() {
        assertUnknown(new FrameSize(16, 17), 1);
        assertUnknown(new FrameSize(33, 16), 2);
    }

    @Test
    void aVideoWithoutAFrameIsNoVideo() throws IOException {
        String sentence = verify(movie(new FrameSize(64, 64), 0)).sentence();
        assertTrue(sentence.contains("cannot be read as a video or a picture (no picture can be decoded)"), sentence);
    }

    private void assertUnknown(FrameSize size, int frames) {
        assertTimeoutPreemptively(AT_ONCE, () -> {
            ProvenanceReport report = verify(movie(size, frames));
            assertEquals(Verdict.UNKNOWN, report.verdict(), report.sentence());
            assertTrue(report.sentence().contains("no watermark of this installation was found"), report.sentence());
        });
    }

    private ProvenanceReport verify(Path file) throws IOException {
        ManifestValidator validator = new ManifestValidator(TrustList.read(List.of(), Set.of()), Clock.systemUTC());
        return new RecoveringVerifier(SeededWatermarks.of(1, 7), validator, store).verify(file);
    }

    /** Uncompressed video of noise. */
    private Path movie(FrameSize size, int frames) throws IOException {
        Path file = folder.resolve(size + "-" + frames + ".y4m");
        int chroma = (size.width() + 1) / 2 * ((size.height() + 1) / 2);
        byte[] pixels = new byte[size.width() * size.height() + 2 * chroma];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(("YUV4MPEG2 W" + size.width() + " H" + size.height() + " F25:1 Ip A1:1 C420jpeg\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < frames; i++) {
                random.nextBytes(pixels);
                out.write("FRAME\n".getBytes(StandardCharsets.US_ASCII));
                out.write(pixels);
            }
        }
        return file;
    }
}
