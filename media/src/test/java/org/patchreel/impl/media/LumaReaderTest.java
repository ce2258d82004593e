package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

class LumaReaderTest {
    @TempDir
    Path temporary;

    /** Five frames of 96x64 at 10 frames a second, or one. Made with {@code ffmpeg -f lavfi -i testsrc2}. */
    private Path sample(String name) throws IOException {
        Path file = temporary.resolve(name);
        try (InputStream in = LumaReaderTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            Files.copy(in, file);
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({"av1.mp4,5", "h264.ts,5", "hevc.mkv,5", "mpeg4.avi,5", "vp9.webm,5", "picture.webp,1"})
    void readsCommonFormats(String name, int frames) throws IOException {
        try (LumaReader reader = LumaReader.open(sample(name), 360, 1440)) {
            assertEquals(new FrameSize(96, 64), reader.nativeSize());
            assertEquals(new FrameSize(96, 64), reader.size());
            int count = 0;
            while (reader.advance()) {
                assertEquals(100.0 * count, reader.time().toNanos() / 1e6, 1);
                assertTrue(count > 0 || reader.isIntra(), "the first frame stands alone");
                byte[] luma = reader.luma();
                assertEquals(96 * 64, luma.length);
                assertTrue(new java.util.HashSet<>(Arrays.asList(boxed(luma))).size() > 30, "a picture of many greys");
                count++;
            }
            assertEquals(frames, count);
            assertFalse(reader.advance());
        }
    }

    @Test
    void givesSeveralListenersTheFramesThatEachWouldGetAlone() throws IOException {
        Path file = sample("av1.mp4");
        Collected half = new Collected(new LumaSize(32, 512));
        Collected whole = new Collected(new LumaSize(360, 1440));
        LumaReader.read(file, List.of(half, whole));
        assertEquals(new FrameSize(48, 32), half.size);
        assertEquals(new FrameSize(96, 64), whole.size);
        for (Collected each : List.of(half, whole)) {
            Collected alone = new Collected(each.wanted());
            LumaReader.read(file, List.of(alone));
            assertEquals(5, alone.frames.size());
            for (int i = 0; i < 5; i++) {
                assertArrayEquals(alone.frames.get(i), each.frames.get(i));
            }
        }
    }

    private static final class Collected implements LumaListener {
        private final LumaSize wanted;
        private final List<byte[]> frames = new ArrayList<>();
        private @Nullable FrameSize size;

        Collected(LumaSize wanted) {
            this.wanted = wanted;
        }

        @Override
        public LumaSize wanted() {
            return wanted;
        }

        @Override
        public void begin(FrameSize nativeSize, FrameSize given) {
            size = given;
        }

        @Override
        public void accept(LumaFrame frame) throws IOException {
            frames.add(frame.luma());
        }
    }

    private static Byte[] boxed(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            boxed[i] = bytes[i];
        }
        return boxed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void readsAPictureAndAveragesItDown(String format) throws IOException {
        BufferedImage image = new BufferedImage(400, 200, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 200; y++) {
            for (int x = 0; x < 400; x++) {
                image.setRGB(x, y, (x + y) % 2 == 0 ? 0xffffff : 0);
            }
        }
        Path file = temporary.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        try (LumaReader reader = LumaReader.open(file, 50, 1440)) {
            assertEquals(new FrameSize(100, 50), reader.size());
            assertTrue(reader.advance());
            for (byte value : reader.luma()) {
                assertEquals(127, value & 0xff, 8, "the mean of a fine chequerboard");
            }
            assertFalse(reader.advance());
        }
    }

    @Test
    void readsOnlyTheOnePicture() throws IOException {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 1; i <= 3; i++) {
            ImageIO.write(image, "png", temporary.resolve("frame" + i + ".png").toFile());
        }
        Path pattern = temporary.resolve("frame%d.png");
        ImageIO.write(image, "png", pattern.toFile());
        try (LumaReader reader = LumaReader.open(pattern, 360, 1440)) {
            assertTrue(reader.advance());
            assertFalse(reader.advance());
        }
    }

    @Test
    void boundsTheLongSide() throws IOException {
        Path file = temporary.resolve("wide.png");
        ImageIO.write(new BufferedImage(4000, 20, BufferedImage.TYPE_3BYTE_BGR), "png", file.toFile());
        try (LumaReader reader = LumaReader.open(file, 360, 1440)) {
            assertEquals(new FrameSize(1440, 7), reader.size());
        }
    }

    @Test
    void leavesOutWhatIsDamaged() throws IOException {
        VideoFormat format = new VideoFormat(64, 64, 9, 10);
        Path file = temporary.resolve("clip.mp4");
        TestFrames.feed(format, TestEncoders.h264().open(file, format));
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length - 400, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        int frames = 0;
        try (LumaReader reader = LumaReader.open(file, 360, 1440)) {
            while (reader.advance()) {
                frames++;
            }
        }
        assertTrue(frames >= 1 && frames <= 9, frames + " frames");
    }

    @Test
    void refusesWhatIsNoVideoAndNamesIt() throws IOException {
        Path empty = Files.createFile(temporary.resolve("empty.mp4"));
        Path text = Files.writeString(temporary.resolve("notes.txt"), "concat\nfile 'other.mp4'\n".repeat(40));
        Path list = Files.writeString(
                temporary.resolve("list.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hosts\n");
        Path concat = Files.writeString(temporary.resolve("list.ffconcat"), "ffconcat version 1.0\nfile other.mp4\n");
        for (Path file : List.of(empty, text, list, concat, temporary.resolve("missing.mp4"))) {
            IOException e = assertThrows(IOException.class, () -> LumaReader.open(file, 360, 1440));
            assertTrue(e.toString().contains(file.getFileName().toString()), e.toString());
        }
    }

    @Test
    void readsAllFramesOfAnAnimatedPng() throws IOException {
        try (LumaReader reader = LumaReader.open(sample("animated.png"), 360, 1440)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(reader.advance(), "frame " + i);
                assertEquals(100L * i, reader.time().toMillis());
            }
            assertFalse(reader.advance());
        }
    }

    @Test
    void saysThatAnimatedWebpCannotBeRead() throws IOException {
        byte[] head = new byte[64];
        System.arraycopy("RIFF....WEBPVP8X".getBytes(StandardCharsets.US_ASCII), 0, head, 0, 16);
        head[20] = 2;
        Path file = Files.write(temporary.resolve("moving.webp"), head);
        IOException e = assertThrows(IOException.class, () -> LumaReader.open(file, 360, 1440));
        assertEquals(file + ": animated WebP cannot be read", e.getMessage());
    }

    /** The sound starts at once, the pictures five seconds later. */
    @Test
    void tellsTimesAsPlayersShowThem() throws IOException {
        try (LumaReader reader = LumaReader.open(sample("delayed.mp4"), 360, 1440)) {
            assertTrue(reader.advance());
            assertEquals(5000, reader.time().toMillis());
        }
    }
}
