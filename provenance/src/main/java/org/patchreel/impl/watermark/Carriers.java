package org.patchreel.impl.watermark;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The frequencies that carry the mark: the bins of a square tile's Fourier transform within an annulus of one half-plane.
 * The tile repeats over the working grid, so in a picture's spectrum these frequencies are lines on a lattice. The order of
 * the bins is part of the mark's definition: by ky, then by kx.
 */
final class Carriers {
    /** Side of the tile in pixels of the working grid. */
    static final int TILE = 128;

    private static final int INNER = 5;
    /** Radius of the outermost bins. */
    static final int OUTER = 34;

    /** Bands of radii, of equally many bins, in which a channel's gain is taken to be constant. */
    static final int BANDS = 12;

    static final int COUNT;

    /** Cycles per tile, to the right; index: the bin. */
    static final int[] KX;

    /** Cycles per tile, downward; not negative. */
    static final int[] KY;

    /** Amplitude of each bin: more where codecs keep more; root of the mean square 1. */
    static final float[] AMPLITUDE;

    static final int[] BAND;

    /**
     * How strongly a mark that barely survived tends to come through in each band, relative to the first: codecs leave the
     * low frequencies. Weights by these numbers see weak marks better than weights by {@link CarrierReading#gains}, which
     * are then mostly noise themselves.
     */
    static final float[] WEAK_GAINS = new float[BANDS];

    /** From one band to the next; the best of the measured ones for x264 at CRF 40, second generations and small scales. */
    private static final float WEAK_DECAY = 0.8f;

    private static final int SPAN = 2 * OUTER + 1;
    private static final short[] INDEX = new short[SPAN * SPAN];

    static {
        int[] xs = new int[SPAN * SPAN];
        int[] ys = new int[SPAN * SPAN];
        int count = 0;
        Arrays.fill(INDEX, (short) -1);
        for (int y = 0; y <= OUTER; y++) {
            for (int x = -OUTER; x <= OUTER; x++) {
                int square = x * x + y * y;
                if (square >= INNER * INNER && square <= OUTER * OUTER && (y > 0 || x > 0)) {
                    xs[count] = x;
                    ys[count] = y;
                    INDEX[(y + OUTER) * SPAN + x + OUTER] = (short) count;
                    count++;
                }
            }
        }
        COUNT = count;
        KX = Arrays.copyOf(xs, count);
        KY = Arrays.copyOf(ys, count);
        AMPLITUDE = new float[count];
        double power = 0;
        for (int i = 0; i < count; i++) {
            double amplitude = StrictMath.pow(radius(i) / 12, -0.6);
            AMPLITUDE[i] = (float) amplitude;
            power += amplitude * amplitude;
        }
        float scale = (float) (1 / Math.sqrt(power / count));
        for (int i = 0; i < count; i++) {
            AMPLITUDE[i] *= scale;
        }
        BAND = new int[count];
        int[] byRadius = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(Carriers::radius))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int rank = 0; rank < count; rank++) {
            BAND[byRadius[rank]] = rank * BANDS / count;
        }
        for (int band = 0; band < BANDS; band++) {
            WEAK_GAINS[band] = (float) StrictMath.pow(WEAK_DECAY, band);
        }
    }

    private Carriers() {}

    static double radius(int bin) {
        return Math.hypot(KX[bin], KY[bin]);
    }

    /**
     * Finds a bin.
     *
     * @param kx cycles per tile
     * @param ky cycles per tile, not negative
     * @return its index, or −1 if it is not a carrier
     */
    static int index(int kx, int ky) {
        return INDEX[(ky + OUTER) * SPAN + kx + OUTER];
    }
}
