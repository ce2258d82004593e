package org.patchreel.impl.watermark;

import org.patchreel.api.FrameSize;

/**
 * Between a frame's pixels and the working grid: averages the luma down, interpolates the mark up and adds it. Tables are
 * computed once for a size. Used by one thread.
 */
final class LumaGrid {
    private static final int BLUE_WEIGHT = 18; // BT.709, in 1/256
    private static final int RED_WEIGHT = 54;
    private static final int GREEN_WEIGHT = 256 - RED_WEIGHT - BLUE_WEIGHT;
    private static final int BIAS = 128; // makes truncation round for all values of a mark

    private final int width;
    private final int height;
    private final int gridWidth;
    private final int gridHeight;

    /** First byte of the first sample of each grid column; one more for the end. */
    private final int[] columnStarts;

    private final int[] sums;
    private final Lines across;
    private final Lines down;
    private final float[] line;
    private final byte[] deltas;

    /** Where a line's pixels lie between those of a shorter line. */
    private static final class Lines {
        final int[] index;
        final float[] fraction;

        private Lines(int[] index, float[] fraction) {
            this.index = index;
            this.fraction = fraction;
        }

        static Lines of(int from, int to) {
            int[] index = new int[to];
            float[] fraction = new float[to];
            for (int i = 0; i < to; i++) {
                double at = Math.max(0, Math.min(from - 1.0, (i + 0.5) * from / to - 0.5));
                index[i] = Math.min((int) at, Math.max(0, from - 2));
                fraction[i] = (float) (at - index[i]);
            }
            return new Lines(index, fraction);
        }
    }

    LumaGrid(FrameSize frame, FrameSize grid) {
        width = frame.width();
        height = frame.height();
        gridWidth = grid.width();
        gridHeight = grid.height();
        columnStarts = new int[gridWidth + 1];
        for (int x = 0; x <= gridWidth; x++) {
            columnStarts[x] = 3 * (int) ((long) x * width / gridWidth);
        }
        sums = new int[gridWidth];
        across = Lines.of(gridWidth, width);
        down = Lines.of(gridHeight, height);
        line = new float[gridWidth + 1];
        deltas = new byte[width];
    }

    /**
     * Averages a frame's luma.
     *
     * @param rgb the frame
     * @param luma takes the working grid's pixels, 0 to 255
     */
    void shrink(byte[] rgb, float[] luma) {
        int rowBytes = 3 * width;
        // every second sample tells enough of a mean of four or more
        int columnStep = width >= 2 * gridWidth ? 2 : 1;
        int step = 3 * columnStep;
        for (int gy = 0; gy < gridHeight; gy++) {
            int first = (int) ((long) gy * height / gridHeight);
            int last = (int) ((long) (gy + 1) * height / gridHeight);
            int[] s = sums;
            java.util.Arrays.fill(s, 0);
            for (int y = first; y < last; y++) {
                int row = y * rowBytes + (columnStep == 2 ? 3 * (y & 1) : 0);
                for (int gx = 0; gx < s.length; gx++) {
                    int end = y * rowBytes + columnStarts[gx + 1];
                    int sum = 0;
                    for (int i = row + columnStarts[gx]; i < end; i += step) {
                        sum += RED_WEIGHT * (rgb[i] & 0xff)
                                + GREEN_WEIGHT * (rgb[i + 1] & 0xff)
                                + BLUE_WEIGHT * (rgb[i + 2] & 0xff);
                    }
                    s[gx] += sum;
                }
            }
            average(first, last, columnStep);
            for (int gx = 0; gx < gridWidth; gx++) {
                luma[gy * gridWidth + gx] = line[gx];
            }
        }
    }

    private void average(int first, int last, int columnStep) {
        for (int gx = 0; gx < gridWidth; gx++) {
            int columns = (columnStarts[gx + 1] - columnStarts[gx]) / 3;
            int even = (columns + columnStep - 1) / columnStep;
            int odd = columnStep == 1 ? even : columns / columnStep;
            int evenRows = (last + 1) / 2 - (first + 1) / 2;
            int samples = even * evenRows + odd * (last - first - evenRows);
            line[gx] = sums[gx] / (256f * samples);
        }
    }

    /**
     * Adds the mark to a frame, the same to red, green and blue, which changes the luma by that much and no colour.
     *
     * @param rgb the frame, changed in place
     * @param mark of the working grid, in luma steps, within ±127
     * @return the sum of the squares of the luma's changes
     */
    long add(byte[] rgb, float[] mark) {
        long squares = 0;
        for (int y = 0; y < height; y++) {
            interpolate(mark, y);
            squares += addRow(rgb, y * 3 * width);
        }
        return squares;
    }

    private void interpolate(float[] mark, int y) {
        int upper = down.index[y] * gridWidth;
        int lower = gridHeight == 1 ? upper : upper + gridWidth;
        float fraction = down.fraction[y];
        float[] l = line;
        for (int x = 0; x < gridWidth; x++) {
            float a = mark[upper + x];
            l[x] = a + fraction * (mark[lower + x] - a);
        }
        l[gridWidth] = l[gridWidth - 1];
        if (gridWidth == width) {
            for (int x = 0; x < width; x++) {
                deltas[x] = (byte) ((int) (l[x] + (BIAS + 0.5f)) - BIAS);
            }
            return;
        }
        int[] index = across.index;
        float[] weight = across.fraction;
        for (int x = 0; x < width; x++) {
            float a = l[index[x]];
            float b = l[index[x] + 1];
            deltas[x] = (byte) ((int) (a + weight[x] * (b - a) + (BIAS + 0.5f)) - BIAS);
        }
    }

    private int addRow(byte[] rgb, int row) {
        int squares = 0;
        int at = row;
        for (int x = 0; x < width; x++, at += 3) {
            int delta = deltas[x];
            if (delta != 0) {
                int red = (rgb[at] & 0xff) + delta;
                int green = (rgb[at + 1] & 0xff) + delta;
                int blue = (rgb[at + 2] & 0xff) + delta;
                if (((red | green | blue) & ~0xff) != 0) {
                    red = Math.max(0, Math.min(255, red));
                    green = Math.max(0, Math.min(255, green));
                    blue = Math.max(0, Math.min(255, blue));
                }
                rgb[at] = (byte) red;
                rgb[at + 1] = (byte) green;
                rgb[at + 2] = (byte) blue;
                squares += delta * delta;
            }
        }
        return squares;
    }
}
