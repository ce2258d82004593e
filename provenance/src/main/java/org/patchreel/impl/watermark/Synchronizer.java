package org.patchreel.impl.watermark;

import java.util.Arrays;

/**
 * Finds the shift of the tile, and whether the picture is a negative, from the carriers of known sign: the peak of their
 * correlation over all shifts. Used by one thread.
 */
final class Synchronizer {
    private static final int N = Carriers.TILE;
    private static final int KEPT = Carriers.OUTER + 1;
    private static final float CLIP = 2;
    private static final int REFINED_PEAKS = 3;
    private static final int STEPS_PER_PIXEL = 16;

    /** How many shifts there are to choose from, both signs counted. */
    static final double SHIFTS = 2.0 * (N * STEPS_PER_PIXEL) * (N * STEPS_PER_PIXEL);

    /** Around a place that is known but for a pixel: how far in either direction, in steps of a quarter of a pixel. */
    private static final int NEAR = 4;

    private static final double NEAR_STEP = 0.25;

    /** How many shifts there are to choose from near a place. */
    static final int PLACES = (2 * NEAR + 1) * (2 * NEAR + 1);

    private final Fft fft = new Fft(N);
    private final float[] columnsRe = new float[N * KEPT];
    private final float[] columnsIm = new float[N * KEPT];
    private final float[] re = new float[N * N / 2];
    private final float[] im = new float[N * N / 2];
    private final float[] zRe = new float[Carriers.COUNT];
    private final float[] zIm = new float[Carriers.COUNT];
    private final int[] kx = new int[Carriers.COUNT];
    private final int[] ky = new int[Carriers.COUNT];
    private int carriers;

    /**
     * A shift.
     *
     * @param statistic t: the peak's height; about standard normal at any one shift if there is no mark, and beyond x with a
     *     chance of at most exp(−x²/2)
     * @param x to the right, pixels of the tile
     * @param y downward, pixels of the tile
     * @param sign −1 for a negative
     */
    record Shift(double statistic, double x, double y, int sign) {}

    /**
     * Finds the shift.
     *
     * @param reading of the carriers
     * @param key whose mark is looked for
     * @param weights of the bands
     * @return the most likely shift
     */
    Shift find(CarrierReading reading, WatermarkKey key, float[] weights) {
        return find(reading, key, key.known, weights);
    }

    /**
     * Finds the shift from more carriers than those of known sign.
     *
     * @param reading of the carriers
     * @param key whose mark is looked for
     * @param known the carriers whose amplitudes are known
     * @param weights of the bands
     * @return the most likely shift
     */
    Shift find(CarrierReading reading, WatermarkKey key, KnownCarriers known, float[] weights) {
        double power = gather(reading, key, known, weights);
        correlate();
        float[] heights = new float[REFINED_PEAKS];
        int[] places = new int[REFINED_PEAKS];
        peaks(heights, places);
        Shift best = new Shift(-1, 0, 0, 1);
        for (int place : places) {
            Shift refined = refine(place % N, place / N);
            if (refined.statistic > best.statistic) {
                best = refined;
            }
        }
        return new Shift(best.statistic / Math.sqrt(power / 2 + 1e-12), best.x, best.y, best.sign);
    }

    /**
     * Finds the shift near a place, of a picture that is no negative.
     *
     * @param x to the right, pixels of the tile
     * @param y downward, pixels of the tile
     * @param reading of the carriers
     * @param key whose mark is looked for
     * @param known the carriers whose amplitudes are known
     * @param weights of the bands
     * @return the most likely of {@link #PLACES} shifts
     */
    Shift near(double x, double y, CarrierReading reading, WatermarkKey key, KnownCarriers known, float[] weights) {
        double power = gather(reading, key, known, weights);
        Shift best = new Shift(-1, x, y, 1);
        for (int i = -NEAR; i <= NEAR; i++) {
            for (int j = -NEAR; j <= NEAR; j++) {
                double nx = x + j * NEAR_STEP;
                double ny = y + i * NEAR_STEP;
                double height = correlation(nx, ny);
                if (height > best.statistic) {
                    best = new Shift(height, nx, ny, 1);
                }
            }
        }
        return new Shift(best.statistic / Math.sqrt(power / 2 + 1e-12), best.x, best.y, 1);
    }

