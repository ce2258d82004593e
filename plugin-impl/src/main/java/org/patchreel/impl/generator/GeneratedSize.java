package org.patchreel.impl.generator;

import org.patchreel.api.FrameSize;
import org.patchreel.spi.ModelCapabilities;

/**
 * Chooses the size in which a model makes the frames of a clip. A model works best near the number of pixels that it was
 * trained with; it makes about that many in the clip's shape, and a scaler makes the clip's size of them.
 */
final class GeneratedSize {

    /** Maximum number of pixels, as a share of those of the training size. */
    private static final double MAX_SHARE = 1.02;

    /** Minimum number of pixels, likewise. */
    private static final double MIN_SHARE = 0.75;

    /** Sides are multiples of it, which every model and encoder takes. */
    private static final int FORMAT_STRIDE = 16;

    private GeneratedSize() {}

    /**
     * The size on the model's grid, of about the native number of pixels, whose aspect ratio is nearest to the
     * output's; the largest of those that are equally near.
     *
     * @param output size of the clip, pixels
     * @param model its grid and native size
     */
    static FrameSize nearest(FrameSize output, ModelCapabilities model) {
        int step = leastCommonMultiple(model.grid().spatialStride(), FORMAT_STRIDE);
        FrameSize trained = model.defaults().nativeFormat().size();
        if ((long) output.width() * trained.height() == (long) output.height() * trained.width()) {
            return trained;
        }
        double pixels = (double) trained.width() * trained.height();
        double aspect = Math.log((double) output.width() / output.height());
        FrameSize best = trained;
        double bestError = Double.POSITIVE_INFINITY;
        for (int width = step; width <= FrameSize.MAX_SIDE && width * step <= MAX_SHARE * pixels; width += step) {
            for (int height = step;
                    height <= FrameSize.MAX_SIDE && width * height <= MAX_SHARE * pixels;
                    height += step) {
                double error = Math.abs(Math.log((double) width / height) - aspect);
                boolean nearer = error < bestError - 1e-9;
                boolean larger = error < bestError + 1e-9 && width * height > best.width() * best.height();
                if (width * height >= MIN_SHARE * pixels && (nearer || larger)) {
                    best = new FrameSize(width, height);
                    bestError = error;
                }
            }
        }
        return best;
    }

    private static int leastCommonMultiple(int a, int b) {
        int x = a;
        int y = b;
        while (y != 0) {
            int rest = x % y;
            x = y;
            y = rest;
        }
        return a / x * b;
    }
}
