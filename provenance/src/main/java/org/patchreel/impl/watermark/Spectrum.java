package org.patchreel.impl.watermark;

import java.util.Arrays;

/**
 * The spectrum of a residual: where there are lines above the background. The residual is tapered towards its edges and
 * padded to twice its size, so that a line between two bins loses little. Immutable after its construction.
 */
final class Spectrum {
    private static final double TAPER = 0.06;
    private static final float LINE_LIMIT = 8;
    private static final int LANES = 16;

    final int width;
    final int height;

    /** The tapered residual. */
    final float[] residual;

    /** Length of the transform across. */
    final int nx;

    /** Length of the transform down. */
    final int ny;

    private final int columns;

    /** Power of the background by bin, row by row, the columns those from 0 to nx/2. */
    private final float[] background;

    /** Power over background, at most {@value #LINE_LIMIT}. */
    private final float[] lines;

    /** Mean and standard deviation of the lines. */
    final float mean;

    final float deviation;

    /**
     * Transforms.
     *
     * @param sum of the residuals of frames; not changed
     * @param width pixels
     * @param height pixels
     */
    Spectrum(float[] sum, int width, int height) {
        this.width = width;
        this.height = height;
        residual = tapered(sum, width, height);
        nx = Fft.goodLength(2 * width);
        ny = Fft.goodLength(2 * height);
        columns = nx / 2 + 1;
        float[] power = power();
        int across = Math.max(5, 6 * nx / Carriers.TILE / 2 | 1) / 2;
        int down = Math.max(5, 6 * ny / Carriers.TILE / 2 | 1) / 2;
        float[] smooth = smooth(power, across, down);
        for (int i = 0; i < power.length; i++) {
            smooth[i] = Math.min(power[i], 4 * smooth[i]);
        }
        background = smooth(smooth, across, down);
        double sumOfLines = 0;
        double squares = 0;
        lines = power;
        for (int i = 0; i < lines.length; i++) {
            background[i] = Math.max(background[i], 1e-9f);
            float line = Math.min(power[i] / background[i], LINE_LIMIT);
            lines[i] = line;
            sumOfLines += line;
            squares += line * line;
        }
        double average = sumOfLines / lines.length;
        mean = (float) average;
        deviation = (float) Math.sqrt(Math.max(1e-12, squares / lines.length - average * average));
    }

