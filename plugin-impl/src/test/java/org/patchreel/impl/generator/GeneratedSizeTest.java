package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;

class GeneratedSizeTest {

    private static final ModelCapabilities STARTER =
            FakeModel.starter().capabilities().orElseThrow();
    private static final ModelCapabilities WAN = wan(16, new VideoFormat(832, 480, 81, 16));
    private static final ModelCapabilities WAN_22 = wan(32, new VideoFormat(1280, 704, 121, 24));

    private static ModelCapabilities wan(int stride, VideoFormat nativeFormat) {
        return FakeModel.describe("wan", stride, nativeFormat, ImageConditioning.NONE)
                .capabilities()
                .orElseThrow();
    }

    @Test
    void isTheNativeSizeForTheNativeShape() {
        assertEquals(new FrameSize(96, 96), GeneratedSize.nearest(new FrameSize(1024, 1024), STARTER));
        assertEquals(new FrameSize(96, 96), GeneratedSize.nearest(new FrameSize(32, 32), STARTER));
        assertEquals(new FrameSize(832, 480), GeneratedSize.nearest(new FrameSize(416, 240), WAN));
    }

    @Test
    void keepsTheOutputsShapeWithinTheNativeNumberOfPixels() {
        assertEquals(new FrameSize(768, 432), GeneratedSize.nearest(new FrameSize(1280, 720), WAN));
        assertEquals(new FrameSize(480, 832), GeneratedSize.nearest(new FrameSize(480, 832), WAN));
        assertEquals(new FrameSize(624, 624), GeneratedSize.nearest(new FrameSize(512, 512), WAN));
    }

    @Test
    void staysOnTheModelsGrid() {
        FrameSize size = GeneratedSize.nearest(new FrameSize(1024, 768), WAN_22);
        assertEquals(0, size.width() % 32);
        assertEquals(0, size.height() % 32);
        assertEquals(new FrameSize(1024, 768), size);
    }

    @Test
    void prefersTheNumberOfPixelsToTheLastBitOfTheShape() {
        // 64x48 has the shape, but a third of the pixels.
        assertEquals(new FrameSize(112, 80), GeneratedSize.nearest(new FrameSize(640, 480), STARTER));
    }

    @Test
    void hasThreeQuartersToOneHundredAndTwoPercentOfTheNativePixelsOnTheGrid() {
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            FrameSize output = new FrameSize(16 * (1 + random.nextInt(512)), 16 * (1 + random.nextInt(512)));
            FrameSize size = GeneratedSize.nearest(output, WAN);
            double share = size.width() * size.height() / (832.0 * 480);
            assertTrue(share >= 0.75 && share <= 1.02, output + " -> " + size);
            assertTrue(size.width() % 16 == 0 && size.height() % 16 == 0, output + " -> " + size);
        }
    }

    @Test
    void findsASizeForTheMostExtremeShapes() {
        assertEquals(new FrameSize(576, 16), GeneratedSize.nearest(new FrameSize(8192, 16), STARTER));
        assertEquals(new FrameSize(16, 576), GeneratedSize.nearest(new FrameSize(16, 8192), STARTER));
    }
}
