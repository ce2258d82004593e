package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.spi.VideoFrame;

class StillImageTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path still() {
        return folder.resolve("still.png");
    }

    private Path poster() {
        return folder.resolve("poster.jpg");
    }

    private static VideoFrame noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(1).nextBytes(rgb);
        return new VideoFrame(width, height, ByteBuffer.wrap(rgb));
    }

    private void write(VideoFrame frame) throws IOException {
        try (StillImage sink = new StillImage(still(), poster())) {
            sink.accept(frame);
        }
    }

    @Test
    void losesNothingOfTheFrame() throws IOException {
        VideoFrame frame = noise(50, 34);
        write(frame);
        BufferedImage image = ImageIO.read(still().toFile());
        assertEquals(50, image.getWidth());
        assertEquals(34, image.getHeight());
        for (int i = 0; i < 50 * 34; i++) {
            int rgb = (frame.rgb().get(3 * i) & 0xff) << 16
                    | (frame.rgb().get(3 * i + 1) & 0xff) << 8
                    | (frame.rgb().get(3 * i + 2) & 0xff);
            assertEquals(rgb, image.getRGB(i % 50, i / 50) & 0xffffff, "pixel " + i);
        }
        assertEquals(50, ImageIO.read(poster().toFile()).getWidth());
        byte[] first = Files.readAllBytes(still());
        write(frame);
        assertArrayEquals(first, Files.readAllBytes(still()), "the same frame gives the same bytes");
    }

    /** A manifest, which holds the poster, has room for a megabyte. */
    @Test
    void thePosterOfALargeFrameIsSmall() throws IOException {
        write(noise(1920, 1080));
        BufferedImage poster = ImageIO.read(poster().toFile());
        assertEquals(768, poster.getWidth());
        assertEquals(432, poster.getHeight());
        assertTrue(Files.size(poster()) < 1 << 20);
        assertEquals(1920, ImageIO.read(still().toFile()).getWidth());
    }

    @Test
    void takesOneFrameAndWritesNothingWithoutOne() throws IOException {
        new StillImage(still(), poster()).close();
        assertFalse(Files.exists(still()) || Files.exists(poster()));
        try (StillImage sink = new StillImage(still(), poster())) {
            sink.accept(noise(16, 16));
            assertThrows(IllegalStateException.class, () -> sink.accept(noise(16, 16)));
        }
    }

    @Test
    void namesTheFileThatCannotBeWritten() {
        StillImage sink = new StillImage(folder.resolve("missing").resolve("still.png"), poster());
        sink.accept(noise(16, 16));
        FileSystemException failure = assertThrows(FileSystemException.class, sink::close);
        assertTrue(String.valueOf(failure.getMessage()).contains("missing"));
    }
}
