package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

class PreviewImagesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final TestFrames.Collector next = new TestFrames.Collector();

    private PreviewImages previews(VideoFormat format, FrameSink sink) {
        return new PreviewImages(format, folder.resolve("poster.jpg"), folder.resolve("contact-sheet.jpg"), sink);
    }

    @Test
    void takesTheMiddleFrameForThePoster() throws IOException {
        VideoFormat format = new VideoFormat(64, 48, 5, 24);
        try (PreviewImages previews = previews(format, next)) {
            for (int i = 0; i < 5; i++) {
                previews.accept(TestFrames.solid(64, 48, 0x200000 * i + 0x10));
            }
        }
        BufferedImage poster = ImageIO.read(folder.resolve("poster.jpg").toFile());
        assertEquals(64, poster.getWidth());
        assertEquals(48, poster.getHeight());
        // JPEG at quality 0.9: within two levels on a flat colour
        assertTrue(TestFrames.distance(0x400010, poster.getRGB(30, 20) & 0xffffff) <= 2);
        assertEquals(5, next.frames.size());
        assertEquals(1, next.closed);
    }

    /** Grey level i in frame i, so that the sheet tells which frames it shows: first, last and evenly between. */
    @ParameterizedTest
    @CsvSource({
        "320,320,1,1,1",
        "320,320,5,3,2",
        "320,176,9,3,3",
        "320,176,13,4,3",
        "640,352,49,4,3",
        "64,48,241,4,3",
        "176,320,81,6,2"
    })
    void spreadsFramesEvenlyOverTheSheet(int width, int height, int count, int columns, int rows) throws IOException {
        VideoFormat format = new VideoFormat(width, height, count, 24);
        try (PreviewImages previews = previews(format, next)) {
            for (int i = 0; i < count; i++) {
                previews.accept(TestFrames.solid(width, height, 0x010101 * i));
            }
        }
        BufferedImage sheet = ImageIO.read(folder.resolve("contact-sheet.jpg").toFile());
        double scale = 320.0 / Math.max(width, height);
        int thumbnailWidth = (int) Math.round(width * scale);
        int thumbnailHeight = (int) Math.round(height * scale);
        assertEquals(48 + columns * (thumbnailWidth + 16) - 16, sheet.getWidth());
        assertEquals(48 + rows * (thumbnailHeight + 28 + 16) - 16, sheet.getHeight());
        int shown = Math.min(12, count);
        for (int place = 0; place < shown; place++) {
            int x = 24 + place % columns * (thumbnailWidth + 16) + thumbnailWidth / 2;
            int y = 24 + place / columns * (thumbnailHeight + 28 + 16) + thumbnailHeight / 2;
            int frame = shown == 1 ? 0 : (int) Math.round((double) place * (count - 1) / (shown - 1));
            assertEquals(frame, sheet.getRGB(x, y) & 0xff, 2, "place " + place);
        }
    }

    @Test
    void makesTheSamePicturesOfTheSameFrames() throws IOException {
        VideoFormat format = new VideoFormat(96, 64, 17, 16);
        TestFrames.feed(format, previews(format, next));
        byte[] poster = Files.readAllBytes(folder.resolve("poster.jpg"));
        byte[] sheet = Files.readAllBytes(folder.resolve("contact-sheet.jpg"));
        TestFrames.feed(format, previews(format, next));
        assertArrayEquals(poster, Files.readAllBytes(folder.resolve("poster.jpg")));
        assertArrayEquals(sheet, Files.readAllBytes(folder.resolve("contact-sheet.jpg")));
    }

    @Test
    void writesNothingUnlessEveryFramePassed() throws IOException {
        VideoFormat format = new VideoFormat(64, 48, 5, 24);
        try (PreviewImages previews = previews(format, next)) {
            previews.accept(TestFrames.solid(64, 48, 0));
        }
        FrameSink full = new FrameSink() {
            private int frames;

            @Override
            public void accept(VideoFrame frame) throws IOException {
                if (++frames == 5) {
                    throw new IOException("full");
                }
            }

            @Override
            public void close() {}
        };
        assertThrows(IOException.class, () -> TestFrames.feed(format, previews(format, full)));
        assertFalse(Files.exists(folder.resolve("poster.jpg")));
        assertFalse(Files.exists(folder.resolve("contact-sheet.jpg")));
    }

    @Test
    void namesAFileThatCannotBeWritten() {
        VideoFormat format = new VideoFormat(64, 48, 1, 24);
        Path poster = folder.resolve("nowhere").resolve("poster.jpg");
        PreviewImages previews = new PreviewImages(format, poster, folder.resolve("sheet.jpg"), next);
        String message = String.valueOf(assertThrows(IOException.class, () -> TestFrames.feed(format, previews))
                .getMessage());
        assertTrue(message.startsWith(poster + ": cannot write"), message);
    }

    @Test
    void drawsTheTimeWithoutAnyFont() {
        BufferedImage image = new BufferedImage(120, 30, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        new TimeLabel.InDots().draw(graphics, "0:01.25", 60, 15);
        graphics.dispose();
        int left = 120;
        int right = 0;
        for (int x = 0; x < 120; x++) {
            for (int y = 0; y < 30; y++) {
                if ((image.getRGB(x, y) & 0xffffff) != 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                }
            }
        }
        // seven characters of five dots with a dot between them, two pixels a dot, in the middle
        assertEquals(60 - 41, left, 2);
        assertEquals(60 + 40, right, 2);
    }
}
