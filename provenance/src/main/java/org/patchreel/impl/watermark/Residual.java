package org.patchreel.impl.watermark;

/**
 * Removes most of a frame's content: the luma minus its 9×9 mean, normalised by its deviation over 13×13 pixels. In flat
 * areas the divisor is at least {@value #SOFTNESS}, the size of a decoder's noise. Used by one thread.
 */
final class Residual {
    private static final float SOFTNESS = 1f;

    private final BoxFilter nine;
    private final BoxFilter thirteen;
    private final float[] luma;
    private final float[] detail;
    private final float[] squares;
    private final float[] power;

    Residual(int width, int height) {
        nine = new BoxFilter(width, height, 9);
        thirteen = new BoxFilter(width, height, 13);
        luma = new float[width * height];
        detail = new float[width * height];
        squares = new float[width * height];
        power = new float[width * height];
    }

    /**
     * Computes a frame's residual.
     *
     * @param pixels a byte a pixel
     * @return the residual, in memory that the next call uses again
     */
    float[] of(byte[] pixels) {
        int n = luma.length;
        for (int i = 0; i < n; i++) {
            luma[i] = pixels[i] & 0xff;
        }
        nine.apply(luma, detail);
        for (int i = 0; i < n; i++) {
            float d = luma[i] - detail[i];
            detail[i] = d;
            squares[i] = d * d;
        }
        thirteen.apply(squares, power);
        for (int i = 0; i < n; i++) {
            // running sums may end a little below 0
            detail[i] /= (float) Math.sqrt(Math.max(0, power[i])) + SOFTNESS;
        }
        return detail;
    }

    /** Adds a frame's residual to a sum. */
    void addTo(byte[] pixels, float[] sum) {
        float[] residual = of(pixels);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += residual[i];
        }
    }
}
