package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.impl.watermark.SeededWatermarks;
import org.patchreel.spi.VideoFrame;

/** Real marks, manifests, encoders and pictures. */
class RecoveryTest {

    /** Of times in seconds: what is promised. */
    private static final double TOLERANCE = 0.1;

    private static final int SEED = 21;
    private static final int OTHER_SEED = 22;
    private static final int FOREIGN_SEED = 23;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    private static Studio studio;
    private static Path clip;
    private static Path otherClip;
    private static List<VideoFrame> marked;

    @BeforeAll
    static void makeTwoClips() throws Exception {
        studio = new Studio(folder);
        clip = folder.resolve("one.mp4");
        otherClip = folder.resolve("two.mp4");
        studio.make("one", SEED, clip);
        studio.make("two", OTHER_SEED, otherClip);
        marked = Studio.decoded(clip);
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    @Test
    void theClipItselfIsSigned() throws Exception {
        ProvenanceReport report = verify(clip, Verdict.SIGNED);
        assertEquals(ManifestState.VALID, report.manifest().state());
        assertRange(report.recovered().get(0), "one", 0, 2, 0, 2);
        assertTrue(report.recovered().get(0).markFound());
    }

    @Test
    void aStrippedCopyOfHalfTheSizeIsRecovered() throws Exception {
        Path copy = Studio.encode(
                folder.resolve("half.mp4"), marked.stream().map(Studio::halved).toList(), 75);
        ProvenanceReport report = verify(copy, Verdict.RECOVERED);
        assertEquals(ManifestState.NONE, report.manifest().state());
        assertRange(report.recovered().get(0), "one", 0, 2, 0, 2);
        assertTrue(report.recovered().get(0).statements().size() > 1, report.toString());
    }

    @Test
    void aCopyWithACaptionAboveItIsRecovered() throws Exception {
        Path copy = Studio.encode(
                folder.resolve("meme.mp4"),
                marked.stream().map(Studio::captioned).toList(),
                35);
        ProvenanceReport report = verify(copy, Verdict.RECOVERED);
        assertRange(report.recovered().get(0), "one", 0, 2, 0, 2);
        assertEquals(2, new LumaPictures().read(copy, List.of()).size());
    }

    @Test
    void aTrimmedCopyIsRecoveredWithItsSeconds() throws Exception {
        Path copy = Studio.encode(folder.resolve("trimmed.mp4"), marked.subList(16, 49), 70);
        assertRange(verify(copy, Verdict.RECOVERED).recovered().get(0), "one", 0, 33 / 24.0, 16 / 24.0, 49 / 24.0);
    }

    @Test
    void aCopyBetweenOtherFootageIsRecoveredWithItsSeconds() throws Exception {
        List<VideoFrame> frames = new ArrayList<>(Studio.frames(FOREIGN_SEED).subList(0, 24));
        frames.addAll(marked);
        frames.addAll(Studio.frames(FOREIGN_SEED).subList(24, 48));
        Path copy = Studio.encode(folder.resolve("between.mp4"), frames, 70);
        assertRange(verify(copy, Verdict.RECOVERED).recovered().get(0), "one", 1, 73 / 24.0, 0, 49 / 24.0);
    }

    @Test
    void theSecondsOfEachOfTwoClipsAreTold() throws Exception {
        List<VideoFrame> frames = new ArrayList<>(marked);
        frames.addAll(Studio.decoded(otherClip));
        Path both = Studio.encode(folder.resolve("both.mp4"), frames, 70);
        ProvenanceReport report = verify(both, Verdict.RECOVERED);
        assertRange(of(report, "one"), "one", 0, 49 / 24.0, 0, 49 / 24.0);
        assertRange(of(report, "two"), "two", 49 / 24.0, 98 / 24.0, 0, 49 / 24.0);
    }

    @Test
    void twoClipsSideBySideAreNotTakenForAnother() throws Exception {
        List<VideoFrame> other = Studio.decoded(otherClip);
        List<VideoFrame> frames = new ArrayList<>();
        for (int i = 0; i < marked.size(); i++) {
            frames.add(Studio.beside(marked.get(i), other.get(i)));
        }
        Path both = Studio.encode(folder.resolve("beside.mp4"), frames, 70);
        ProvenanceReport report = studio.verifier().verify(both);
        for (Recovered found : report.recovered()) {
            if (!found.ranges().isEmpty()) {
                assertRange(found, found.assetId(), 0, 2, 0, 2);
            }
        }
        assertNotEquals(Verdict.SIGNED, report.verdict());
    }

    @Test
    void aMarkThatWasCarriedOverToOtherFootageIsAPossibleCopy() throws Exception {
        int[] carried = averageOfHighPass(marked.subList(0, 40));
        List<VideoFrame> foreign = new ArrayList<>();
        for (VideoFrame frame : Studio.frames(FOREIGN_SEED)) {
            ByteBuffer rgb = ByteBuffer.allocate(frame.rgb().remaining());
            for (int i = 0; i < carried.length; i++) {
                rgb.put(Studio.clamped((frame.rgb().get(i) & 0xff) + Math.round(carried[i] / 100f)));
            }
            foreign.add(new VideoFrame(frame.width(), frame.height(), rgb.flip()));
        }
        Path attacked = Studio.encode(folder.resolve("attacked.mp4"), foreign, 85);
        ProvenanceReport report = verify(attacked, Verdict.POSSIBLE_COPY);
        assertEquals("ours", report.watermark().state(), "the attack is to succeed");
        assertEquals(List.of(), report.recovered().get(0).ranges());
    }

    /** In hundredths of a level: what is left of frames when their 9 × 9 means are taken away, averaged. */
    private static int[] averageOfHighPass(List<VideoFrame> frames) {
        int width = Studio.FORMAT.width();
        int height = Studio.FORMAT.height();
        double[] sum = new double[3 * width * height];
        for (VideoFrame frame : frames) {
            ByteBuffer rgb = frame.rgb();
            for (int channel = 0; channel < 3; channel++) {
                double[][] sums = new double[height + 1][width + 1];
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        sums[y + 1][x + 1] = sums[y + 1][x]
                                + sums[y][x + 1]
                                - sums[y][x]
                                + (rgb.get(3 * (y * width + x) + channel) & 0xff);
                    }
                }
                for (int y = 0; y < height; y++) {
                    int top = Math.max(0, y - 4);
                    int bottom = Math.min(height, y + 5);
                    for (int x = 0; x < width; x++) {
                        int left = Math.max(0, x - 4);
                        int right = Math.min(width, x + 5);
                        double mean = (sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left])
                                / ((bottom - top) * (right - left));
                        sum[3 * (y * width + x) + channel] += (rgb.get(3 * (y * width + x) + channel) & 0xff) - mean;
                    }
                }
            }
        }
        return Arrays.stream(sum)
                .mapToInt(each -> (int) Math.round(100 * each / frames.size()))
                .toArray();
    }

    @Test
    void aMarkOfAnotherInstallationIsNone() throws Exception {
        RecoveringVerifier elsewhere =
                new RecoveringVerifier(SeededWatermarks.of(2, 1), studio.validator, studio.store);
        Path copy = Studio.encode(folder.resolve("elsewhere.mp4"), marked, 70);
        ProvenanceReport report = elsewhere.verify(copy);
        assertEquals("none", report.watermark().state());
        assertEquals(Verdict.POSSIBLE_COPY, report.verdict(), "the pictures are known nevertheless");
    }

    @Test
    void theManifestOfAnotherClipIsInvalid() throws Exception {
        Path swapped = folder.resolve("swapped.mp4");
        byte[] bytes = Files.readAllBytes(clip);
        byte[] own = studio.validator.manifestStore(clip).orElseThrow();
        byte[] foreign = studio.validator.manifestStore(otherClip).orElseThrow();
        assertEquals(own.length, foreign.length, "the same length, so that all else stays as it is");
        int at = indexOf(bytes, own);
        System.arraycopy(foreign, 0, bytes, at, foreign.length);
        Files.write(swapped, bytes);
        ProvenanceReport report = verify(swapped, Verdict.INVALID);
        assertTrue(report.sentence().contains("assertion.bmffHash.mismatch"), report.sentence());
        assertRange(report.recovered().get(0), "one", 0, 2, 0, 2);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at <= bytes.length - part.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void aStoredManifestOfAnotherClipProvesNothing() throws Exception {
        StoredManifest one = studio.store.find("one").orElseThrow();
        StoredManifest two = studio.store.find("two").orElseThrow();
        studio.store.put(new StoredManifest(
                "one", one.watermarkId(), one.manifestLabel(), two.manifest(), one.fingerprint(), one.created()));
        try {
            Path copy = Studio.encode(folder.resolve("confused.mp4"), marked, 80);
            assertTrue(verify(copy, Verdict.POSSIBLE_COPY).sentence().contains("does not hold"));
        } finally {
            studio.store.put(one);
        }
    }

    @Test
    void nothingIsKnownOfForeignFootage() throws Exception {
        Path foreign = Studio.encode(folder.resolve("foreign.mp4"), Studio.frames(FOREIGN_SEED), 80);
        ProvenanceReport report = verify(foreign, Verdict.UNKNOWN);
        assertEquals(List.of(), report.recovered());
    }

    @Test
    void whatIsNoVideoIsUnknown() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "Dear lawyer");
        Path empty = Files.createFile(folder.resolve("empty.mp4"));
        Path damaged = folder.resolve("damaged.mp4");
        byte[] bytes = Files.readAllBytes(Studio.encode(
                folder.resolve("whole.mp4"), Studio.frames(FOREIGN_SEED).subList(0, 5), 80));
        Files.write(damaged, Arrays.copyOf(bytes, 700));
        for (Path each : List.of(text, empty, damaged)) {
            String sentence = verify(each, Verdict.UNKNOWN).sentence();
            assertTrue(sentence.contains("cannot be read as a video or a picture"), sentence);
        }
        assertTrue(new String(bytes, StandardCharsets.ISO_8859_1).contains("ftyp"));
    }

    private static ProvenanceReport verify(Path file, Verdict expected) throws Exception {
        ProvenanceReport report = studio.verifier().verify(file);
        assertEquals(expected, report.verdict(), report.toString());
        return report;
    }

    private static Recovered of(ProvenanceReport report, String asset) {
        return report.recovered().stream()
                .filter(clip -> clip.assetId().equals(asset))
                .findFirst()
                .orElseThrow(() -> new AssertionError(report.toString()));
    }

    private static void assertRange(
            Recovered clip, String asset, double start, double end, double clipStart, double clipEnd) {
        String all = clip.toString();
        assertEquals(asset, clip.assetId(), all);
        assertEquals(1, clip.ranges().size(), all);
        assertTimes(clip.ranges().get(0).file(), start, end, all);
        assertTimes(clip.ranges().get(0).clip(), clipStart, clipEnd, all);
    }

    private static void assertTimes(TimeRange range, double start, double end, String all) {
        assertEquals(start, seconds(range.start()), TOLERANCE, all);
        assertEquals(end, seconds(range.end()), TOLERANCE, all);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
