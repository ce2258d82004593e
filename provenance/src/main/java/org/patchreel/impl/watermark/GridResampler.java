package org.patchreel.impl.watermark;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.patchreel.api.FrameSize;

/**
 * Between a frame's pixels and the working grid: averages the luma down, interpolates the mark up and adds it. Tables are
 * computed once for a size. Used by one thread.
 *
 * <p>Most of what marking costs is spent here. Loops over rows of their own, in which all arrays have the same index and
 * nothing is converted or decided, become vector code.
 */
final class GridResampler {
    private static final int BLUE_WEIGHT = 18; // BT.709, in 1/256
    private static final int RED_WEIGHT = 54;
    private static final int GREEN_WEIGHT = 256 - RED_WEIGHT - BLUE_WEIGHT;

    /** Binary places of the mark while it is interpolated across, and of the weights. */
    private static final int MARK_BITS = 12;

    private static final int WEIGHT_BITS = 8;
    private static final int POINT = MARK_BITS + WEIGHT_BITS;
    private static final int HALF = 1 << (POINT - 1);

    /** Stores four bytes at once. */
    private static final VarHandle FOUR_BYTES =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int width;
    private final int height;
    private final int gridWidth;
    private final int gridHeight;
    private final int columnStep;
    private final int rowStep;

    /** How many samples of a row come before each grid column and before the end; of rows from the second column on, too. */
    private final int[][] ends;

    /** Sums of the luma of all samples of a row up to each one; they may overflow, their differences do not. */
    private final int[][] sums;

    private final Lines across;
    private final Lines down;

    /** A row of the grid in 2^-12 steps; one more for the end. */
    private final int[] steps;

    /** Two rows of the grid interpolated across, in 2^-12 steps. */
    private final int[] upperLine;

    private final int[] lowerLine;

    /** A line of the frame between them, in 2^-20 steps. */
    private final int[] line;

    /** A line of the mark in whole steps for each byte of the frame; one more, see where it is written. */
    private final byte[] deltas;

    /** A line of the frame. */
    private final byte[] pixels;

    /** Which bytes of it went beyond 255 and below 0, in the highest bit. */
    private final byte[] over;

    private final byte[] under;

    /** Where a line's pixels lie between those of a shorter line. */
    private static final class Lines {
        final int[] index;

        /** How far from the one to the next, in 1/256. */
        final int[] weight;

        Lines(int from, int to) {
            index = new int[to];
            weight = new int[to];
            for (int i = 0; i < to; i++) {
                double at = Math.max(0, Math.min(from - 1.0, (i + 0.5) * from / to - 0.5));
                index[i] = Math.min((int) at, Math.max(0, from - 2));
                weight[i] = (int) Math.round((at - index[i]) * (1 << WEIGHT_BITS));
            }
        }
    }

    GridResampler(FrameSize frame, FrameSize grid) {
        width = frame.width();
        height = frame.height();
        gridWidth = grid.width();
        gridHeight = grid.height();
        columnStep = width >= 2 * gridWidth ? 2 : 1;
        rowStep = height >= 2 * gridHeight ? 2 : 1;
        ends = new int[2][gridWidth + 1];
        sums = new int[2][];
        for (int shift = 0; shift < 2; shift++) {
            for (int x = 0; x <= gridWidth; x++) {
                int columns = (int) ((long) x * width / gridWidth);
                ends[shift][x] = (columns + (1 - shift) * (columnStep - 1)) / columnStep;
            }
            sums[shift] = new int[ends[shift][gridWidth] + 1];
        }
        across = new Lines(gridWidth, width);
        down = new Lines(gridHeight, height);
        steps = new int[gridWidth + 1];
        upperLine = new int[width];
        lowerLine = new int[width];
        line = new int[width];
        deltas = new byte[3 * width + 1];
        pixels = new byte[3 * width];
        over = new byte[3 * width];
        under = new byte[3 * width];
    }

    /**
     * Averages a frame's luma. Where a pixel of the grid has four pixels of the frame or more, every second row and column
     * of them, by turns, tell enough.
     *
     * @param rgb the frame
     * @param luma takes the working grid's pixels, 0 to 255
     */
    void shrink(byte[] rgb, float[] luma) {
        for (int gy = 0; gy < gridHeight; gy++) {
            int first = (int) ((long) gy * height / gridHeight);
            int last = (int) ((long) (gy + 1) * height / gridHeight);
            int[] rows = new int[2]; // that begin with the first and with the second column
            for (int[] of : sums) {
                Arrays.fill(of, 0);
            }
            for (int y = first; y < last; y += rowStep) {
                int shift = y / rowStep % columnStep;
                rows[shift]++;
                addSums(rgb, 3 * (y * width + shift), 3 * columnStep, sums[shift]);
            }
            means(rows, luma, gy * gridWidth);
        }
    }

