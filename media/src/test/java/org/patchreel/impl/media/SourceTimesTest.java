package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.VideoFrame;

/** Which frames are given, and when they are shown. */
class SourceTimesTest {
    private static final FrameSize SIZE = new FrameSize(64, 64);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path sample(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = SourceTimesTest.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        return file;
    }

    /** A frame's time, and its brightness in the middle. */
    private record Shown(long millis, int gray) {}

    private static List<Shown> shown(Path file) throws IOException {
        List<Shown> shown = new ArrayList<>();
        try (SourceReader reader = SourceReader.open(file, SIZE, Fit.COVER)) {
            for (Optional<VideoFrame> each = reader.next(); each.isPresent(); each = reader.next()) {
                int gray = TestFrames.pixel(each.get(), 32, 32) & 0xff;
                shown.add(new Shown(Math.round(reader.time().toNanos() / 1e6), gray));
            }
        }
        return shown;
    }

    /** Each frame is brighter than the one before, at 100 ms from the one before. */
    private static void assertInOrder(int frames, List<Shown> shown) {
        assertEquals(frames, shown.size());
        for (int i = 0; i < frames; i++) {
            assertTrue(Math.abs(100L * i - shown.get(i).millis()) <= 1, shown.toString());
            assertTrue(i == 0 || shown.get(i).gray() > shown.get(i - 1).gray() + 5, shown.toString());
        }
    }

    private static int brighter(int frame, int plane, int x, int y) {
        return plane == 0 ? 30 + 15 * frame : 128;
    }

