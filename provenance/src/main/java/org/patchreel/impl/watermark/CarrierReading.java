package org.patchreel.impl.watermark;

import java.util.List;

/**
 * The complex amplitude of every carrier, in units of the background's standard deviation: without a mark the mean square
 * is 1. Index: the carrier's bin.
 */
final class CarrierReading {
    final float[] re;
    final float[] im;

    private static final float OUTLIER = 12;
    private static final float MIN_EXCESS = 0.01f;

    /** Of the excess in the first band. */
    private static final double MIN_SCALE = 0.05;

    /** How far the excess of a mark is from the expected one, as a share of that. */
    private static final double EXPECTED_SPREAD = 0.5;

    /** Of the mean power of the 148 carriers of a band: 1/148. */
    private static final double MEASURED_VARIANCE = 1.0 / 148;

    CarrierReading(float[] re, float[] im) {
        this.re = re;
        this.im = im;
    }

    /** One of the eight ways in which a square lattice lies on itself: a mirror image, a quarter turn, or both. */
    record Orientation(boolean swap, int signX, int signY) {
        static final List<Orientation> ALL = List.of(
                new Orientation(false, 1, 1),
                new Orientation(false, -1, 1),
                new Orientation(false, -1, -1),
                new Orientation(false, 1, -1),
                new Orientation(true, 1, -1),
                new Orientation(true, -1, 1),
                new Orientation(true, 1, 1),
                new Orientation(true, -1, -1));

        /** {@return where the axes of the marked picture lie, as a geometry} */
        Geometry geometry() {
            return swap ? new Geometry(0, signX, signY, 0) : new Geometry(signX, 0, 0, signY);
        }
    }

    /** {@return the reading of the picture turned or mirrored} */
    CarrierReading oriented(Orientation orientation) {
        float[] r = new float[Carriers.COUNT];
        float[] i = new float[Carriers.COUNT];
        for (int bin = 0; bin < Carriers.COUNT; bin++) {
            int x = orientation.signX * (orientation.swap ? Carriers.KY[bin] : Carriers.KX[bin]);
            int y = orientation.signY * (orientation.swap ? Carriers.KX[bin] : Carriers.KY[bin]);
            boolean mirrored = y < 0 || (y == 0 && x < 0);
            int from = mirrored ? Carriers.index(-x, -y) : Carriers.index(x, y);
            r[bin] = re[from];
            i[bin] = mirrored ? -im[from] : im[from];
        }
        return new CarrierReading(r, i);
    }

    /**
     * Estimates from the power alone, without a key, how strongly the mark came through.
     *
     * @return for each band of radii the mark's amplitude in units of the background's deviation
     */
    float[] gains() {
        float[] excess = excess();
        float[] gains = new float[Carriers.BANDS];
        for (int band = 0; band < Carriers.BANDS; band++) {
            float before = excess[Math.max(0, band - 1)];
            float after = excess[Math.min(Carriers.BANDS - 1, band + 1)];
            gains[band] = (float) Math.sqrt(Math.max(MIN_EXCESS, 0.25f * before + 0.5f * excess[band] + 0.25f * after));
        }
        return gains;
    }

    /**
     * The same for a mark that may be weak: {@link Carriers#WEAK_GAINS} scaled to what was measured, and what was measured
     * itself only as far as it is more certain (a shrinkage estimate).
     *
     * @return for each band of radii the mark's amplitude in units of the background's deviation
     */
    float[] cautiousGains() {
        float[] excess = excess();
        double product = 0;
        double squares = 0;
        for (int band = 0; band < Carriers.BANDS; band++) {
            double expected = Carriers.WEAK_GAINS[band] * Carriers.WEAK_GAINS[band];
            product += expected * excess[band];
            squares += expected * expected;
        }
        double scale = Math.max(MIN_SCALE, product / squares);
        float[] gains = new float[Carriers.BANDS];
        for (int band = 0; band < Carriers.BANDS; band++) {
            double expected = scale * Carriers.WEAK_GAINS[band] * Carriers.WEAK_GAINS[band];
            double variance = EXPECTED_SPREAD * EXPECTED_SPREAD * expected * expected;
            double share = variance / (variance + MEASURED_VARIANCE);
            gains[band] = (float) Math.sqrt(Math.max(0.1 * expected, share * excess[band] + (1 - share) * expected));
        }
        return gains;
    }

    /** {@return the weights of the bands to read with: those of a mark that came through well, and of one that barely did} */
    List<float[]> weightings() {
        return List.of(gains(), Carriers.WEAK_GAINS);
    }

    /** {@return for each band how much more power there is than without a mark} */
    private float[] excess() {
        float[] excess = new float[Carriers.BANDS];
        int[] counts = new int[Carriers.BANDS];
        for (int bin = 0; bin < Carriers.COUNT; bin++) {
            excess[Carriers.BAND[bin]] += Math.min(re[bin] * re[bin] + im[bin] * im[bin], OUTLIER);
            counts[Carriers.BAND[bin]]++;
        }
        for (int band = 0; band < Carriers.BANDS; band++) {
            excess[band] = excess[band] / counts[band] - 1;
        }
        return excess;
    }

    /**
     * Combines readings of the same geometry, each carrier weighted by its gain: maximum-ratio combining.
     *
     * @param readings at least one
     * @return the combination, in the same unit
     */
    static CarrierReading combine(List<CarrierReading> readings) {
        if (readings.size() == 1) {
            return readings.get(0);
        }
        float[] r = new float[Carriers.COUNT];
        float[] i = new float[Carriers.COUNT];
        float[] squares = new float[Carriers.BANDS];
        for (CarrierReading reading : readings) {
            float[] gains = reading.gains();
            for (int band = 0; band < Carriers.BANDS; band++) {
                squares[band] += gains[band] * gains[band];
            }
            for (int bin = 0; bin < Carriers.COUNT; bin++) {
                float gain = gains[Carriers.BAND[bin]];
                r[bin] += gain * reading.re[bin];
                i[bin] += gain * reading.im[bin];
            }
        }
        for (int bin = 0; bin < Carriers.COUNT; bin++) {
            float scale = (float) (1 / Math.sqrt(squares[Carriers.BAND[bin]]));
            r[bin] *= scale;
            i[bin] *= scale;
        }
        return new CarrierReading(r, i);
    }
}
