package org.patchreel.impl.watermark;

import java.util.Arrays;

/**
 * Means over a square around each pixel; beyond the edges the picture is mirrored. Used by one thread.
 *
 * <p>Rows are copied out of the pictures before they are added: the compiler makes vector code only of loops whose arrays
 * all have the same index.
 */
final class BoxFilter {
    private final int width;
    private final int height;
    private final int radius;
    private final float[] sums;
    private final float[] entering;
    private final float[] leaving;
    private final float[] means;
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
        entering = new float[width];
        leaving = new float[width];
        means = new float[width];
        padded = new float[width + 16];
        pairs = new float[width + 16];
        quads = new float[width + 16];
        octets = new float[width + 16];
    }

    /** Writes the means of a picture, which may not be the target itself. */
    void apply(float[] from, float[] to) {
        Arrays.fill(sums, 0);
        for (int dy = -radius; dy <= radius; dy++) {
            accumulate(from, mirror(dy, height) * width, sums);
        }
        float scale = 1f / ((2 * radius + 1) * (2 * radius + 1));
        for (int y = 0; y < height; y++) {
            rowMeans(scale);
            System.arraycopy(means, 0, to, y * width, width);
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

    private void accumulate(float[] from, int at, float[] to) {
        float[] e = entering;
        System.arraycopy(from, at, e, 0, width);
        for (int x = 0; x < width; x++) {
            to[x] += e[x];
        }
    }

    private void slide(float[] from, int enteringRow, int leavingRow) {
        float[] s = sums;
        float[] e = entering;
        float[] l = leaving;
        System.arraycopy(from, enteringRow, e, 0, width);
        System.arraycopy(from, leavingRow, l, 0, width);
        for (int x = 0; x < width; x++) {
            s[x] += e[x] - l[x];
        }
    }

    /** Sums of 2, 4 and 8 neighbours make those of any odd number up to 15, without a loop that waits for itself. */
    private void rowMeans(float scale) {
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
        float[] m = means;
        System.arraycopy(p, side - 1, m, 0, width);
        int at = 0;
        if ((side & 8) != 0) {
            accumulate(octets, at, m);
            at += 8;
        }
        if ((side & 4) != 0) {
            accumulate(quads, at, m);
            at += 4;
        }
        if ((side & 2) != 0) {
            accumulate(pairs, at, m);
        }
        for (int x = 0; x < width; x++) {
            m[x] *= scale;
        }
    }
}
