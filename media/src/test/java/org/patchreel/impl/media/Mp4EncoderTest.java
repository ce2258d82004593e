package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.VideoFrame;

class Mp4EncoderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path file() {
        return folder.resolve("clip.mp4");
    }

    private ClipInfo encode(VideoFormat format) throws IOException {
        TestFrames.feed(format, TestEncoders.h264().open(file(), format));
        return ClipReader.probe(file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "8", "16", "24", "25", "30", "60", "120", "23.976", "29.97", "59.94", "14.985"})
    void keepsFrameCountFrameRateAndDuration(String frameRate) throws IOException {
        FrameRate rate = FrameRate.parse("rate", frameRate);
        VideoFormat format = new VideoFormat(64, 48, 33, rate);
        ClipInfo info = encode(format);
        assertEquals(33, info.frameCount());
        assertEquals((double) rate.numerator() / rate.denominator(), info.frameRate());
        assertEquals(format.seconds(), info.seconds(), 1e-9);
        assertEquals(33, decode(file()).size());
    }

    @ParameterizedTest
    @CsvSource({
        "16,16,1",
        "16,16,5",
        "32,16,9",
        "48,272,5",
        "720,16,5",
        "208,464,5",
        "1920,1088,5",
        "1920,1080,3",
        "854,480,5",
        "640,360,5",
        "1080,1920,3",
        "18,50,4",
        "1000,1002,2"
    })
    void takesEveryShapeOfFrame(int width, int height, int frames) throws IOException {
        ClipInfo info = encode(new VideoFormat(width, height, frames, 24));
        assertEquals(new FrameSize(width, height), info.size());
        assertEquals(frames, decode(file()).size());
    }

    @Test
    void tagsWhatPlayersNeedToKnow() throws IOException {
        ClipInfo info = encode(new VideoFormat(64, 64, 5, 24));
        assertEquals("h264", info.codec());
        assertEquals("High", info.profile());
        assertEquals("yuv420p", info.pixelFormat());
        assertEquals("tv", info.range());
        assertEquals(List.of("bt709", "bt709", "bt709"), List.of(info.primaries(), info.transfer(), info.matrix()));
        assertEquals(1, info.tracks());
        String boxes = Files.readString(file(), StandardCharsets.ISO_8859_1);
        assertTrue(boxes.indexOf("moov") < boxes.indexOf("mdat"), "the index stands ahead of the data");
    }

    /** 3 levels: two for the quantiser and one for rounding to 8-bit Y'CbCr and back; BT.601 would be off by 30. */
    @Test
    void keepsSaturatedColors() throws IOException {
        int[] chart = {0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0x00ffff, 0xff00ff, 0xffffff, 0x000000};
        VideoFormat format = new VideoFormat(64, 64, 1, 24);
        for (int color : chart) {
            try (Mp4Encoder encoder = TestEncoders.h264().open(file(), format)) {
                encoder.accept(TestFrames.solid(64, 64, color));
            }
            int decoded = TestFrames.pixel(decode(file()).get(0), 32, 32);
            assertTrue(
                    TestFrames.distance(color, decoded) <= 3,
                    () -> String.format("%06x came back as %06x", color, decoded));
        }
    }

    /** Each encoder was measured at 44 dB on 640x368; small frames leave it less to predict from. */
    @ParameterizedTest
    @ValueSource(strings = {"h264", "av1"})
    void isVisuallyCleanByDefault(String codec) throws IOException {
        VideoFormat format = new VideoFormat(192, 112, 9, 24);
        VideoEncoders encoders = TestEncoders.configured(codec, VideoEncoders.DEFAULT_QUALITY);
        TestFrames.feed(format, encoders.open(file(), format));
        List<VideoFrame> decoded = decode(file());
        assertEquals(codec, ClipReader.probe(file()).codec());
        assertEquals(9, decoded.size());
        for (int i = 0; i < decoded.size(); i++) {
            double psnr = TestFrames.psnr(TestFrames.moving(192, 112, i), decoded.get(i));
            assertTrue(psnr > 41, "frame " + i + ": " + psnr + " dB");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264", "av1"})
    void spendsMoreBytesOnMoreQuality(String codec) throws IOException {
        VideoFormat format = new VideoFormat(128, 64, 5, 24);
        long before = 0;
        for (int quality : new int[] {1, 50, 80, 100}) {
            TestFrames.feed(format, TestEncoders.configured(codec, quality).open(file(), format));
            long size = Files.size(file());
            assertTrue(size > before, "quality " + quality + ": " + size + " bytes after " + before);
            before = size;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264", "av1"})
    void makesTheSameFileOfTheSameFrames(String codec) throws IOException {
        // five macroblocks a row: vector code that runs past the end of a row would show
        VideoFormat format = new VideoFormat(80, 80, 33, 24);
        VideoEncoders encoders = TestEncoders.configured(codec, 80);
        TestFrames.feed(format, encoders.open(file(), format));
        byte[] first = Files.readAllBytes(file());
        for (int i = 0; i < 4; i++) {
            TestFrames.feed(format, encoders.open(file(), format));
            assertArrayEquals(first, Files.readAllBytes(file()));
        }
        assertFalse(new String(first, StandardCharsets.ISO_8859_1).contains("Lavf"), "names no library version");
    }

    @Test
    void refusesAFrameOfAnotherSizeAndLeavesNoFile() throws IOException {
        VideoFormat format = new VideoFormat(64, 64, 5, 24);
        try (Mp4Encoder encoder = TestEncoders.h264().open(file(), format)) {
            encoder.accept(TestFrames.solid(64, 64, 0));
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> encoder.accept(TestFrames.solid(64, 48, 0)));
            assertTrue(
                    String.valueOf(refused.getMessage()).endsWith("a frame of 64x48 in a clip of 64x64"),
                    refused.getMessage());
            assertThrows(IllegalStateException.class, () -> encoder.accept(TestFrames.solid(64, 64, 0)));
        }
        assertFalse(Files.exists(file()));
    }

    @Test
    void refusesAFrameTooManyAndMissesAFrameTooFew() throws IOException {
        VideoFormat format = new VideoFormat(64, 64, 1, 24);
        Mp4Encoder full = TestEncoders.h264().open(file(), format);
        full.accept(TestFrames.solid(64, 64, 0));
        assertThrows(IllegalStateException.class, () -> full.accept(TestFrames.solid(64, 64, 0)));
        full.close();
        full.close();

        Mp4Encoder missing = TestEncoders.h264().open(file(), new VideoFormat(64, 64, 5, 24));
        missing.accept(TestFrames.solid(64, 64, 0));
        String message =
                String.valueOf(assertThrows(IOException.class, missing::close).getMessage());
        assertTrue(message.endsWith("closed after 1 of 5 frames"), message);
        assertFalse(Files.exists(file()));
        assertThrows(IllegalStateException.class, () -> missing.accept(TestFrames.solid(64, 64, 0)));
    }

    @Test
    void leavesNothingWhenClosedWithoutAFrame() throws IOException {
        TestEncoders.h264().open(file(), new VideoFormat(64, 64, 5, 24)).close();
        assertFalse(Files.exists(file()));
    }

    @Test
    void namesTheFileThatCannotBeWritten() {
        Path missing = folder.resolve("nowhere").resolve("clip.mp4");
        IOException failure = assertThrows(
                IOException.class, () -> TestEncoders.h264().open(missing, new VideoFormat(64, 64, 5, 24)));
        assertEquals(missing + ": cannot write: No such file or directory", failure.getMessage());
    }

    @Test
    void namesTheLargestFrameOfTheEncoder() {
        assumeTrue(TestEncoders.h264().encoderName().equals("libopenh264"));
        IOException failure = assertThrows(
                IOException.class, () -> TestEncoders.h264().open(file(), new VideoFormat(4096, 4096, 5, 24)));
        assertTrue(String.valueOf(failure.getMessage())
                .contains("libopenh264 takes frames of at most 9437184 pixels, not 4096x4096"));
    }

    @Test
    void saysThatTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        Files.createSymbolicLink(file(), full);
        VideoFormat format = new VideoFormat(64, 64, 5, 24);
        IOException failure = assertThrows(
                IOException.class,
                () -> TestFrames.feed(format, TestEncoders.h264().open(file(), format)));
        assertTrue(String.valueOf(failure.getMessage()).startsWith(file() + ": "), failure.getMessage());
        assertTrue(String.valueOf(failure.getMessage()).endsWith("No space left on device"), failure.getMessage());
        assertFalse(Files.exists(file()));
        assertTrue(Files.exists(full));
    }

    @Test
    void opensNamesThatAreNotAscii() throws IOException {
        Path file;
        try {
            file = folder.resolve("Füße: 東京.mp4");
        } catch (java.nio.file.InvalidPathException e) {
            assumeTrue(false, "this locale has no such names");
            return;
        }
        VideoFormat format = new VideoFormat(64, 64, 1, 24);
        TestFrames.feed(format, TestEncoders.h264().open(file, format));
        assertEquals(1, ClipReader.probe(file).frameCount());
    }

    /** A codec context that is not freed takes about a megabyte: 300 clips would show as hundreds. */
    @Test
    void keepsNativeMemoryFlat() throws IOException {
        Path status = Path.of("/proc/self/status");
        assumeTrue(Files.exists(status));
        VideoFormat format = new VideoFormat(64, 64, 1, 24);
        long before = 0;
        for (int clip = 0; clip < 330; clip++) {
            if (clip == 30) {
                before = nativeKilobytes(status);
            }
            TestFrames.feed(format, TestEncoders.h264().open(file(), format));
            try (ClipReader reader = ClipReader.open(file())) {
                assertTrue(reader.next().isPresent());
            }
            Mp4Encoder failing = TestEncoders.h264().open(file(), format);
            assertThrows(IllegalArgumentException.class, () -> failing.accept(TestFrames.solid(16, 16, 0)));
            assertDoesNotThrow(failing::close);
        }
        long grown = nativeKilobytes(status) - before;
        assertTrue(grown < 64 * 1024, "grown by " + grown + " KiB");
    }

    private static long nativeKilobytes(Path status) throws IOException {
        long resident = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        return resident - Runtime.getRuntime().totalMemory() / 1024;
    }

    static List<VideoFrame> decode(Path file) throws IOException {
        TestFrames.Collector frames = new TestFrames.Collector();
        try (ClipReader reader = ClipReader.open(file)) {
            for (var frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                frames.accept(frame.get());
            }
        }
        return frames.frames;
    }
}