    @Test
    void framesOfAClipAreThoseThatWereEncoded() throws IOException {
        Path clip = folder.resolve("clip.mp4");
        VideoFormat format = new VideoFormat(192, 112, 9, 24);
        TestFrames.feed(format, TestEncoders.h264().open(clip, format));
        SourceInfo info = SourceReader.probe(clip);
        assertEquals(new SourceInfo(new FrameSize(192, 112), 9 / 24.0, 9, 24, false, false), info);
        assertFalse(info.picture());
        try (SourceReader reader = SourceReader.open(clip, new FrameSize(192, 112), Fit.COVER)) {
            assertThrows(IllegalStateException.class, reader::time);
            for (int i = 0; i < 9; i++) {
                VideoFrame frame = reader.next().orElseThrow();
                assertEquals(i / 24.0, reader.time().toNanos() / 1e9, 1e-6);
                double psnr = TestFrames.psnr(TestFrames.moving(192, 112, i), frame);
                assertTrue(psnr > 41, psnr + " dB");
            }
            assertEquals(Optional.empty(), reader.next());
            assertEquals(Optional.empty(), reader.next());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"av1.mp4", "h264.ts", "hevc.mkv", "mpeg4.avi", "vp9.webm"})
    void commonFormatsAreCountedAndTimed(String name) throws IOException {
        Path file = sample(name);
        SourceInfo info = SourceReader.probe(file);
        assertEquals(new FrameSize(96, 64), info.size());
        assertEquals(5, info.frames());
        assertEquals(0.5, info.seconds(), 0.002);
        assertEquals(10, info.frameRate(), 0.05);
        List<Shown> shown = shown(file);
        assertEquals(
                List.of(0L, 100L, 200L, 300L, 400L),
                shown.stream().map(Shown::millis).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.mp4", "b.mkv", "b.avi", "b.ts", "b.mov"})
    void framesThatAreStoredOutOfOrderAreShownInOrder(String name) throws IOException {
        Path file = new TestClip(folder.resolve(name), avutil.AV_PIX_FMT_YUV420P, 64, 64)
                .encoder(name.endsWith("ts") ? "mpeg2video" : "mpeg4")
                .with(context -> context.max_b_frames(2).gop_size(6).bit_rate(1_000_000))
                .write(12, SourceTimesTest::brighter);
        assertInOrder(12, shown(file));
        SourceInfo info = SourceReader.probe(file);
        assertEquals(12, info.frames());
        assertEquals(1.2, info.seconds(), 0.11);
        assertEquals(10, info.frameRate(), 0.05);
    }

    /** An edit list hides the first frames, which are stored as others need them. */
    @Test
    void framesBeforeTheStartOfAnEditAreNotShown() throws IOException {
        Path file = new TestClip(folder.resolve("edit.mp4"), avutil.AV_PIX_FMT_YUV420P, 64, 64)
                .encoder("mpeg4")
                .with(context -> context.gop_size(12).bit_rate(1_000_000))
                .offset(-3)
                .write(12, SourceTimesTest::brighter);
        List<Shown> shown = shown(file);
        assertInOrder(9, shown);
        assertTrue(shown.get(0).gray() > 45, "the fourth frame is the first: " + shown);
        SourceInfo info = SourceReader.probe(file);
        assertEquals(9, info.frames());
        assertEquals(0.9, info.seconds(), 0.001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"late.mkv", "late.ts"})
    void timesAreCountedFromTheStart(String name) throws IOException {
        Path file = new TestClip(folder.resolve(name), avutil.AV_PIX_FMT_YUV420P, 64, 64)
                .encoder("mpeg2video")
                .with(context -> context.bit_rate(1_000_000))
                .offset(70)
                .write(5, SourceTimesTest::brighter);
        assertInOrder(5, shown(file));
        assertEquals(0.5, SourceReader.probe(file).seconds(), 0.11);
    }

    @Test
    void aStreamWithoutAContainerHasTheTimesOfItsRate() throws IOException {
        Path file = new TestClip(folder.resolve("raw.h264"), avutil.AV_PIX_FMT_YUV420P, 64, 64)
                .encoder("libopenh264")
                .with(context -> context.bit_rate(1_000_000))
                .write(10, SourceTimesTest::brighter);
        SourceInfo info = SourceReader.probe(file);
        assertEquals(10, info.frames());
        List<Shown> shown = shown(file);
        assertEquals(10, shown.size());
        assertEquals(0, shown.get(0).millis());
        assertEquals(9 / info.frameRate(), shown.get(9).millis() / 1000.0, 0.002);
        assertEquals(10 / info.frameRate(), info.seconds(), 0.002);
    }

    /** The sound starts at once, the pictures five seconds later. */
    @Test
    void aTrackThatStartsLateHasItsTimesOfTheFile() throws IOException {
        Path file = sample("delayed.mp4");
        List<Shown> shown = shown(file);
        assertEquals(5000, shown.get(0).millis());
        SourceInfo info = SourceReader.probe(file);
        assertEquals(shown.size(), info.frames());
        long last = shown.get(shown.size() - 1).millis();
        assertEquals(last / 1000.0 + 1 / info.frameRate(), info.seconds(), 0.05);
    }

    @Test
    void animationsAreClips() throws IOException {
        Path apng = sample("animated.png");
        SourceInfo info = SourceReader.probe(apng);
        assertEquals(3, info.frames());
        assertEquals(0.3, info.seconds(), 0.001);
        assertEquals(10, info.frameRate(), 0.01);
        assertEquals(
                List.of(0L, 100L, 200L), shown(apng).stream().map(Shown::millis).toList());

        Path gif = Files.write(folder.resolve("a.gif"), HostileFiles.gif(100, 5));
        SourceInfo moving = SourceReader.probe(gif);
        assertEquals(5, moving.frames());
        assertEquals(0.2, moving.seconds(), 0.001);
        assertEquals(25, moving.frameRate(), 0.01);
        assertEquals(
                List.of(0L, 40L, 80L, 120L, 160L),
                shown(gif).stream().map(Shown::millis).toList());
    }

    @Test
    void framesBeforeATimeAreDecodedButNotConverted() throws IOException {
        Path file = new TestClip(folder.resolve("clip.mkv"), avutil.AV_PIX_FMT_YUV420P, 64, 64)
                .write(12, SourceTimesTest::brighter);
        DecodingLimits standard = DecodingLimits.STANDARD;
        DecodingLimits two = new DecodingLimits(
                standard.decodedPixels(), 2 * 64 * 64, standard.time(), standard.processorTime(), standard.memory());
        List<String> command = DecoderInstallation.command();
        try (SourceReader reader = SourceReader.open(file, SIZE, Fit.COVER, two, command)) {
            reader.skipTo(Duration.ofSeconds(1));
            int gray = TestFrames.pixel(reader.next().orElseThrow(), 32, 32) & 0xff;
            assertEquals((30 + 15 * 10 - 16) * 255 / 219.0, gray, 2);
            assertEquals(Duration.ofSeconds(1), reader.time());
            reader.skipTo(Duration.ofMillis(500));
            assertTrue(reader.next().isPresent());
            assertEquals(Duration.ofMillis(1100), reader.time());
            assertFalse(reader.next().isPresent());
        }
        try (SourceReader reader = SourceReader.open(file, SIZE, Fit.COVER, two, command)) {
            reader.next();
            reader.next();
            IOException e = assertThrows(IOException.class, reader::next);
            assertEquals(file + ": there are more than 0 million pixels to scale, the limit", e.getMessage());
        }
        try (SourceReader reader = SourceReader.open(file, SIZE, Fit.COVER)) {
            reader.skipTo(Duration.ofSeconds(9));
            assertFalse(reader.next().isPresent());
        }
    }

    @ParameterizedTest
    @CsvSource({"mp4", "mkv"})
    void ofADamagedClipTheFramesAreGivenThatCanBeHad(String container) throws IOException {
        Path file = new TestClip(folder.resolve("clip." + container), avutil.AV_PIX_FMT_YUV420P, 64, 64)
                .encoder("mpeg4")
                .with(context -> context.gop_size(1).bit_rate(1_000_000))
                .write(12, SourceTimesTest::brighter);
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, whole.length / 2, whole.length / 2 + 40, (byte) 0x5a);
        Files.write(file, damaged);
        int frames = shown(file).size();
        assertTrue(frames >= 3 && frames <= 12, frames + " frames");
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        if (container.equals("mkv")) {
            int first = shown(file).size();
            assertTrue(first >= 3 && first <= 8, first + " frames");
        } else {
            assertThrows(
                    IOException.class,
                    () -> SourceReader.open(file, SIZE, Fit.COVER).close());
        }
    }
}
