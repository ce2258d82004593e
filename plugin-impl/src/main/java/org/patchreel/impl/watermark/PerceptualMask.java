package org.patchreel.impl.watermark;

/**
 * How strong the mark may be at each pixel: texture hides it, and bright areas do a little. A lone edge hides nothing
 * beside it, so the local contrast counts only as far as the neighbourhood has it too. Used by one thread.
 */
final class PerceptualMask {
    private static final float FLOOR = 0.55f;
    private static final float CEILING = 2.6f;
    private static final float PER_CONTRAST = 0.10f;
    private static final float BRIGHT = 170;
    private static final float BRIGHT_GAIN = 0.35f;

    private final BoxFilter seven;
    private final BoxFilter fifteen;
    private final BoxFilter three;
    private final float[] mean;
    private final float[] contrast;
    private final float[] work;

    PerceptualMask(int width, int height) {
        seven = new BoxFilter(width, height, 7);
        fifteen = new BoxFilter(width, height, 15);
        three = new BoxFilter(width, height, 3);
        mean = new float[width * height];
        contrast = new float[width * height];
        work = new float[width * height];
    }

    /**
     * Computes the mask.
     *
     * @param luma of the working grid, 0 to 255
     * @param mask takes standard deviations of the mark in luma steps, at strength 1
     */
    void compute(float[] luma, float[] mask) {
        int n = luma.length;
        seven.apply(luma, mean);
        for (int i = 0; i < n; i++) {
            float d = luma[i] - mean[i]; // squares of the luma itself would lose the small variances
            work[i] = d * d;
        }
        seven.apply(work, contrast);
        for (int i = 0; i < n; i++) {
            contrast[i] = (float) Math.sqrt(Math.max(0, contrast[i])); // running sums may end below 0
        }
        fifteen.apply(contrast, work);
        for (int i = 0; i < n; i++) {
            contrast[i] = Math.min(contrast[i], 1.5f * work[i]);
        }
        three.apply(contrast, work);
        for (int i = 0; i < n; i++) {
            float textured = Math.min(FLOOR + PER_CONTRAST * work[i], CEILING);
            float bright = Math.max(0, (mean[i] - BRIGHT) / (255 - BRIGHT));
            mask[i] = textured * (1 + BRIGHT_GAIN * bright);
        }
    }
}