    private static float[] tapered(float[] sum, int width, int height) {
        double total = 0;
        for (float value : sum) {
            total += value;
        }
        float average = (float) (total / sum.length);
        float[] across = ramp(width);
        float[] down = ramp(height);
        float[] tapered = new float[sum.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                tapered[y * width + x] = (sum[y * width + x] - average) * across[x] * down[y];
            }
        }
        return tapered;
    }

    private static float[] ramp(int length) {
        float[] ramp = new float[length];
        for (int i = 0; i < length; i++) {
            ramp[i] = (float) Math.min(1, Math.min(i + 1, length - i) / (TAPER * length));
        }
        return ramp;
    }

    private float[] power() {
        float[] rowsRe = new float[height * columns];
        float[] rowsIm = new float[height * columns];
        transformRows(rowsRe, rowsIm);
        float[] power = new float[ny * columns];
        Fft fft = new Fft(ny);
        float[] re = new float[ny * LANES];
        float[] im = new float[ny * LANES];
        for (int first = 0; first < columns; first += LANES) {
            int lanes = Math.min(LANES, columns - first);
            for (int y = 0; y < height; y++) {
                System.arraycopy(rowsRe, y * columns + first, re, y * lanes, lanes);
                System.arraycopy(rowsIm, y * columns + first, im, y * lanes, lanes);
            }
            Arrays.fill(re, height * lanes, ny * lanes, 0);
            Arrays.fill(im, height * lanes, ny * lanes, 0);
            fft.forward(re, im, lanes);
            for (int y = 0; y < ny; y++) {
                for (int i = 0; i < lanes; i++) {
                    float r = re[y * lanes + i];
                    float m = im[y * lanes + i];
                    power[y * columns + first + i] = r * r + m * m;
                }
            }
        }
        return power;
    }

    /** Two real rows make one complex row, whose transform comes apart by its symmetry. */
    private void transformRows(float[] rowsRe, float[] rowsIm) {
        Fft fft = new Fft(nx);
        float[] re = new float[nx * LANES];
        float[] im = new float[nx * LANES];
        for (int first = 0; first < height; first += 2 * LANES) {
            Arrays.fill(re, 0);
            Arrays.fill(im, 0);
            for (int lane = 0; lane < LANES; lane++) {
                spreadRow(first + 2 * lane, re, lane);
                spreadRow(first + 2 * lane + 1, im, lane);
            }
            fft.forward(re, im, LANES);
            for (int lane = 0; lane < LANES; lane++) {
                int row = first + 2 * lane;
                for (int k = 0; k < columns && row < height; k++) {
                    int mirrored = (nx - k) % nx * LANES + lane;
                    float ar = re[k * LANES + lane];
                    float ai = im[k * LANES + lane];
                    float br = re[mirrored];
                    float bi = im[mirrored];
                    rowsRe[row * columns + k] = 0.5f * (ar + br);
                    rowsIm[row * columns + k] = 0.5f * (ai - bi);
                    if (row + 1 < height) {
                        rowsRe[(row + 1) * columns + k] = 0.5f * (ai + bi);
                        rowsIm[(row + 1) * columns + k] = 0.5f * (br - ar);
                    }
                }
            }
        }
    }

    private void spreadRow(int row, float[] to, int lane) {
        if (row < height) {
            for (int x = 0; x < width; x++) {
                to[x * LANES + lane] = residual[row * width + x];
            }
        }
    }

    /** Box means; the plane goes on beyond its left edge by symmetry, beyond top and bottom periodically. */
    private float[] smooth(float[] plane, int across, int down) {
        float[] vertical = new float[plane.length];
        float[] sums = new float[columns];
        for (int dy = -down; dy <= down; dy++) {
            int row = Math.floorMod(dy, ny) * columns;
            for (int x = 0; x < columns; x++) {
                sums[x] += plane[row + x];
            }
        }
        for (int y = 0; y < ny; y++) {
            System.arraycopy(sums, 0, vertical, y * columns, columns);
            int entering = Math.floorMod(y + down + 1, ny) * columns;
            int leaving = Math.floorMod(y - down, ny) * columns;
            for (int x = 0; x < columns; x++) {
                sums[x] += plane[entering + x] - plane[leaving + x];
            }
        }
        float[] smooth = new float[plane.length];
        double[] prefix = new double[columns + 2 * across + 1];
        float scale = 1f / ((2 * across + 1) * (2 * down + 1));
        for (int y = 0; y < ny; y++) {
            int row = y * columns;
            int opposite = Math.floorMod(-y, ny) * columns;
            for (int i = 0; i < columns + 2 * across; i++) {
                int x = i - across;
                float value;
                if (x < 0) {
                    value = vertical[opposite + Math.min(-x, columns - 1)];
                } else {
                    value = vertical[row + Math.min(x, columns - 1)];
                }
                prefix[i + 1] = prefix[i] + value;
            }
            for (int x = 0; x < columns; x++) {
                smooth[row + x] = (float) Math.max(0, prefix[x + 2 * across + 1] - prefix[x]) * scale;
            }
        }
        return smooth;
    }

    /** {@return the index of the bin nearest to a frequency in cycles per pixel, or −1 beyond the range} */
    private int bin(float fx, float fy) {
        if (Math.abs(fx) >= 0.47f || Math.abs(fy) >= 0.47f) {
            return -1;
        }
        float x = fx * nx;
        float y = fy * ny;
        if (x < 0) {
            x = -x;
            y = -y;
        }
        int column = (int) (x + 0.5f);
        int row = (int) (y + ny + 0.5f);
        if (row >= ny) {
            row -= ny;
        }
        return row * columns + column;
    }

    /** {@return the background's power at a frequency} */
    float background(float fx, float fy) {
        int bin = bin(fx, fy);
        return bin < 0 ? Float.POSITIVE_INFINITY : background[bin];
    }

    /**
     * Sums how far the lines at the frequencies of a lattice stand above the mean.
     *
     * @param lattice maps a carrier's bin to cycles per pixel
     * @param kx of the carriers
     * @param ky of the carriers
     * @param weights of the carriers
     * @return about standard normal if there is no mark of this geometry
     */
    float score(Geometry.Lattice lattice, float[] kx, float[] ky, float[] weights) {
        float sum = 0;
        float squares = 0;
        int within = 0;
        for (int i = 0; i < kx.length; i++) {
            float fx = lattice.xx() * kx[i] + lattice.xy() * ky[i];
            float fy = lattice.yx() * kx[i] + lattice.yy() * ky[i];
            int bin = bin(fx, fy);
            if (bin >= 0) {
                float weight = weights[i];
                sum += (lines[bin] - mean) * weight;
                squares += weight * weight;
                within++;
            }
        }
        return within * 20 < 3 * kx.length ? 0 : sum / ((float) Math.sqrt(squares) * deviation);
    }
}
