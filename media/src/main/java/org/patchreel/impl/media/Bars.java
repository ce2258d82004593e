package org.patchreel.impl.media;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/** Finds bars of one colour at the edges of a picture, which may bear captions. */
public final class Bars {
    /** Luma up to which a colour is black, and from which on it is white: other areas of one colour are pictures. */
    private static final float BLACK = 24;

    private static final float WHITE = 228;

    /** Steps of luma by which a bar's pixels differ at most from its colour. */
    private static final float TOLERANCE = 5;

    /** Share of a line that has the bar's colour beside a caption, and where there is none. */
    private static final double BESIDE_CAPTION = 0.25;

    private static final double EMPTY = 0.85;

    /** Share of a side that is always left. */
    private static final double MIN_LEFT = 0.2;

    private Bars() {}

    /**
     * Finds what the bars leave.
     *
     * @param luma of the picture, the mean over time
     * @param width pixels
     * @param height pixels
     * @return the picture without its bars, the whole of it if there are none
     */
    public static PictureArea within(float[] luma, int width, int height) {
        int[] rows = kept(luma, height, width, (y, x) -> y * width + x);
        int top = rows[0];
        int lines = rows[1] - top;
        int[] columns = kept(luma, width, lines, (x, y) -> (top + y) * width + x);
        return new PictureArea(
                (double) columns[0] / width,
                (double) top / height,
                (double) columns[1] / width,
                (double) rows[1] / height);
    }

    /** The first line that is no bar, and the first one behind the last. */
    private static int[] kept(float[] luma, int lines, int length, IntBinaryOperator index) {
        int first = bar(luma, lines, length, index);
        int last = lines - bar(luma, lines, length, (line, at) -> index.applyAsInt(lines - 1 - line, at));
        return last - first < MIN_LEFT * lines ? new int[] {0, lines} : new int[] {first, last};
    }

    private static int bar(float[] luma, int lines, int length, IntBinaryOperator index) {
        float[] line = new float[length];
        for (int at = 0; at < length; at++) {
            line[at] = luma[index.applyAsInt(0, at)];
        }
        Arrays.sort(line);
        float colour = line[length / 2];
        if (colour > BLACK && colour < WHITE) {
            return 0;
        }
        int width = 0;
        for (int at = 0; at < lines; at++) {
            int coloured = 0;
            for (int i = 0; i < length; i++) {
                coloured += Math.abs(luma[index.applyAsInt(at, i)] - colour) <= TOLERANCE ? 1 : 0;
            }
            if (coloured < BESIDE_CAPTION * length) {
                break;
            }
            if (coloured >= EMPTY * length) {
                width = at + 1;
            }
        }
        return width;
    }
}
