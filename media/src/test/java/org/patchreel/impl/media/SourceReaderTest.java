package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.VideoFrame;

class SourceReaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** Red, green, blue and white quarters, from the top left. */
    private static BufferedImage quarters(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        Color[] colors = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};
        for (int i = 0; i < 4; i++) {
            graphics.setColor(colors[i]);
            graphics.fillRect(i % 2 * width / 2, i / 2 * height / 2, width / 2, height / 2);
        }
        graphics.dispose();
        return image;
    }

    private static VideoFrame only(Path file, FrameSize size, Fit fit) throws IOException {
        try (SourceReader reader = SourceReader.open(file, size, fit)) {
            TestFrames.Collector frames = new TestFrames.Collector();
            frames.accept(reader.next().orElseThrow());
            assertFalse(reader.next().isPresent());
            return frames.frames.get(0);
        }
    }

    private static void assertColor(int expected, VideoFrame frame, int x, int y, int tolerance) {
        int actual = TestFrames.pixel(frame, x, y);
        assertTrue(
                TestFrames.distance(expected, actual) <= tolerance,
                () -> String.format("at %d,%d: %06x, not %06x", x, y, actual, expected));
    }

    @Test
    void aPictureKeepsItsColors() throws IOException {
        Path file = folder.resolve("quarters.png");
        ImageIO.write(quarters(200, 100), "png", file.toFile());
        assertEquals(new SourceInfo(new FrameSize(200, 100), 0, 1, 0, false, false), SourceReader.probe(file));
        VideoFrame frame = only(file, new FrameSize(100, 50), Fit.COVER);
        assertColor(0xff0000, frame, 20, 10, 1);
        assertColor(0x00ff00, frame, 80, 10, 1);
        assertColor(0x0000ff, frame, 20, 40, 1);
        assertColor(0xffffff, frame, 80, 40, 1);
    }

    @Test
    void framesOfAClipHaveTheirTimes() throws IOException {
        Path clip = folder.resolve("clip.mp4");
        VideoFormat format = new VideoFormat(192, 112, 9, 24);
        TestFrames.feed(format, TestEncoders.h264().open(clip, format));
        assertEquals(new SourceInfo(new FrameSize(192, 112), 9 / 24.0, 9, 24, false, false), SourceReader.probe(clip));
        try (SourceReader reader = SourceReader.open(clip, new FrameSize(192, 112), Fit.COVER)) {
            for (int i = 0; i < 9; i++) {
                VideoFrame frame = reader.next().orElseThrow();
                assertEquals(i / 24.0, reader.time().toNanos() / 1e9, 1e-6);
                double psnr = TestFrames.psnr(TestFrames.moving(192, 112, i), frame);
                assertTrue(psnr > 41, psnr + " dB");
            }
            assertEquals(Optional.empty(), reader.next());
            assertThrows(IllegalStateException.class, reader::time);
        }
    }
}
