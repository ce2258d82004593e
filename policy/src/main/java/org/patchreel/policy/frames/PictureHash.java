package org.patchreel.policy.frames;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a picture is recognised by: a perceptual hash, which says which of the 64 lowest frequencies are stronger than their median, and
 * the picture in little, because plain pictures that have little in common may have the same hash. Both change little when a picture is
 * scaled, compressed, or made brighter.
 *
 * @see <a href="https://www.phash.org/docs/pubs/thesis_zauner.pdf">Zauner, Implementation and Benchmarking of Perceptual Image Hash
 *     Functions</a>, 3.2.1
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares or changes them
record PictureHash(long bits, byte[] little) {

    /** Bits. */
    static final int LENGTH = 64;

    private static final int SIDE = 32;
    private static final int FREQUENCIES = 8;

    /** Pixels of a side of the picture in little, whose values are scaled to this deviation. */
    private static final int LITTLE = 16;

    private static final double DEVIATION = 32;

    /** Variance of the luma below which there is nothing to compare: bits would be those of noise. */
    private static final double MIN_VARIANCE = 25;

    /** Cosines of the frequencies from 1 on: constant parts tell of brightness alone. */
    private static final double[][] COSINES = cosines();

    private static double[][] cosines() {
        double[][] cosines = new double[FREQUENCIES][SIDE];
        for (int frequency = 0; frequency < FREQUENCIES; frequency++) {
            for (int i = 0; i < SIDE; i++) {
                cosines[frequency][i] = Math.cos(Math.PI / SIDE * (i + 0.5) * (frequency + 1));
            }
        }
        return cosines;
    }

    /** {@return what a part of a picture is recognised by; empty if the part is plain} */
    static Optional<PictureHash> of(GreyPicture picture, Part part) {
        int width = Math.max(1, (int) Math.round(picture.width() * part.share()));
        int height = Math.max(1, (int) Math.round(picture.height() * part.share()));
        int left = (int) Math.round((picture.width() - width) * part.x());
        int top = (int) Math.round((picture.height() - height) * part.y());
        GreyPicture small = picture.scaled(left, top, width, height, SIDE, SIDE);
        return small.variance() < MIN_VARIANCE
                ? Optional.empty()
                : Optional.of(new PictureHash(bits(transform(small)), little(small.scaled(LITTLE, LITTLE))));
    }

    /** Without brightness and contrast. */
    private static byte[] little(GreyPicture picture) {
        double mean = 0;
        for (float value : picture.values()) {
            mean += value / picture.values().length;
        }
        double factor = DEVIATION / Math.sqrt(Math.max(1, picture.variance()));
        byte[] values = new byte[picture.values().length];
        for (int i = 0; i < values.length; i++) {
            double value = (picture.values()[i] - mean) * factor;
            values[i] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, Math.round(value)));
        }
        return values;
    }

    /**
     * A part of a picture of the picture's shape.
     *
     * @param share of its sides
     * @param x where it lies: 0 on the left, 1 on the right
     * @param y 0 at the top, 1 at the bottom
     */
    record Part(double share, double x, double y) {

        static final Part WHOLE = new Part(1, 0, 0);

        static Part middle(double share) {
            return new Part(share, 0.5, 0.5);
        }
    }

    /** {@return the strengths of the frequencies, row by row} */
    private static double[] transform(GreyPicture picture) {
        double[][] rows = new double[SIDE][FREQUENCIES];
        for (int y = 0; y < SIDE; y++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                double sum = 0;
                for (int x = 0; x < SIDE; x++) {
                    sum += COSINES[u][x] * picture.at(x, y);
                }
                rows[y][u] = sum;
            }
        }
        double[] strengths = new double[LENGTH];
        for (int v = 0; v < FREQUENCIES; v++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                double sum = 0;
                for (int y = 0; y < SIDE; y++) {
                    sum += COSINES[v][y] * rows[y][u];
                }
                strengths[v * FREQUENCIES + u] = sum;
            }
        }
        return strengths;
    }

    private static long bits(double[] strengths) {
        double[] sorted = strengths.clone();
        Arrays.sort(sorted);
        double median = (sorted[LENGTH / 2 - 1] + sorted[LENGTH / 2]) / 2;
        long bits = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (strengths[i] > median) {
                bits |= 1L << i;
            }
        }
        return bits;
    }

    /** {@return in how many bits the hashes differ} */
    int distance(PictureHash other) {
        return Long.bitCount(bits ^ other.bits);
    }

    /** {@return how much the pictures in little have in common: 1 for the same picture, 0 for pictures that are independent} */
    double correlation(PictureHash other) {
        long product = 0;
        long squares = 0;
        long others = 0;
        for (int i = 0; i < little.length; i++) {
            product += little[i] * other.little[i];
            squares += little[i] * little[i];
            others += other.little[i] * other.little[i];
        }
        return product / Math.sqrt(Math.max(1, (double) squares * others));
    }
}
