package org.patchreel.impl.watermark;

import java.util.Arrays;

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
    private final float[] here;
    private final float[] upper;
    private final float[] lower;

    /** The lesser of the two contrasts beside each pixel of a row; infinite near its ends. */
    private final float[] beside;

    PerceptualMask(int width, int height) {
        this.width = width;
        this.height = height;
        seven = new BoxFilter(width, height, 7);
        three = new BoxFilter(width, height, 3);
        mean = new float[width * height];
        contrast = new float[width * height];
        work = new float[width * height];
        here = new float[width];
        upper = new float[width];
        lower = new float[width];
        beside = new float[width];
        Arrays.fill(beside, Float.POSITIVE_INFINITY);
    }

    /** The least of the contrasts here and at four places around; row by row, as the box filter works. */
    private void leastAround(float[] contrast, float[] least) {
        int inner = width - 2 * REACH;
        for (int y = 0; y < height; y++) {
            System.arraycopy(contrast, y * width, here, 0, width);
            System.arraycopy(contrast, BoxFilter.mirror(y - REACH, height) * width, upper, 0, width);
            System.arraycopy(contrast, BoxFilter.mirror(y + REACH, height) * width, lower, 0, width);
            leastOf(here, upper, lower);
            for (int x = 0; x < inner; x++) {
                upper[x] = Math.min(here[x], here[x + 2 * REACH]);
            }
            if (inner > 0) {
                System.arraycopy(upper, 0, beside, REACH, inner);
            }
            leastOf(beside, lower, lower);
            System.arraycopy(lower, 0, least, y * width, width);
        }
    }

    /** Leaves the least of three rows in the last one. */
    private static void leastOf(float[] a, float[] b, float[] c) {
        for (int x = 0; x < c.length; x++) {
            c[x] = Math.min(a[x], Math.min(b[x], c[x]));
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
