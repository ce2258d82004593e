package org.patchreel.benchmarks.longclips;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Measures the frames of one clip as they come and keeps numbers alone. */
final class FrameCurves implements FrameSink {

    /**
     * One frame.
     *
     * @param colour mean red, green and blue, 0 to 255
     * @param sharpness mean absolute difference of green between neighbours in a row and in a column
     * @param change mean absolute difference to the frame before, of all three colours; 0 for the first frame
     */
    record Frame(List<Double> colour, double sharpness, double change) {}

    private final List<Frame> frames = new ArrayList<>();
    private byte[] before = new byte[0];

    @Override
    public void accept(VideoFrame frame) {
        ByteBuffer rgb = frame.rgb();
        byte[] now = new byte[rgb.remaining()];
        rgb.get(now);
        frames.add(new Frame(colour(now), sharpness(now, frame.width(), frame.height()), change(now)));
        before = now;
    }

    List<Frame> frames() {
        return frames;
    }

    private static List<Double> colour(byte[] rgb) {
        double[] sum = new double[3];
        for (int i = 0; i < rgb.length; i++) {
            sum[i % 3] += rgb[i] & 255;
        }
        return Arrays.stream(sum).mapToObj(each -> each * 3 / rgb.length).toList();
    }

    private static double sharpness(byte[] rgb, int width, int height) {
        long sum = 0;
        for (int y = 0; y < height - 1; y++) {
            for (int x = 0; x < width - 1; x++) {
                int at = 3 * (y * width + x) + 1;
                int here = rgb[at] & 255;
                sum += Math.abs(here - (rgb[at + 3] & 255)) + Math.abs(here - (rgb[at + 3 * width] & 255));
            }
        }
        return sum / (2.0 * (width - 1) * (height - 1));
    }

    private double change(byte[] rgb) {
        if (before.length == 0) {
            return 0;
        }
        long sum = 0;
        for (int i = 0; i < rgb.length; i++) {
            sum += Math.abs((rgb[i] & 255) - (before[i] & 255));
        }
        return sum / (double) rgb.length;
    }

    @Override
    public void close() {}
}