    private double gather(CarrierReading reading, WatermarkKey key, KnownCarriers known, float[] weights) {
        carriers = known.bins.length;
        Arrays.fill(columnsRe, 0);
        Arrays.fill(columnsIm, 0);
        double power = 0;
        for (int i = 0; i < carriers; i++) {
            int bin = known.bins[i];
            float fr = reading.re[bin];
            float fi = reading.im[bin];
            float magnitude = (float) Math.sqrt(fr * fr + fi * fi);
            float scale = known.amplitudes[i] * weights[Carriers.BAND[bin]] / Math.max(1, magnitude / CLIP);
            zRe[i] = (fr * key.cosines[bin] + fi * key.sines[bin]) * scale;
            zIm[i] = (fi * key.cosines[bin] - fr * key.sines[bin]) * scale;
            power += zRe[i] * zRe[i] + zIm[i] * zIm[i];
            kx[i] = Carriers.KX[bin];
            ky[i] = Carriers.KY[bin];
            boolean mirrored = kx[i] < 0;
            int column = Math.abs(kx[i]);
            int row = (mirrored ? -ky[i] : ky[i]) & (N - 1);
            columnsRe[row * KEPT + column] += zRe[i];
            columnsIm[row * KEPT + column] += mirrored ? -zIm[i] : zIm[i];
        }
        return power;
    }

    /** The real part of the inverse transform at all shifts, two rows as one complex row. */
    private void correlate() {
        fft.inverse(columnsRe, columnsIm, KEPT);
        int pairs = N / 2;
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
        for (int k = 0; k < KEPT; k++) {
            float half = k == 0 ? 1 : 0.5f;
            int at = k * pairs;
            int mirrored = (N - k) % N * pairs;
            for (int pair = 0; pair < pairs; pair++) {
                float ar = columnsRe[2 * pair * KEPT + k] * half;
                float ai = k == 0 ? 0 : columnsIm[2 * pair * KEPT + k] * half;
                float br = columnsRe[(2 * pair + 1) * KEPT + k] * half;
                float bi = k == 0 ? 0 : columnsIm[(2 * pair + 1) * KEPT + k] * half;
                re[at + pair] = ar - bi;
                im[at + pair] = ai + br;
                if (k > 0) {
                    re[mirrored + pair] = ar + bi;
                    im[mirrored + pair] = br - ai;
                }
            }
        }
        fft.inverse(re, im, pairs);
    }

    private void peaks(float[] heights, int[] places) {
        int pairs = N / 2;
        for (int x = 0; x < N; x++) {
            for (int pair = 0; pair < pairs; pair++) {
                insert(heights, places, Math.abs(re[x * pairs + pair]), 2 * pair * N + x);
                insert(heights, places, Math.abs(im[x * pairs + pair]), (2 * pair + 1) * N + x);
            }
        }
    }

    private static void insert(float[] heights, int[] places, float height, int place) {
        if (height <= heights[REFINED_PEAKS - 1]) {
            return;
        }
        int i = REFINED_PEAKS - 1;
        while (i > 0 && heights[i - 1] < height) {
            heights[i] = heights[i - 1];
            places[i] = places[i - 1];
            i--;
        }
        heights[i] = height;
        places[i] = place;
    }

    /** Climbs from a whole pixel to the peak between the pixels. */
    private Shift refine(int startX, int startY) {
        double x = startX;
        double y = startY;
        double value = correlation(x, y);
        int sign = value < 0 ? -1 : 1;
        double best = Math.abs(value);
        for (double step = 0.5; step >= 1.0 / STEPS_PER_PIXEL; step /= 2) {
            boolean moved = true;
            for (int round = 0; moved && round < 2; round++) {
                moved = false;
                for (int direction = 0; direction < 4; direction++) {
                    double nx = x + step * ((direction & 1) == 0 ? (direction - 1) : 0);
                    double ny = y + step * ((direction & 1) == 1 ? (direction - 2) : 0);
                    double candidate = sign * correlation(nx, ny);
                    if (candidate > best) {
                        best = candidate;
                        x = nx;
                        y = ny;
                        moved = true;
                    }
                }
            }
        }
        return new Shift(best, x, y, sign);
    }

    /** The correlation at a shift: the sum of z·exp(+2πi k·shift / T). */
    private double correlation(double x, double y) {
        float[] cx = Phasor.table(x);
        float[] cy = Phasor.table(y);
        float sum = 0;
        int half = Carriers.OUTER;
        for (int i = 0; i < carriers; i++) {
            int a = 2 * (kx[i] + half);
            int b = 2 * (ky[i] + half);
            float c = cx[a] * cy[b] - cx[a + 1] * cy[b + 1];
            float s = cx[a] * cy[b + 1] + cx[a + 1] * cy[b];
            sum += zRe[i] * c - zIm[i] * s;
        }
        return sum;
    }
}
