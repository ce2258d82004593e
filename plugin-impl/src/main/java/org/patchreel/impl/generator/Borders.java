package org.patchreel.impl.generator;

import java.nio.ByteBuffer;
import org.patchreel.api.FrameSize;

/**
 * What a picture leaves empty in a frame that contains it.
 *
 * @param picture size as displayed
 * @param frame size
 */
record Borders(FrameSize picture, FrameSize frame) {

    /** How far they reach into the picture, in pixels of the frame: its edge is a mixture with what is empty. */
    private static final int SEAM = 1;

    private static final byte WHITE = (byte) 0xff;

    /** {@return the width of the left and of the right one; 0 if there is none} */
    private int side() {
        return beside(frame.width(), (double) frame.height() * picture.width() / picture.height());
    }

    /** {@return the height of the one at the top and of the one at the bottom} */
    private int top() {
        return beside(frame.height(), (double) frame.width() * picture.height() / picture.width());
    }

    private static int beside(int side, double shown) {
        int empty = side - (int) Math.round(shown);
        return empty < 2 ? 0 : (empty + 1) / 2 + SEAM;
    }

    /** {@return whether anything is left empty} */
    boolean any() {
        return side() > 0 || top() > 0;
    }

    /**
     * Makes them white.
     *
     * @param rgb a frame's bytes, from the buffer's first on
     */
    void whiten(ByteBuffer rgb) {
        int row = 3 * frame.width();
        int height = frame.height();
        fill(rgb, 0, top() * row);
        fill(rgb, (height - top()) * row, height * row);
        for (int y = 0; y < height; y++) {
            fill(rgb, y * row, y * row + 3 * side());
            fill(rgb, (y + 1) * row - 3 * side(), (y + 1) * row);
        }
    }

    private static void fill(ByteBuffer rgb, int start, int end) {
        for (int i = start; i < end; i++) {
            rgb.put(i, WHITE);
        }
    }
}
