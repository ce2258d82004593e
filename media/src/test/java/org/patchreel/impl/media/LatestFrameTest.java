package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LatestFrameTest {

    private final AtomicLong now = new AtomicLong();
    private final TestFrames.Collector next = new TestFrames.Collector();
    private final LatestFrame latest = new LatestFrame(next, now::get);

    private BufferedImage picture() throws Exception {
        return ImageIO.read(new ByteArrayInputStream(latest.jpeg().orElseThrow()));
    }

    @Test
    void showsAFrameThatHasJustPassed() throws Exception {
        assertEquals(Optional.empty(), latest.jpeg());
        latest.accept(TestFrames.solid(1280, 704, 0x804020));
        assertEquals(320, picture().getWidth());
        assertEquals(176, picture().getHeight());
        assertTrue(TestFrames.distance(0x804020, picture().getRGB(100, 100) & 0xffffff) <= 2);
        latest.accept(TestFrames.solid(1280, 704, 0x204080));
        assertTrue(
                TestFrames.distance(0x804020, picture().getRGB(100, 100) & 0xffffff) <= 2, "half a second is not over");
        now.set(500_000_000);
        latest.accept(TestFrames.solid(1280, 704, 0x204080));
        assertTrue(TestFrames.distance(0x204080, picture().getRGB(100, 100) & 0xffffff) <= 2);
        latest.close();
        assertEquals(3, next.frames.size());
        assertEquals(1, next.closed);
    }

    @Test
    void leavesSmallFramesAsTheyAre() throws Exception {
        latest.accept(TestFrames.solid(96, 64, 0x804020));
        assertEquals(96, picture().getWidth());
    }
}
