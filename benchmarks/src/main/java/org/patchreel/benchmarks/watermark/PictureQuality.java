package org.patchreel.benchmarks.watermark;

import java.nio.ByteBuffer;
import org.patchreel.spi.VideoFrame;

/**
 * How far marked frames are from unmarked ones, on the luma as an encoder gets it: BT.709, limited range, 8 bits, peak
 * 255 as in FFmpeg's {@code psnr} and {@code ssim}. Used by one thread.
 */
final class PictureQuality {
    /** SSIM takes far longer than marking; neighbouring frames tell the same. */
    private static final int SSIM_STRIDE = 10;

    private double squaredErrors;
    private double worst;
    private double similarities;
    private int frames;
    private int compared;

    /** {@return the luma of a frame, row by row} */
    static byte[] luma(VideoFrame frame) {
        ByteBuffer rgb = frame.rgb().duplicate();
        byte[] luma = new byte[frame.width() * frame.height()];
        for (int i = 0; i < luma.length; i++) {
            int red = rgb.get() & 255;
            int green = rgb.get() & 255;
            int blue = rgb.get() & 255;
            double full = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            luma[i] = (byte) Math.round(16 + full * 219 / 255);
        }
        return luma;
    }

    /**
     * Compares a frame.
     *
     * @param unmarked its luma
     * @param marked its luma, as long
     * @param width of both, pixels
     */
    void add(byte[] unmarked, byte[] marked, int width) {
        long squares = 0;
        for (int i = 0; i < unmarked.length; i++) {
            int difference = (unmarked[i] & 255) - (marked[i] & 255);
            squares += (long) difference * difference;
        }
        double error = (double) squares / unmarked.length;
        squaredErrors += error;
        worst = Math.max(worst, error);
        if (frames++ % SSIM_STRIDE == 0) {
            similarities += StructuralSimilarity.of(unmarked, marked, width);
            compared++;
        }
    }

    /** {@return PSNR of all frames together in dB; 100 if they are the same} */
    double psnr() {
        return decibels(squaredErrors / frames);
    }

    /** {@return PSNR of the worst frame in dB} */
    double worstPsnr() {
        return decibels(worst);
    }

    /** {@return mean SSIM, at most 1} */
    double ssim() {
        return similarities / compared;
    }

    private static double decibels(double squaredError) {
        return Math.min(100, 10 * Math.log10(255 * 255 / squaredError));
    }
}
