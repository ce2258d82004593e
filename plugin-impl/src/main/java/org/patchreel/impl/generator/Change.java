package org.patchreel.impl.generator;

/** How much two pictures differ, around each pixel. */
final class Change {

    private Change() {}

    /**
     * Averages the differences around each pixel, twice, so that near ones count more.
     *
     * @param one RGB, 3 bytes a pixel, row by row
     * @param other likewise
     * @param width pixels
     * @param height pixels
     * @param radius of a square, pixels to each side; at the edges it is smaller
     * @return grey levels for each pixel
     */
    static float[] between(byte[] one, byte[] other, int width, int height, int radius) {
        float[] change = new float[width * height];
        for (int pixel = 0; pixel < change.length; pixel++) {
            int sum = 0;
            for (int i = 3 * pixel; i < 3 * pixel + 3; i++) {
                sum += Math.abs((one[i] & 0xff) - (other[i] & 0xff));
            }
            change[pixel] = sum / 3f;
        }
        float[] line = new float[Math.max(width, height)];
        for (int round = 0; round < 2; round++) {
            for (int y = 0; y < height; y++) {
                average(change, y * width, 1, width, radius, line);
            }
            for (int x = 0; x < width; x++) {
                average(change, x, width, height, radius, line);
            }
        }
        return change;
    }

    private static void average(float[] values, int first, int step, int count, int radius, float[] line) {
        double sum = 0;
        for (int i = 0; i < Math.min(radius, count); i++) {
            sum += values[first + i * step];
        }
        for (int i = 0; i < count; i++) {
            if (i + radius < count) {
                sum += values[first + (i + radius) * step];
            }
            if (i > radius) {
                sum -= values[first + (i - radius - 1) * step];
            }
            int from = Math.max(0, i - radius);
            int to = Math.min(count - 1, i + radius);
            line[i] = (float) Math.max(0, sum / (to - from + 1));
        }
        for (int i = 0; i < count; i++) {
            values[first + i * step] = line[i];
        }
    }
}