    /** Adds to each element the luma of all samples of a row up to it. */
    private static void addSums(byte[] rgb, int row, int step, int[] sums) {
        int sum = 0;
        for (int i = 1, at = row; i < sums.length; i++, at += step) {
            sum += RED_WEIGHT * (rgb[at] & 0xff)
                    + GREEN_WEIGHT * (rgb[at + 1] & 0xff)
                    + BLUE_WEIGHT * (rgb[at + 2] & 0xff);
            sums[i] += sum;
        }
    }

    private void means(int[] rows, float[] luma, int row) {
        int[] sums0 = sums[0];
        int[] sums1 = sums[1];
        int[] ends0 = ends[0];
        int[] ends1 = ends[1];
        for (int gx = 0; gx < gridWidth; gx++) {
            int samples = rows[0] * (ends0[gx + 1] - ends0[gx]) + rows[1] * (ends1[gx + 1] - ends1[gx]);
            int sum = sums0[ends0[gx + 1]] - sums0[ends0[gx]] + sums1[ends1[gx + 1]] - sums1[ends1[gx]];
            luma[row + gx] = sum / (256f * samples);
        }
    }

    /** {@return the mean square of a mark when it is added, as a share of its mean square on the grid} */
    double shareOfPower(float[] mark) {
        double squares = 0;
        for (float value : mark) {
            squares += value * value;
        }
        double[] interpolated = new double[1];
        interpolate(mark, 1, y -> {
            for (int value : line) {
                double delta = (double) value / (1 << POINT);
                interpolated[0] += delta * delta;
            }
        });
        return interpolated[0] / width / height / (squares / mark.length);
    }

    /**
     * Adds the mark to a frame, the same to red, green and blue, which changes the luma by that much and no colour.
     *
     * @param rgb the frame, changed in place
     * @param mark of the working grid
     * @param strength what the mark is multiplied with; the product is in luma steps, within ±127
     */
    void add(byte[] rgb, float[] mark, float strength) {
        interpolate(mark, strength, y -> addLine(rgb, 3 * y * width));
    }

    /** Interpolates a mark: line by line, each of which the next one overwrites. */
    private void interpolate(float[] mark, float strength, IntConsumer ofLine) {
        int[] upper = upperLine;
        int[] lower = lowerLine;
        int below = -1; // the row of the grid that the lower line comes from
        for (int y = 0; y < height; y++) {
            while (below <= down.index[y]) {
                int[] swap = upper;
                upper = lower;
                lower = swap;
                below++;
                interpolateAcross(mark, Math.min(below, gridHeight - 1) * gridWidth, strength, lower);
            }
            interpolateDown(upper, lower, down.weight[y]);
            ofLine.accept(y);
        }
    }

    private void interpolateAcross(float[] mark, int row, float strength, int[] to) {
        int[] s = steps;
        for (int x = 0; x < gridWidth; x++) {
            s[x] = (int) (strength * mark[row + x] * (1 << MARK_BITS));
        }
        s[gridWidth] = s[gridWidth - 1];
        int[] index = across.index;
        int[] weight = across.weight;
        for (int x = 0; x < width; x++) {
            int left = s[index[x]];
            to[x] = left + ((weight[x] * (s[index[x] + 1] - left)) >> WEIGHT_BITS);
        }
    }

    private void interpolateDown(int[] upper, int[] lower, int weight) {
        int[] l = line;
        for (int x = 0; x < width; x++) {
            l[x] = (upper[x] << WEIGHT_BITS) + weight * (lower[x] - upper[x]);
        }
    }

    private void addLine(byte[] rgb, int row) {
        int[] l = line;
        for (int x = 0; x < width; x++) {
            l[x] = (((l[x] + HALF) >> POINT) & 0xff) * 0x010101; // the same byte for each colour
        }
        byte[] d = deltas;
        for (int x = 0; x < width; x++) {
            FOUR_BYTES.set(d, 3 * x, l[x]); // the next ones overwrite the fourth
        }
        byte[] p = pixels;
        System.arraycopy(rgb, row, p, 0, p.length);
        addWithinRange(p, d, over, under);
        System.arraycopy(p, 0, rgb, row, p.length);
    }

    /** Adds signed bytes to unsigned ones; what would leave 0 to 255 ends there. */
    private static void addWithinRange(byte[] pixels, byte[] deltas, byte[] over, byte[] under) {
        for (int i = 0; i < pixels.length; i++) {
            int before = pixels[i];
            int delta = deltas[i];
            int sum = before + delta;
            // the highest bits tell whether the sum went around
            over[i] = (byte) (before & ~delta & ~sum);
            under[i] = (byte) (~before & delta & sum);
            pixels[i] = (byte) sum;
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((pixels[i] | (over[i] >> 7)) & ~(under[i] >> 7));
        }
    }
}
