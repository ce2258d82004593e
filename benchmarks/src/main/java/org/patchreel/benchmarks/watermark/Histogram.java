package org.patchreel.benchmarks.watermark;

import java.util.Arrays;

/** Counts values in bins of equal width from zero on. Used by one thread at a time. */
final class Histogram {
    /** Width of a bin. */
    static final double BIN = 0.05;

    private final long[] bins = new long[400];
    private long count;
    private double largest;

    /** Counts a value; the last bin holds all that are larger. */
    void add(double value) {
        bins[(int) Math.max(0, Math.min(bins.length - 1, value / BIN))]++;
        count++;
        largest = Math.max(largest, value);
    }

    /** Adds what another one has counted. */
    void add(Histogram other) {
        for (int i = 0; i < bins.length; i++) {
            bins[i] += other.bins[i];
        }
        count += other.count;
        largest = Math.max(largest, other.largest);
    }

    long count() {
        return count;
    }

    double largest() {
        return largest;
    }

    /** {@return the share of the values that are at least a bin's lower edge} */
    double shareFrom(int bin) {
        long above = 0;
        for (int i = bin; i < bins.length; i++) {
            above += bins[i];
        }
        return (double) above / count;
    }

    /** {@return how many values lie in each bin, up to the last that holds one} */
    long[] bins() {
        int used = bins.length;
        while (used > 0 && bins[used - 1] == 0) {
            used--;
        }
        return Arrays.copyOf(bins, used);
    }
}
