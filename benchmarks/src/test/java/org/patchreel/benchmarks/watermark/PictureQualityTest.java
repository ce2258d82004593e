package org.patchreel.benchmarks.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.VideoFrame;

class PictureQualityTest {
    private static byte[] noise(int seed) {
        byte[] picture = new byte[32 * 24];
        new Random(seed).nextBytes(picture);
        return picture;
    }

    @Test
    void equalPicturesAreEqual() {
        PictureQuality quality = new PictureQuality();
        quality.add(noise(1), noise(1), 32);
        assertEquals(100, quality.psnr());
        assertEquals(1, quality.ssim(), 1e-6);
    }

    @Test
    void aStepEverywhereIs48Decibels() {
        byte[] before = new byte[32 * 24];
        byte[] after = new byte[32 * 24];
        java.util.Arrays.fill(before, (byte) 128);
        java.util.Arrays.fill(after, (byte) 129);
        PictureQuality quality = new PictureQuality();
        quality.add(before, after, 32);
        assertEquals(48.13, quality.psnr(), 0.01); // 20 log10 255
        assertEquals(48.13, quality.worstPsnr(), 0.01);
    }

    @Test
    void unrelatedPicturesHaveNoSimilarity() {
        assertTrue(Math.abs(StructuralSimilarity.of(noise(1), noise(2), 32)) < 0.1);
    }

    @Test
    void lumaIsOfBt709InLimitedRange() {
        ByteBuffer rgb = ByteBuffer.wrap(new byte[] {-1, -1, -1, 0, 0, 0, -1, 0, 0});
        byte[] luma = PictureQuality.luma(new VideoFrame(3, 1, rgb));
        assertEquals(235, luma[0] & 255);
        assertEquals(16, luma[1] & 255);
        assertEquals(63, luma[2] & 255); // ITU-R BT.709-6, 3.5: 219 x 0.2126 + 16
    }
}
