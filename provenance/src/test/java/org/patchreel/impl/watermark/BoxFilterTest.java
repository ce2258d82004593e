package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxFilterTest {
    @ParameterizedTest
    @CsvSource({"20,15,3", "20,15,7", "33,17,9", "40,30,13", "40,30,15", "16,16,15", "1,5,9", "3,2,13"})
    void givesTheMeanOfTheSquareAroundEachPixel(int width, int height, int side) {
        Random random = new Random(side);
        float[] from = new float[width * height];
        for (int i = 0; i < from.length; i++) {
            from[i] = 255 * random.nextFloat();
        }
        float[] to = new float[from.length];
        new BoxFilter(width, height, side).apply(from, to);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sum = 0;
                for (int dy = -side / 2; dy <= side / 2; dy++) {
                    for (int dx = -side / 2; dx <= side / 2; dx++) {
                        sum += from[mirror(y + dy, height) * width + mirror(x + dx, width)];
                    }
                }
                // single precision, values up to 255
                assertEquals(sum / (side * side), to[y * width + x], 1e-3);
            }
        }
    }

    private static int mirror(int at, int size) {
        int i = at;
        while (i < 0 || i >= size) {
            i = i < 0 ? -1 - i : 2 * size - 1 - i;
        }
        return i;
    }
}
