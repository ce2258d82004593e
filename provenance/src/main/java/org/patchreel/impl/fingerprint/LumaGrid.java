package org.patchreel.impl.fingerprint;

import java.nio.ByteBuffer;
import org.patchreel.spi.VideoFrame;

/**
 * A picture's luma on a square grid of {@value #SIDE} × {@value #SIDE} means, 0 to 255, whatever the picture's size and
 * aspect ratio. A pixel on the edge of cells counts for each by its area, so that the grid hardly depends on the size.
 */
final class LumaGrid {

    /** Cells a side. */
    static final int SIDE = 64;

    /** Units of the stored means in a level of grey. */
    private static final float UNITS = 256;

    private final short[] means;

    private LumaGrid(short[] means) {
        this.means = means;
    }

    /** Reduces a frame; its luma is that of BT.709 on the full range. */
    static LumaGrid of(VideoFrame frame) {
        int width = frame.width();
        ByteBuffer rgb = frame.rgb();
        byte[] pixels = new byte[3 * width];
        AreaSampler sampler = new AreaSampler(width, frame.height());
        float[] row = new float[width];
        for (int y = 0; y < frame.height(); y++) {
            rgb.get(3 * y * width, pixels);
            for (int x = 0; x < width; x++) {
                row[x] = 0.2126f * (pixels[3 * x] & 0xff)
                        + 0.7152f * (pixels[3 * x + 1] & 0xff)
                        + 0.0722f * (pixels[3 * x + 2] & 0xff);
            }
            sampler.add(y, row);
        }
        return sampler.grid();
    }

    /**
     * Reduces a grey picture.
     *
     * @param grey width × height bytes, row by row from the top left
     */
    static LumaGrid of(byte[] grey, int width, int height) {
        AreaSampler sampler = new AreaSampler(width, height);
        float[] row = new float[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                row[x] = grey[y * width + x] & 0xff;
            }
            sampler.add(y, row);
        }
        return sampler.grid();
    }

    /** Takes back what {@link #toBytes} gave. */
    static LumaGrid fromBytes(byte[] bytes) {
        short[] means = new short[SIDE * SIDE];
        for (int i = 0; i < means.length; i++) {
            means[i] = (short) ((bytes[i] & 0xff) * UNITS);
        }
        return new LumaGrid(means);
    }

    /** {@return the means rounded to a byte each, row by row} */
    byte[] toBytes() {
        byte[] bytes = new byte[SIDE * SIDE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.min(255, Math.round((means[i] & 0xffff) / UNITS));
        }
        return bytes;
    }

    /** {@return the mean of a cell} */
    float mean(int x, int y) {
        return (means[y * SIDE + x] & 0xffff) / UNITS;
    }

    /** {@return the grid turned} */
    LumaGrid turned(Orientation orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return this;
        }
        short[] turned = new short[means.length];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                turned[y * SIDE + x] = means[orientation.source(x, y, SIDE)];
            }
        }
        return new LumaGrid(turned);
    }

    /**
     * Sums from the top left, for {@link FrameSignature#of}.
     *
     * @return (SIDE+1)² sums: that of all cells above row y and left of column x stands at y × (SIDE+1) + x
     */
    double[] sums() {
        int stride = SIDE + 1;
        double[] sums = new double[stride * stride];
        for (int y = 0; y < SIDE; y++) {
            double row = 0;
            for (int x = 0; x < SIDE; x++) {
                row += mean(x, y);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
            }
        }
        return sums;
    }

    /** Adds up rows of pixels in the cells that they belong to. */
    private static final class AreaSampler {
        private final int width;
        private final int height;
        private final double[] totals = new double[SIDE * SIDE];
        private final double[] columns = new double[SIDE];

        AreaSampler(int width, int height) {
            this.width = width;
            this.height = height;
        }

        void add(int y, float[] row) {
            reduce(row);
            double top = (double) y * SIDE / height;
            double bottom = (double) (y + 1) * SIDE / height;
            for (int cell = (int) top; cell < bottom && cell < SIDE; cell++) {
                double share = Math.min(bottom, cell + 1) - Math.max(top, cell);
                for (int x = 0; x < SIDE; x++) {
                    totals[cell * SIDE + x] += share * columns[x];
                }
            }
        }

        private void reduce(float[] row) {
            double step = (double) SIDE / width;
            for (int x = 0; x < SIDE; x++) {
                double left = (double) x * width / SIDE;
                double right = (double) (x + 1) * width / SIDE;
                double sum = 0;
                for (int pixel = (int) left; pixel < right && pixel < width; pixel++) {
                    sum += (Math.min(right, pixel + 1) - Math.max(left, pixel)) * row[pixel];
                }
                columns[x] = sum * step;
            }
        }

        LumaGrid grid() {
            short[] means = new short[SIDE * SIDE];
            for (int i = 0; i < means.length; i++) {
                means[i] = (short) Math.min(0xffff, Math.round(totals[i] * UNITS));
            }
            return new LumaGrid(means);
        }
    }
}
