package org.patchreel.impl.watermark;

import java.util.Arrays;

/** Means over a square around each pixel; beyond the edges the picture is mirrored. Used by one thread. */
final class BoxFilter {
    private final int width;
    private final int height;
    private final int radius;
    private final float[] sums;
    private final float[] padded;
    private final float[] pairs;
    private final float[] quads;
    private final float[] octets;

    /**
     * Prepares the filter.
     *
     * @param width of the pictures, pixels
     * @param height of the pictures, pixels
     * @param side of the square, odd, 3 to 15
     */
    BoxFilter(int width, int height, int side) {
        if (side < 3 || side > 15 || side % 2 == 0) {
            throw new IllegalArgumentException("the side must be odd and 3 to 15: " + side);
        }
        this.width = width;
        this.height = height;
        this.radius = side / 2;
        sums = new float[width];
        padded = new float[width + 16];
        pairs = new float[width + 16];
        quads = new float[width + 16];
        octets = new float[width + 16];
    }

    /** Writes the means of a picture, which may not be the target itself. */
    void apply(float[] from, float[] to) {
        Arrays.fill(sums, 0);
        for (int dy = -radius; dy <= radius; dy++) {
            add(from, mirror(dy, height) * width, sums);
        }
        float scale = 1f / ((2 * radius + 1) * (2 * radius + 1));
        for (int y = 0; y < height; y++) {
            rowMeans(to, y * width, scale);
            if (y + 1 < height) {
                slide(from, mirror(y + radius + 1, height) * width, mirror(y - radius, height) * width);
            }
        }
    }

    static int mirror(int at, int size) {
        int period = 2 * size;
        int folded = Math.floorMod(at, period);
        return folded < size ? folded : period - 1 - folded;
    }

    private static void add(float[] from, int row, float[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += from[row + x];
        }
    }

    private void slide(float[] from, int entering, int leaving) {
        float[] s = sums;
        for (int x = 0; x < s.length; x++) {
            s[x] += from[entering + x] - from[leaving + x];
        }
    }

    /** Sums of 2, 4 and 8 neighbours make those of any odd number up to 15, without a loop that waits for itself. */
    private void rowMeans(float[] to, int row, float scale) {
        int side = 2 * radius + 1;
        float[] p = padded;
        System.arraycopy(sums, 0, p, radius, width);
        for (int i = 0; i < radius; i++) {
            p[radius - 1 - i] = sums[mirror(-1 - i, width)];
            p[radius + width + i] = sums[mirror(width + i, width)];
        }
        int n = width + 2 * radius;
        float[] p2 = pairs;
        for (int x = 0; x < n - 1; x++) {
            p2[x] = p[x] + p[x + 1];
        }
        if ((side & 4) != 0 || (side & 8) != 0) {
            float[] p4 = quads;
            for (int x = 0; x < n - 3; x++) {
                p4[x] = p2[x] + p2[x + 2];
            }
            if ((side & 8) != 0) {
                float[] p8 = octets;
                for (int x = 0; x < n - 7; x++) {
                    p8[x] = p4[x] + p4[x + 4];
                }
            }
        }
        for (int x = 0; x < width; x++) {
            to[row + x] = p[x + side - 1];
        }
        int at = 0;
        if ((side & 8) != 0) {
            accumulate(octets, at, to, row);
            at += 8;
        }
        if ((side & 4) != 0) {
            accumulate(quads, at, to, row);
            at += 4;
        }
        if ((side & 2) != 0) {
            accumulate(pairs, at, to, row);
        }
        for (int x = 0; x < width; x++) {
            to[row + x] *= scale;
        }
    }

    private void accumulate(float[] from, int at, float[] to, int row) {
        for (int x = 0; x < width; x++) {
            to[row + x] += from[at + x];
        }
    }
}
