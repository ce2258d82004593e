package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameScaler;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.LabelLook;
import org.patchreel.impl.media.LabelPosition;
import org.patchreel.impl.media.LabelledFrames;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.media.TestFrames.Collector;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.Watermarker.MarkingSink;

class WatermarkTest {
    private static final VideoFormat FORMAT = new VideoFormat(640, 368, 5, 10);
    private static final MarkId ID = new MarkId(0xfedcba9876543210L);
    private static final double WEAK = 0.25;

    @TempDir
    Path temporary;

    private static WatermarkKey key(int seed) {
        byte[] secret = new byte[WatermarkKey.SECRET_BYTES];
        secret[0] = (byte) seed;
        return WatermarkKey.derive(secret);
    }

    private static List<VideoFrame> mark(VideoFormat format, IntFunction<VideoFrame> frames) throws IOException {
        Collector marked = new Collector();
        try (MarkingSink sink = new WatermarkEmbedder(key(1)).mark(ID, format, marked)) {
            for (int i = 0; i < format.frameCount(); i++) {
                sink.accept(frames.apply(i));
            }
        }
        assertEquals(format.frameCount(), marked.frames.size());
        assertEquals(1, marked.closed);
        return marked.frames;
    }

    private static List<VideoFrame> textured() throws IOException {
        return mark(FORMAT, i -> TexturedFrames.frame(FORMAT.width(), FORMAT.height(), i));
    }

    private Path encoded(VideoFormat format, List<VideoFrame> frames) throws IOException {
        Path file = temporary.resolve("clip.mp4");
        try (FrameSink encoder = TestEncoders.h264().open(file, format)) {
            for (VideoFrame frame : frames) {
                encoder.accept(frame);
            }
        }
        return file;
    }

    private static DetectionResult detect(Path file, WatermarkKey... keys) throws IOException {
        return new WatermarkDetector(List.of(keys)).examine(file);
    }

    private static DetectionResult detect(Path file, List<MarkId> expected, WatermarkKey... keys) throws IOException {
        return new WatermarkDetector(List.of(keys)).examine(file, expected);
    }

    private static MarkId only(DetectionResult result) {
        assertEquals(1, result.marks().size(), result.toString());
        return result.marks().get(0).id();
    }

    /** With a box that lets a quarter of the mark through, and letters of 8 % of the shorter side. */
    @Test
    void aMarkIsReadUnderALabelOnAllFrames() throws IOException {
        LabelLook look = new LabelLook("AI GENERATED", LabelPosition.TOP_RIGHT, 8, 75);
        Collector labelled = new Collector();
        try (FrameSink sink = new LabelledFrames(LabelImage.of(look, FORMAT.size()), index -> true, labelled)) {
            for (VideoFrame frame : textured()) {
                sink.accept(frame);
            }
        }
        DetectionResult result = detect(encoded(FORMAT, labelled.frames), key(1));
        assertEquals(
                List.of(ID),
                result.marks().stream().map(DetectedMark::id).distinct().toList());
        assertEquals(List.of(), detect(encoded(FORMAT, labelled.frames), key(2)).marks());
    }

    @Test
    void readsTheIdAfterEncoding() throws IOException {
        DetectionResult result = detect(encoded(FORMAT, textured()), key(1));
        assertEquals(ID, only(result));
        assertEquals("identity", result.marks().get(0).stage());
        assertEquals(500, result.marks().get(0).range().end().toMillis());
    }

    @Test
    void readsNothingWithAnotherKey() throws IOException {
        DetectionResult result = detect(encoded(FORMAT, textured()), key(2));
        assertEquals(List.of(), result.marks());
        assertTrue(result.attempts() <= MarkSearch.MAX_ATTEMPTS);
    }

    @Test
    void readsMarksOfARetiredKey() throws IOException {
        DetectionResult result = detect(encoded(FORMAT, textured()), key(3), key(1), key(2));
        assertEquals(ID, only(result));
        assertEquals(1, result.marks().get(0).epoch());
    }

    @Test
    void readsNothingWhereThereIsNoMark() throws IOException {
        List<VideoFrame> frames = new ArrayList<>();
        for (int i = 0; i < FORMAT.frameCount(); i++) {
            frames.add(TexturedFrames.frame(FORMAT.width(), FORMAT.height(), i));
        }
        DetectionResult result = detect(encoded(FORMAT, frames), List.of(ID, new MarkId(5)), key(1));
        assertEquals(List.of(), result.marks());
        assertTrue(result.knownStatistic() < KnownMarkSearch.MIN_STATISTIC - 2, result.toString());
    }

