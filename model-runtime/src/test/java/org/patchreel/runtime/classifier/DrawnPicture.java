package org.patchreel.runtime.classifier;

import java.nio.ByteBuffer;
import org.patchreel.spi.VideoFrame;

/** Draws the pictures of {@code model-training/frames/golden.mjs}, in whole numbers. */
final class DrawnPicture {

    static final int SIDE = 224;

    private int random = 1;

    private DrawnPicture() {}

    static VideoFrame of(String name) {
        return new DrawnPicture().draw(name);
    }

    private VideoFrame draw(String name) {
        ByteBuffer rgb = ByteBuffer.allocate(3 * SIDE * SIDE);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                for (int value : pixel(name, x, y)) {
                    rgb.put((byte) value);
                }
            }
        }
        return new VideoFrame(SIDE, SIDE, rgb.flip());
    }

    private int[] pixel(String name, int x, int y) {
        return switch (name) {
            case "black" -> new int[] {0, 0, 0};
            case "gradient" -> new int[] {x, y, (x + y) >> 1};
            case "checker" -> grey(((x >> 4) + (y >> 4)) % 2 == 1 ? 230 : 25);
            case "disc" ->
                square(x - 112) + square(y - 112) < square(70) ? new int[] {200, 40, 40} : new int[] {90, 150, 220};
            case "ellipse" -> {
                int shade = Math.abs(x - 112) >> 1;
                yield 4 * square(x - 112) + square(y - 112) < square(100)
                        ? new int[] {224 - shade, 172 - shade, 140 - shade}
                        : new int[] {120, 120, 125};
            }
            case "stripes" -> (x + 2 * y) % 32 < 16 ? new int[] {240, 200, 30} : grey(20);
            case "noise" -> new int[] {next(), next(), next()};
            default -> throw new IllegalArgumentException("no such picture: " + name);
        };
    }

    private static int[] grey(int value) {
        return new int[] {value, value, value};
    }

    private static int square(int n) {
        return n * n;
    }

    private int next() {
        random = random * 1_664_525 + 1_013_904_223;
        return random >>> 24;
    }
}
