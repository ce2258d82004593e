package org.patchreel.impl.watermark;

import java.nio.ByteBuffer;
import java.util.Random;
import org.patchreel.spi.VideoFrame;

/** Frames like those of a camera that moves over a scene with smooth and textured parts. */
final class TexturedFrames {
    private TexturedFrames() {}

    static VideoFrame frame(int width, int height, int time) {
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int u = x + 2 * time;
                double smooth = 110 + 50 * Math.sin(u / 90.0) + 30 * Math.cos(y / 70.0);
                double texture = 0;
                for (int scale = 2; scale <= 16; scale *= 2) {
                    texture += scale * 0.8 * noise(u / scale, y / scale, scale);
                }
                double share = 0.5 + 0.5 * Math.sin((u + y) / 120.0);
                for (int c = 0; c < 3; c++) {
                    double value = smooth + share * texture + 10 * c;
                    pixels[3 * (y * width + x) + c] = (byte) Math.max(0, Math.min(255, value));
                }
            }
        }
        return new VideoFrame(width, height, ByteBuffer.wrap(pixels));
    }

    private static double noise(int x, int y, int seed) {
        int h = x * 374761393 + y * 668265263 + seed * 974634777;
        h = (h ^ (h >>> 13)) * 1274126177;
        return ((h ^ (h >>> 16)) & 0xffff) / 32768.0 - 1;
    }

    /** A flat frame of one grey with a little noise, like a clear sky. */
    static VideoFrame sky(int width, int height, int time) {
        Random random = new Random(time);
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i += 3) {
            byte value = (byte) (150 + random.nextInt(2));
            pixels[i] = value;
            pixels[i + 1] = value;
            pixels[i + 2] = value;
        }
        return new VideoFrame(width, height, ByteBuffer.wrap(pixels));
    }
}