    @ParameterizedTest
    @CsvSource({"320,184", "800,464", "960,368"})
    void readsTheIdAfterScaling(int width, int height) throws IOException {
        List<VideoFrame> marked = textured();
        Collector scaled = new Collector();
        try (FrameScaler scaler = new FrameScaler(new FrameSize(width / 16 * 16, height / 16 * 16), scaled)) {
            for (VideoFrame frame : marked) {
                scaler.accept(frame);
            }
        }
        VideoFormat format = FORMAT.withSize(new FrameSize(width / 16 * 16, height / 16 * 16));
        assertEquals(ID, only(detect(encoded(format, scaled.frames), key(1))));
    }

    @Test
    void readsTheIdInAMirroredStill() throws IOException {
        VideoFrame frame = textured().get(2);
        BufferedImage image = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                image.setRGB(frame.width() - 1 - x, y, TestFrames.pixel(frame, x, y));
            }
        }
        Path file = temporary.resolve("still.png");
        ImageIO.write(image, "png", file.toFile());
        assertEquals(ID, only(detect(file, key(1))));
    }

    /** The right side is drawn in: it is 10 % shorter than the left one. */
    @Test
    void readsTheIdOfAStillSeenFromTheSide() throws IOException {
        VideoFrame frame = textured().get(2);
        int width = frame.width();
        int height = frame.height();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double depth = 1 - 0.1 * x / width;
                int fromX = (int) Math.round(0.9 * x / depth);
                int fromY = (int) Math.round((y - height / 2.0) / depth + height / 2.0);
                if (fromX < width && fromY >= 0 && fromY < height) {
                    image.setRGB(x, y, TestFrames.pixel(frame, fromX, fromY));
                }
            }
        }
        Path file = temporary.resolve("side.png");
        ImageIO.write(image, "png", file.toFile());
        assertEquals(ID, only(detect(file, key(1))));
    }

    @Test
    void readsWhichSecondsAreMarked() throws IOException {
        VideoFormat whole = new VideoFormat(FORMAT.width(), FORMAT.height(), 41, 10);
        VideoFormat part = new VideoFormat(FORMAT.width(), FORMAT.height(), 21, 10);
        List<VideoFrame> frames = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            frames.add(TestFrames.moving(whole.width(), whole.height(), i));
        }
        frames.addAll(mark(part, i -> TexturedFrames.frame(whole.width(), whole.height(), i)));
        DetectionResult result = detect(encoded(whole, frames), key(1));
        assertEquals(ID, only(result));
        assertEquals(2, result.marks().get(0).range().start().toNanos() / 1e9, 1);
        assertEquals(4.1, result.marks().get(0).range().end().toNanos() / 1e9, 0.1);
    }

    /** Of a video's luma, which goes from 16 to 235. */
    private static double videoPsnr(VideoFrame original, VideoFrame marked) {
        return TestFrames.psnr(original, marked) + 20 * Math.log10(255 / 219.0);
    }

    @Test
    void changesTheLumaAloneAndByNoMoreThanItsFloorAllows() throws IOException {
        List<VideoFrame> marked = textured();
        for (int i = 0; i < marked.size(); i++) {
            VideoFrame original = TexturedFrames.frame(FORMAT.width(), FORMAT.height(), i);
            double psnr = videoPsnr(original, marked.get(i));
            assertTrue(psnr >= 42 && psnr < 60, "frame " + i + ": " + psnr + " dB");
            int before = TestFrames.pixel(original, 100, 100);
            int after = TestFrames.pixel(marked.get(i), 100, 100);
            assertEquals((before >> 16) - (before & 0xff), (after >> 16) - (after & 0xff));
        }
    }

    /** One step of 8 bits is as little as a frame can be changed; in a clear sky there are none of more than four. */
    @Test
    void changesAClearSkyByAFewStepsAtMost() throws IOException {
        List<VideoFrame> marked = mark(FORMAT, i -> TexturedFrames.sky(FORMAT.width(), FORMAT.height(), i));
        VideoFrame original = TexturedFrames.sky(FORMAT.width(), FORMAT.height(), 3);
        for (int y = 0; y < FORMAT.height(); y++) {
            for (int x = 0; x < FORMAT.width(); x++) {
                int distance =
                        TestFrames.distance(TestFrames.pixel(original, x, y), TestFrames.pixel(marked.get(3), x, y));
                assertTrue(distance <= 4, x + ", " + y + ": " + distance);
            }
        }
        assertTrue(TestFrames.psnr(original, marked.get(3)) > 46);
    }

    @ParameterizedTest
    @CsvSource({"16,16,1", "16,1024,1", "48,32,5", "2048,16,1"})
    void marksFramesOfAnySize(int width, int height, int count) throws IOException {
        VideoFormat format = new VideoFormat(width, height, count, 24);
        List<VideoFrame> marked = mark(format, i -> TexturedFrames.frame(width, height, i));
        assertTrue(videoPsnr(TexturedFrames.frame(width, height, 0), marked.get(0)) >= 42);
        detect(encoded(format, marked), key(1));
    }

    @Test
    void handsTheFramesOnInWindowsOfASecondAtMost() throws IOException {
        VideoFormat format = new VideoFormat(64, 64, 49, 10);
        Collector marked = new Collector();
        try (MarkingSink sink = new WatermarkEmbedder(key(1)).mark(ID, format, marked)) {
            for (int i = 0; i < 49; i++) {
                sink.accept(TexturedFrames.frame(64, 64, i));
                assertTrue(marked.frames.size() > i - 10, marked.frames.size() + " after " + i);
            }
        }
        assertEquals(49, marked.frames.size());
    }

    @Test
    void completesNothingAfterAFailure() throws IOException {
        Collector marked = new Collector();
        MarkingSink sink = new WatermarkEmbedder(key(1)).mark(ID, FORMAT, marked);
        sink.accept(TexturedFrames.frame(FORMAT.width(), FORMAT.height(), 0));
        assertThrows(IllegalArgumentException.class, () -> sink.accept(TexturedFrames.frame(16, 16, 0)));
        sink.close();
        sink.close();
        assertEquals(0, marked.frames.size());
        assertEquals(1, marked.closed);
    }

    @Test
    void isAServiceThatTellsTheIdAndTheTimeAlone() throws IOException {
        WatermarkService service = new WatermarkService(List.of(key(2), key(1)), () -> ID);
        Collector marked = new Collector();
        byte[] id;
        try (MarkingSink sink = service.mark(FORMAT, marked)) {
            id = sink.id();
            for (int i = 0; i < FORMAT.frameCount(); i++) {
                sink.accept(TexturedFrames.frame(FORMAT.width(), FORMAT.height(), i));
            }
        }
        List<Mark> marks = service.detect(encoded(FORMAT, marked.frames));
        assertEquals(1, marks.size());
        assertArrayEquals(id, java.util.HexFormat.of().parseHex(marks.get(0).id()));
    }

    /** A part of the mark, as hard encoding leaves it. */
    private static List<VideoFrame> weakly(double share) throws IOException {
        return weakly(share, share);
    }

    /** The same with another share in the upper third of the first frame, which the codec keeps best. */
    private static List<VideoFrame> weakly(double share, double shareOfFirst) throws IOException {
        List<VideoFrame> marked = textured();
        List<VideoFrame> weak = new ArrayList<>();
        for (int i = 0; i < marked.size(); i++) {
            ByteBuffer original =
                    TexturedFrames.frame(FORMAT.width(), FORMAT.height(), i).rgb();
            ByteBuffer mixed = ByteBuffer.allocateDirect(original.capacity());
            for (int at = 0; at < original.capacity(); at++) {
                int before = original.get(at) & 0xff;
                double here = i == 0 && at < original.capacity() / 3 ? shareOfFirst : share;
                mixed.put((byte)
                        Math.round(before + here * ((marked.get(i).rgb().get(at) & 0xff) - before)));
            }
            weak.add(new VideoFrame(FORMAT.width(), FORMAT.height(), mixed.flip()));
        }
        return weak;
    }

    @Test
    void seesAKnownMarkThatIsTooWeakToBeRead() throws IOException {
        Path file = encoded(FORMAT, weakly(WEAK));
        WatermarkDetector detector = new WatermarkDetector(List.of(key(3), key(1)));
        assertEquals(List.of(), detector.examine(file).marks());
        DetectionResult result = detector.examine(file, List.of(new MarkId(5), ID));
        assertEquals(ID, only(result));
        assertEquals(1, result.marks().get(0).epoch());
        assertEquals(500, result.marks().get(0).range().end().toMillis());
    }

    @Test
    void seesAKnownMarkThatIsWeakerStillWhereItWasPut() throws IOException {
        List<VideoFrame> faint = weakly(0.2, WEAK);
        DetectionResult inPlace = detect(encoded(FORMAT, faint), List.of(new MarkId(5), ID), key(1));
        assertEquals(ID, only(inPlace));
        assertTrue(inPlace.marks().get(0).syncStatistic() < KnownMarkSearch.MIN_STATISTIC, inPlace.toString());
        // elsewhere there are too many places for so weak a mark to be told from noise
        DetectionResult elsewhere = detect(encoded(FORMAT, mirrored(faint)), List.of(new MarkId(5), ID), key(1));
        assertEquals(List.of(), elsewhere.marks());
        assertTrue(elsewhere.knownStatistic() > 7, elsewhere.toString());
    }

    private static List<VideoFrame> mirrored(List<VideoFrame> frames) {
        List<VideoFrame> mirrored = new ArrayList<>();
        for (VideoFrame frame : frames) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(frame.rgb().capacity());
            for (int y = 0; y < frame.height(); y++) {
                for (int x = frame.width() - 1; x >= 0; x--) {
                    int at = 3 * (y * frame.width() + x);
                    pixels.put(frame.rgb().get(at))
                            .put(frame.rgb().get(at + 1))
                            .put(frame.rgb().get(at + 2));
                }
            }
            mirrored.add(new VideoFrame(frame.width(), frame.height(), pixels.flip()));
        }
        return mirrored;
    }

    @Test
    void seesNoOtherMarkThanTheOneThatIsThere() throws IOException {
        List<MarkId> others = LongStream.range(0, 16).mapToObj(MarkId::new).toList();
        DetectionResult weak = detect(encoded(FORMAT, weakly(WEAK)), others, key(1));
        assertEquals(List.of(), weak.marks());
        assertTrue(weak.knownStatistic() > 4 && weak.knownStatistic() < KnownMarkSearch.MIN_STATISTIC, weak.toString());
        assertEquals(ID, only(detect(encoded(FORMAT, textured()), others, key(1))));
        assertEquals(
                List.of(),
                detect(encoded(FORMAT, weakly(0)), List.of(ID), key(1)).marks());
        assertEquals(
                List.of(),
                detect(encoded(FORMAT, textured()), List.of(ID), key(2)).marks());
    }

    @Test
    void refusesExpectedIdsThatAreNone() {
        WatermarkService service = new WatermarkService(List.of(key(1)), () -> ID);
        for (String wrong : List.of("", "12", "00000000000000fg", "00000000000000000")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> service.detect(temporary.resolve("clip.mp4"), List.of(wrong)),
                    wrong);
        }
    }

    @Test
    void refusesWhatIsNoVideo() throws IOException {
        Path file = temporary.resolve("notes.mp4");
        Files.write(file, new byte[5000]);
        IOException e = assertThrows(IOException.class, () -> detect(file, key(1)));
        assertTrue(e.toString().contains("notes.mp4"), e.toString());
    }

    @Test
    void triesManyKeysOnOneFile() throws IOException {
        KeyTrial trial = KeyTrial.open(encoded(FORMAT, textured()));
        assertTrue(trial.run(key(1)).authenticated());
        for (int seed = 2; seed < 20; seed++) {
            KeyTrial.Outcome outcome = trial.run(key(seed));
            assertTrue(!outcome.authenticated() && outcome.correlation() < 13, outcome.toString());
        }
    }

    @Test
    void keepsWorkingOnFramesWhoseBufferIsUsedAgain() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(3 * FORMAT.width() * FORMAT.height());
        List<VideoFrame> marked = mark(FORMAT, i -> {
            buffer.clear();
            buffer.put(TexturedFrames.frame(FORMAT.width(), FORMAT.height(), i).rgb());
            buffer.flip();
            return new VideoFrame(FORMAT.width(), FORMAT.height(), buffer);
        });
        assertEquals(textured().get(4).rgb(), marked.get(4).rgb());
    }
}
