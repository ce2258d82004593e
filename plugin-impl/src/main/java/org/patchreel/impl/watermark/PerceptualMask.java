package org.patchreel.impl.watermark;

/**
 * How strong the mark may be at each pixel: texture hides it, and bright areas do a little. A lone edge hides nothing
 * beside it, so the contrast counts only as far as it is found on all sides. Used by one thread.
 */
final class PerceptualMask {
    private static final float FLOOR = 0.3f;
    private static final float CEILING = 4f;
    private static final float PER_CONTRAST = 0.2f;
    private static final float BRIGHT = 170;
    private static final float BRIGHT_GAIN = 0.35f;

    /** Pixels from one place to the next where the contrast must be: more than half the square it is measured in. */
    private static final int REACH = 5;

    private final int width;
    private final int height;
    private final BoxFilter seven;
    private final BoxFilter three;
    private final float[] mean;
    private final float[] contrast;
    private final float[] work;

    PerceptualMask(int width, int height) {
        this.width = width;
        this.height = height;
        seven = new BoxFilter(width, height, 7);
        three = new BoxFilter(width, height, 3);
        mean = new float[width * height];
        contrast = new float[width * height];
        work = new float[width * height];
    }

    /** The least of the contrasts here and at four places around. */
    private void leastAround(float[] contrast, float[] least) {
        for (int y = 0; y < height; y++) {
            int row = y * width;
            int upper = BoxFilter.mirror(y - REACH, height) * width;
            int lower = BoxFilter.mirror(y + REACH, height) * width;
            for (int x = 0; x < width; x++) {
                least[row + x] = Math.min(contrast[row + x], Math.min(contrast[upper + x], contrast[lower + x]));
            }
            int inner = width - REACH;
            for (int x = REACH; x < inner; x++) {
                least[row + x] =
                        Math.min(least[row + x], Math.min(contrast[row + x - REACH], contrast[row + x + REACH]));
            }
        }
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
        leastAround(contrast, work);
        System.arraycopy(work, 0, contrast, 0, n);
        three.apply(contrast, work);
        for (int i = 0; i < n; i++) {
            float textured = Math.min(FLOOR + PER_CONTRAST * work[i], CEILING);
            float bright = Math.max(0, (mean[i] - BRIGHT) / (255 - BRIGHT));
            mask[i] = textured * (1 + BRIGHT_GAIN * bright);
        }
    }
}
