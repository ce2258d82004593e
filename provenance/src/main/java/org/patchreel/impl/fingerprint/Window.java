package org.patchreel.impl.fingerprint;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a picture.
 *
 * @param x left edge, 0 to 1
 * @param y top edge, 0 to 1
 * @param width of the whole picture's, 0 to 1
 * @param height of the whole picture's, 0 to 1
 */
record Window(double x, double y, double width, double height) {

    /** All of it. */
    static final Window WHOLE = new Window(0, 0, 1, 1);

    /** Left, right, top and bottom half, as in collages. */
    static final List<Window> HALVES = List.of(
            new Window(0, 0, 0.5, 1), new Window(0.5, 0, 0.5, 1), new Window(0, 0, 1, 0.5), new Window(0, 0.5, 1, 0.5));

    /** The smallest side of a part. */
    private static final double MIN_SIDE = 0.3;

    /**
     * From one size to the next, and from one place to the next in sides: a part is then at most 7 % of its size and 4 %
     * of its side beside one of the grid, where signatures of the same picture are still about 150 apart or less.
     */
    private static final double SIZE_STEP = 0.87;

    private static final double PLACE_STEP = 0.08;

    /** {@return a grid of parts of the same shape as the whole, and of stripes as wide or as high as the whole} */
    static List<Window> grid() {
        List<Window> windows = new ArrayList<>();
        for (double side = 0.9; side >= MIN_SIDE; side *= SIZE_STEP) {
            double[] places = places(side);
            for (double y : places) {
                for (double x : places) {
                    windows.add(new Window(x, y, side, side));
                }
                windows.add(new Window(0, y, 1, side));
                windows.add(new Window(y, 0, side, 1));
            }
        }
        return List.copyOf(windows);
    }

    private static double[] places(double side) {
        int steps = (int) Math.ceil((1 - side) / (PLACE_STEP * side));
        double[] places = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            places[i] = (1 - side) * i / steps;
        }
        return places;
    }

    /**
     * Windows a little beside this one: moved, and with edges moved one by one.
     *
     * @param step of this window's sides
     */
    List<Window> neighbours(double step) {
        double dx = step * width;
        double dy = step * height;
        return Stream.of(
                        new Window(x - dx, y, width, height),
                        new Window(x + dx, y, width, height),
                        new Window(x, y - dy, width, height),
                        new Window(x, y + dy, width, height),
                        new Window(x - dx, y - dy, width + 2 * dx, height + 2 * dy),
                        new Window(x + dx, y + dy, width - 2 * dx, height - 2 * dy),
                        new Window(x - dx, y, width + 2 * dx, height),
                        new Window(x + dx, y, width - 2 * dx, height),
                        new Window(x, y - dy, width, height + 2 * dy),
                        new Window(x, y + dy, width, height - 2 * dy))
                .map(Window::clipped)
                .toList();
    }

    private Window clipped() {
        double left = Math.max(0, x);
        double top = Math.max(0, y);
        return new Window(left, top, Math.min(1, x + width) - left, Math.min(1, y + height) - top);
    }
}
