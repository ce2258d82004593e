package org.patchreel.benchmarks.watermark;

/**
 * SSIM with a Gaussian window of 11x11, σ = 1.5. See Wang et al., <a
 * href="https://doi.org/10.1109/TIP.2003.819861">Image Quality Assessment: From Error Visibility to Structural
 * Similarity</a>, 2004.
 */
final class StructuralSimilarity {
    private static final int RADIUS = 5;
    private static final double C1 = 0.01 * 255 * 0.01 * 255;
    private static final double C2 = 0.03 * 255 * 0.03 * 255;
    private static final float[] WINDOW = window();

    private StructuralSimilarity() {}

    private static float[] window() {
        float[] window = new float[2 * RADIUS + 1];
        double sum = 0;
        for (int i = -RADIUS; i <= RADIUS; i++) {
            sum += Math.exp(-i * i / (2 * 1.5 * 1.5));
        }
        for (int i = -RADIUS; i <= RADIUS; i++) {
            window[i + RADIUS] = (float) (Math.exp(-i * i / (2 * 1.5 * 1.5)) / sum);
        }
        return window;
    }

    /**
     * Compares two pictures of at least 11x11 pixels.
     *
     * @param a row by row, unsigned
     * @param b as long
     * @param width pixels in a row
     * @return the mean over all windows that lie within
     */
    static double of(byte[] a, byte[] b, int width) {
        int count = a.length;
        float[] x = new float[count];
        float[] y = new float[count];
        float[] xx = new float[count];
        float[] yy = new float[count];
        float[] xy = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = a[i] & 255;
            y[i] = b[i] & 255;
            xx[i] = x[i] * x[i];
            yy[i] = y[i] * y[i];
            xy[i] = x[i] * y[i];
        }
        int height = count / width;
        x = smoothed(x, width, height);
        y = smoothed(y, width, height);
        xx = smoothed(xx, width, height);
        yy = smoothed(yy, width, height);
        xy = smoothed(xy, width, height);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double product = (double) x[i] * y[i];
            double squares = (double) x[i] * x[i] + (double) y[i] * y[i];
            sum += (2 * product + C1)
                    * (2 * (xy[i] - product) + C2)
                    / ((squares + C1) * (xx[i] + yy[i] - squares + C2));
        }
        return sum / x.length;
    }

    /** The Gaussian's means at the places where the window lies within the picture. */
    private static float[] smoothed(float[] values, int width, int height) {
        int inner = width - 2 * RADIUS;
        float[] rows = new float[inner * height];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < inner; column++) {
                float sum = 0;
                for (int i = 0; i < WINDOW.length; i++) {
                    sum += WINDOW[i] * values[row * width + column + i];
                }
                rows[row * inner + column] = sum;
            }
        }
        float[] result = new float[inner * (height - 2 * RADIUS)];
        for (int at = 0; at < result.length; at++) {
            float sum = 0;
            for (int i = 0; i < WINDOW.length; i++) {
                sum += WINDOW[i] * rows[at + i * inner];
            }
            result[at] = sum;
        }
        return result;
    }
}
