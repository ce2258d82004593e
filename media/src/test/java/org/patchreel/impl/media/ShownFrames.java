package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/** What a {@link SourceReader} shows of a file, and what it should. */
final class ShownFrames {
    /** Red, green, blue and white, from the top left. */
    private static final int[] QUARTERS = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff};

    private ShownFrames() {}

    static BufferedImage quarters(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 4; i++) {
            graphics.setColor(new Color(QUARTERS[i]));
            graphics.fillRect(i % 2 * width / 2, i / 2 * height / 2, width / 2, height / 2);
        }
        graphics.dispose();
        return image;
    }

    /** The frame of a picture. */
    static VideoFrame picture(Path file, FrameSize size, Fit fit) throws IOException {
        try (SourceReader reader = SourceReader.open(file, size, fit)) {
            VideoFrame frame = copy(reader.next().orElseThrow());
            assertFalse(reader.next().isPresent());
            return frame;
        }
    }

    static VideoFrame first(Path file, FrameSize size, Fit fit) throws IOException {
        try (SourceReader reader = SourceReader.open(file, size, fit)) {
            return copy(reader.next().orElseThrow());
        }
    }

    private static VideoFrame copy(VideoFrame frame) {
        TestFrames.Collector collector = new TestFrames.Collector();
        collector.accept(frame);
        return collector.frames.get(0);
    }

    /** The colour in the middle of a picture. */
    static int color(Path file) throws IOException {
        return TestFrames.pixel(first(file, new FrameSize(16, 16), Fit.COVER), 8, 8);
    }

    static void assertColor(int expected, int actual, int tolerance) {
        assertTrue(
                TestFrames.distance(expected, actual) <= tolerance,
                () -> String.format("%06x, not %06x", actual, expected));
    }

    static void assertColor(int expected, VideoFrame frame, int x, int y, int tolerance) {
        assertColor(expected, TestFrames.pixel(frame, x, y), tolerance);
    }

    /**
     * The middles of the four quarters.
     *
     * @param order for example {@code RGBW}
     */
    static void assertQuarters(String order, VideoFrame frame, int tolerance) {
        for (int i = 0; i < 4; i++) {
            int x = frame.width() * (1 + i % 2 * 2) / 4;
            int y = frame.height() * (1 + i / 2 * 2) / 4;
            assertColor(QUARTERS["RGBW".indexOf(order.charAt(i))], frame, x, y, tolerance);
        }
    }
}
