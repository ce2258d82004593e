package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BarsTest {
    private static final int WIDTH = 80;
    private static final int HEIGHT = 100;

    /** A picture that is neither black nor white. */
    private static float[] picture() {
        float[] luma = new float[WIDTH * HEIGHT];
        for (int i = 0; i < luma.length; i++) {
            luma[i] = 60 + i * 7919 % 120;
        }
        return luma;
    }

    private static void fill(float[] luma, int left, int top, int right, int bottom, float colour) {
        for (int y = top; y < bottom; y++) {
            Arrays.fill(luma, y * WIDTH + left, y * WIDTH + right, colour);
        }
    }

    @Test
    void leavesAPictureWithoutBarsWhole() {
        assertEquals(PictureArea.WHOLE, Bars.within(picture(), WIDTH, HEIGHT));
    }

    @Test
    void findsBlackBarsOnAllSides() {
        float[] luma = picture();
        fill(luma, 0, 0, WIDTH, 10, 16);
        fill(luma, 0, 90, WIDTH, HEIGHT, 16);
        fill(luma, 0, 0, 8, HEIGHT, 16);
        fill(luma, 76, 0, WIDTH, HEIGHT, 16);
        assertEquals(new PictureArea(0.1, 0.1, 0.95, 0.9), Bars.within(luma, WIDTH, HEIGHT));
    }

    @Test
    void findsAWhiteBarWithACaption() {
        float[] luma = picture();
        fill(luma, 0, 80, WIDTH, HEIGHT, 235);
        fill(luma, 12, 85, 68, 95, 20);
        assertEquals(new PictureArea(0, 0, 1, 0.8), Bars.within(luma, WIDTH, HEIGHT));
    }

    @Test
    void takesAClearSkyForAPicture() {
        float[] luma = picture();
        fill(luma, 0, 0, WIDTH, 40, 160);
        assertEquals(PictureArea.WHOLE, Bars.within(luma, WIDTH, HEIGHT));
    }

    @Test
    void leavesAPictureThatIsAllBlackWhole() {
        assertEquals(PictureArea.WHOLE, Bars.within(new float[WIDTH * HEIGHT], WIDTH, HEIGHT));
    }
}
