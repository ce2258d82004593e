package org.patchreel.policy.frames;

import java.nio.ByteBuffer;
import org.patchreel.spi.VideoFrame;

/**
 * The luma of a picture.
 *
 * @param width pixels
 * @param height pixels
 * @param values from 0 to 255, row by row from the top left
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares or changes them
record GreyPicture(int width, int height, float[] values) {

    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    static GreyPicture of(VideoFrame frame) {
        ByteBuffer rgb = frame.rgb();
        float[] values = new float[frame.width() * frame.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = luma(rgb.get() & 0xff, rgb.get() & 0xff, rgb.get() & 0xff);
        }
        return new GreyPicture(frame.width(), frame.height(), values);
    }

    /** {@return the luma of a colour, as Rec. 601 weighs it} */
    static float luma(int red, int green, int blue) {
        return RED * red + GREEN * green + BLUE * blue;
    }

    float at(int x, int y) {
        return values[y * width + x];
    }

    /** {@return the picture in another size, each pixel the mean of those that it stands for; a side that grows repeats pixels} */
    GreyPicture scaled(int toWidth, int toHeight) {
        return scaled(0, 0, width, height, toWidth, toHeight);
    }

    /** {@return a part of the picture in another size} */
    GreyPicture scaled(int left, int top, int partWidth, int partHeight, int toWidth, int toHeight) {
        float[] scaled = new float[toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            int firstRow = top + (int) ((long) y * partHeight / toHeight);
            int lastRow = Math.max(firstRow + 1, top + (int) ((long) (y + 1) * partHeight / toHeight));
            for (int x = 0; x < toWidth; x++) {
                int first = left + (int) ((long) x * partWidth / toWidth);
                int last = Math.max(first + 1, left + (int) ((long) (x + 1) * partWidth / toWidth));
                scaled[y * toWidth + x] = mean(first, last, firstRow, lastRow);
            }
        }
        return new GreyPicture(toWidth, toHeight, scaled);
    }

    private float mean(int first, int last, int firstRow, int lastRow) {
        float sum = 0;
        for (int y = firstRow; y < lastRow; y++) {
            for (int x = first; x < last; x++) {
                sum += values[y * width + x];
            }
        }
        return sum / ((last - first) * (lastRow - firstRow));
    }

    /** {@return how much the values differ from their mean, squared, on average} */
    double variance() {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += value * (double) value;
        }
        double mean = sum / values.length;
        return Math.max(0, squares / values.length - mean * mean);
    }

    /** {@return the largest difference of a pixel to that of another picture of the same size} */
    float distance(GreyPicture other) {
        float largest = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i] - other.values[i]));
        }
        return largest;
    }
}
