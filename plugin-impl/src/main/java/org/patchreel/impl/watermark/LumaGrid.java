package org.patchreel.impl.watermark;

import java.util.Arrays;
import org.patchreel.api.FrameSize;

/**
 * Between a frame's pixels and the working grid: averages the luma down, interpolates the mark up and adds it. Tables are
 * computed once for a size. Used by one thread.
 */
final class LumaGrid {
    private static final int BLUE_WEIGHT = 18; // BT.709, in 1/256
    private static final int RED_WEIGHT = 54;
    private static final int GREEN_WEIGHT = 256 - RED_WEIGHT - BLUE_WEIGHT;

    /** Binary places of the mark while it is interpolated across, and of the weights. */
    private static final int MARK_BITS = 12;

    private static final int WEIGHT_BITS = 8;
    private static final int HALF = 1 << (MARK_BITS + WEIGHT_BITS - 1);

    private final int width;
    private final int height;
    private final int gridWidth;
    private final int gridHeight;

    /** First byte of the first sample of each grid column; one more for the end. */
    private final int[] columnStarts;

    private final int[] sums;
    private final Lines across;
    private final Lines down;
    private final int[] line;

    /** Where a line's pixels lie between those of a shorter line. */
    private static final class Lines {
        final int[] index;
        final float[] fraction;

        /** The fraction in 1/256. */
        final int[] weight;

        private Lines(int[] index, float[] fraction) {
            this.index = index;
            this.fraction = fraction;
            weight = new int[fraction.length];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = Math.round(fraction[i] * (1 << WEIGHT_BITS));
            }
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
        line = new int[gridWidth + 1];
    }

    /**
     * Averages a frame's luma. Where a pixel of the grid has four pixels of the frame or more, every second row and column
     * of them, by turns, tell enough.
     *
     * @param rgb the frame
     * @param luma takes the working grid's pixels, 0 to 255
     */
    void shrink(byte[] rgb, float[] luma) {
        int rowBytes = 3 * width;
        int columnStep = width >= 2 * gridWidth ? 2 : 1;
        int rowStep = height >= 2 * gridHeight ? 2 : 1;
        int[] s = sums;
        for (int gy = 0; gy < gridHeight; gy++) {
            int first = (int) ((long) gy * height / gridHeight);
            int last = (int) ((long) (gy + 1) * height / gridHeight);
            Arrays.fill(s, 0);
            int[] rows = new int[2]; // that begin with the first and with the second column
            for (int y = first; y < last; y += rowStep) {
                int shift = columnStep == 2 ? y / rowStep & 1 : 0;
                rows[shift]++;
                sumRow(rgb, y * rowBytes, 3 * shift, 3 * columnStep);
            }
            for (int gx = 0; gx < gridWidth; gx++) {
                int columns = (columnStarts[gx + 1] - columnStarts[gx]) / 3;
                int samples = rows[0] * ((columns + columnStep - 1) / columnStep) + rows[1] * (columns / columnStep);
                luma[gy * gridWidth + gx] = s[gx] / (256f * samples);
            }
        }
    }

    /** {@return the mean square of a mark when it is added, as a share of its mean square on the grid} */
    double shareOfPower(float[] mark) {
        double squares = 0;
        double interpolated = 0;
        for (float value : mark) {
            squares += value * value;
        }
        for (int y = 0; y < height; y++) {
            interpolateDown(mark, y);
            for (int x = 0; x < width; x++) {
                double left = line[across.index[x]];
                double value = (left + across.fraction[x] * (line[across.index[x] + 1] - left)) / (1 << MARK_BITS);
                interpolated += value * value;
            }
        }
        return interpolated / width / height / (squares / mark.length);
    }

    private void sumRow(byte[] rgb, int row, int shift, int step) {
        int[] s = sums;
        for (int gx = 0; gx < s.length; gx++) {
            int end = row + columnStarts[gx + 1];
            int sum = 0;
            for (int i = row + columnStarts[gx] + shift; i < end; i += step) {
                sum += RED_WEIGHT * (rgb[i] & 0xff)
                        + GREEN_WEIGHT * (rgb[i + 1] & 0xff)
                        + BLUE_WEIGHT * (rgb[i + 2] & 0xff);
            }
            s[gx] += sum;
        }
    }

    /**
     * Adds the mark to a frame, the same to red, green and blue, which changes the luma by that much and no colour.
     *
     * @param rgb the frame, changed in place
     * @param mark of the working grid, in luma steps, within ±127
     */
    void add(byte[] rgb, float[] mark) {
        for (int y = 0; y < height; y++) {
            interpolateDown(mark, y);
            addRow(rgb, y * 3 * width);
        }
    }

    private void interpolateDown(float[] mark, int y) {
        int upper = down.index[y] * gridWidth;
        int lower = gridHeight == 1 ? upper : upper + gridWidth;
        float fraction = down.fraction[y];
        int[] l = line;
        for (int x = 0; x < gridWidth; x++) {
            float a = mark[upper + x];
            l[x] = (int) ((a + fraction * (mark[lower + x] - a)) * (1 << MARK_BITS));
        }
        l[gridWidth] = l[gridWidth - 1];
    }

    private void addRow(byte[] rgb, int row) {
        int[] l = line;
        int[] index = across.index;
        int[] weights = across.weight;
        int at = row;
        for (int x = 0; x < width; x++, at += 3) {
            int left = l[index[x]];
            int right = l[index[x] + 1];
            int delta = ((left << WEIGHT_BITS) + weights[x] * (right - left) + HALF) >> (MARK_BITS + WEIGHT_BITS);
            // no test for zero: it is right too seldom, and guessed wrong it costs more than it spares
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
        }
    }
}
