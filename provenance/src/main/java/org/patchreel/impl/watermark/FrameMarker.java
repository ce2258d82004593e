package org.patchreel.impl.watermark;

import org.patchreel.api.FrameSize;

/**
 * Marks frames of one size: Y' = Y + α·mask(Y)·tile, the tile repeated over the working grid from its top left. Used by one
 * thread.
 */
final class FrameMarker {
    /**
     * Mean square error at a peak signal-to-noise ratio of 42 dB of a video's luma, whose steps are larger than those of red,
     * green and blue because it goes from 16 to 235; half a decibel is left for what is estimated.
     */
    private static final double MAX_ERROR = 255 * 255 / Math.pow(10, 4.25) * (255 / 219.0) * (255 / 219.0);

    /** Mean square error of rounding to whole steps. */
    private static final double ROUNDING = 1 / 12.0;

    final FrameSize grid;
    private final GridResampler lumaGrid;
    private final PerceptualMask mask;
    private final float[] pattern;

    /** Share of the mark's mean square that is left when it is interpolated. */
    private final double interpolated;

    /** What a frame needs to be marked. Can be used again for another frame. */
    final class Prepared {
        /** Luma of the working grid. */
        final float[] luma = new float[pattern.length];

        /** The mark of the working grid at strength 1, in luma steps. */
        final float[] mark = new float[pattern.length];

        /** The strength at which the peak signal-to-noise ratio reaches its floor of 42 dB. */
        double limit;

        /** Computes a frame's mark. */
        void prepare(byte[] rgb) {
            lumaGrid.shrink(rgb, luma);
            mask.compute(luma, mark);
            double squares = 0;
            for (int i = 0; i < mark.length; i++) {
                float value = mark[i] * pattern[i];
                mark[i] = value;
                squares += value * value;
            }
            limit = Math.sqrt((MAX_ERROR - ROUNDING) * mark.length / (interpolated * squares + 1e-9));
        }
    }

    FrameMarker(FrameSize frame, float[] tile) {
        grid = WorkingGrid.forMarking(frame);
        lumaGrid = new GridResampler(frame, grid);
        mask = new PerceptualMask(grid.width(), grid.height());
        pattern = new float[grid.width() * grid.height()];
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < grid.width(); x++) {
                pattern[y * grid.width() + x] = tile[y % Carriers.TILE * Carriers.TILE + x % Carriers.TILE];
            }
        }
        interpolated = lumaGrid.shareOfPower(pattern);
    }

    /**
     * Marks a frame.
     *
     * @param rgb changed in place
     * @param frame prepared for it
     * @param strength α
     * @return the strength that was applied: less where the frame's limit is lower
     */
    double mark(byte[] rgb, Prepared frame, double strength) {
        float alpha = (float) Math.min(strength, frame.limit);
        lumaGrid.add(rgb, frame.mark, alpha);
        return alpha;
    }
}
