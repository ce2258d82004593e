package org.patchreel.impl.watermark;

import java.util.Arrays;

/**
 * Reads the carriers of a known geometry out of a residual: folds all tiles onto one and transforms that. The fold has two
 * cells a pixel of the tile and spreads each pixel over the four nearest, which is a non-uniform Fourier transform with a
 * kernel of width two (A. Dutt and V. Rokhlin, <a href="https://doi.org/10.1137/0914081">Fast Fourier transforms for
 * nonequispaced data</a>, 1993); the kernel's own response is divided out. Used by one thread.
 */
final class CarrierReader {
    private static final int CELLS = 2 * Carriers.TILE;
    private static final int MASK = CELLS - 1;
    private static final int FRACTION_BITS = 16;
    private static final int FRACTION_MASK = (1 << FRACTION_BITS) - 1;
    private static final float[] KERNEL = new float[Carriers.OUTER + 1];

    static {
        for (int k = 0; k <= Carriers.OUTER; k++) {
            double x = Math.PI * k / CELLS;
            double sinc = k == 0 ? 1 : Math.sin(x) / x;
            KERNEL[k] = (float) (sinc * sinc);
        }
    }

    private static final int KEPT = Carriers.OUTER + 1;

    private final Fft fft = new Fft(CELLS);
    private final float[] cells = new float[CELLS * CELLS];
    private final float[] rowsRe = new float[CELLS * CELLS / 2];
    private final float[] rowsIm = new float[CELLS * CELLS / 2];
    private final float[] re = new float[CELLS * KEPT];
    private final float[] im = new float[CELLS * KEPT];

    /**
     * Reads all carriers.
     *
     * @param spectrum of the residual
     * @param geometry where the marked picture's axes lie in it
     * @return the carriers; those that the geometry moves out of the band are 0
     */
    CarrierReading read(Spectrum spectrum, Geometry geometry) {
        fold(spectrum, geometry.inverse());
        transform();
        float[] r = new float[Carriers.COUNT];
        float[] i = new float[Carriers.COUNT];
        Geometry.Lattice lattice = geometry.lattice();
        for (int bin = 0; bin < Carriers.COUNT; bin++) {
            int kx = Carriers.KX[bin];
            int ky = Carriers.KY[bin];
            float fx = lattice.xx() * kx + lattice.xy() * ky;
            float fy = lattice.yx() * kx + lattice.yy() * ky;
            float scale = (float) (1 / (Math.sqrt(spectrum.background(fx, fy)) * KERNEL[Math.abs(kx)] * KERNEL[ky]));
            // the columns are those of kx ≥ 0; the others follow from the symmetry of a real picture's transform
            int row = kx < 0 ? (CELLS - ky) & MASK : ky;
            int at = row * KEPT + Math.abs(kx);
            r[bin] = re[at] * scale;
            i[bin] = (kx < 0 ? -im[at] : im[at]) * scale;
        }
        return new CarrierReading(r, i);
    }

    private void fold(Spectrum spectrum, Geometry toTile) {
        Arrays.fill(cells, 0);
        double unit = (double) CELLS / Carriers.TILE * (1 << FRACTION_BITS);
        long stepX = Math.round(toTile.xx() * unit);
        long stepY = Math.round(toTile.yx() * unit);
        float toFraction = 1f / (1 << FRACTION_BITS);
        for (int y = 0; y < spectrum.height; y++) {
            // integers wrap around where the tile does: only their low bits count
            int u = (int) Math.round(toTile.xy() * y * unit);
            int v = (int) Math.round(toTile.yy() * y * unit);
            int row = y * spectrum.width;
            for (int x = 0; x < spectrum.width; x++) {
                int left = (u >> FRACTION_BITS) & MASK;
                int right = (left + 1) & MASK;
                int upper = ((v >> FRACTION_BITS) & MASK) * CELLS;
                int lower = (upper + CELLS) & (CELLS * CELLS - 1);
                float value = spectrum.residual[row + x];
                float fractionX = (u & FRACTION_MASK) * toFraction;
                float low = value * (v & FRACTION_MASK) * toFraction;
                float high = value - low;
                float highRight = high * fractionX;
                float lowRight = low * fractionX;
                cells[upper + left] += high - highRight;
                cells[upper + right] += highRight;
                cells[lower + left] += low - lowRight;
                cells[lower + right] += lowRight;
                u += (int) stepX;
                v += (int) stepY;
            }
        }
    }

    private void transform() {
        int pairs = CELLS / 2;
        for (int pair = 0; pair < pairs; pair++) {
            for (int x = 0; x < CELLS; x++) {
                rowsRe[x * pairs + pair] = cells[2 * pair * CELLS + x];
                rowsIm[x * pairs + pair] = cells[(2 * pair + 1) * CELLS + x];
            }
        }
        fft.forward(rowsRe, rowsIm, pairs);
        for (int k = 0; k < KEPT; k++) {
            int at = k * pairs;
            int mirrored = ((CELLS - k) & MASK) * pairs;
            for (int pair = 0; pair < pairs; pair++) {
                float ar = rowsRe[at + pair];
                float ai = rowsIm[at + pair];
                float br = rowsRe[mirrored + pair];
                float bi = rowsIm[mirrored + pair];
                re[2 * pair * KEPT + k] = 0.5f * (ar + br);
                im[2 * pair * KEPT + k] = 0.5f * (ai - bi);
                re[(2 * pair + 1) * KEPT + k] = 0.5f * (ai + bi);
                im[(2 * pair + 1) * KEPT + k] = 0.5f * (br - ar);
            }
        }
        fft.forward(re, im, KEPT);
    }
}
