package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PerspectiveTest {
    private static final Perspective VIEW =
            new Perspective(40, 30, new Geometry(0.95, 0.02, -0.03, 1.04), 0.0015, -0.001);

    /** The marked picture's place, from the map's definition. */
    private static double[] marked(double x, double y) {
        Geometry b = VIEW.atCentre().inverse();
        double dx = x - VIEW.centreX();
        double dy = y - VIEW.centreY();
        double depth = 1 + VIEW.wx() * dx + VIEW.wy() * dy;
        return new double[] {(b.xx() * dx + b.xy() * dy) / depth, (b.yx() * dx + b.yy() * dy) / depth};
    }

    @Test
    void itsGeometryIsTheDerivativeOfTheMap() {
        double x = 70;
        double y = 12;
        double step = 1e-4;
        Geometry inverse = VIEW.at(x, y).inverse();
        double[] right = marked(x + step, y);
        double[] left = marked(x - step, y);
        double[] below = marked(x, y + step);
        double[] above = marked(x, y - step);
        assertEquals((right[0] - left[0]) / (2 * step), inverse.xx(), 1e-6);
        assertEquals((right[1] - left[1]) / (2 * step), inverse.yx(), 1e-6);
        assertEquals((below[0] - above[0]) / (2 * step), inverse.xy(), 1e-6);
        assertEquals((below[1] - above[1]) / (2 * step), inverse.yy(), 1e-6);
        assertTrue(VIEW.at(VIEW.centreX(), VIEW.centreY()).isNear(VIEW.atCentre(), 1e-9));
    }

    /** A picture that is smooth in the marked picture's places is, straightened, the same function of straight places. */
    @Test
    void straightensWhatIsSeenFromTheSide() {
        int width = 80;
        int height = 60;
        float[] seen = new float[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double[] place = marked(x, y);
                seen[y * width + x] = wave(place[0], place[1]);
            }
        }
        float[] straight = VIEW.straighten(seen, width, height);
        Geometry b = VIEW.atCentre().inverse();
        for (int y = 10; y < height - 10; y++) {
            for (int x = 10; x < width - 10; x++) {
                double dx = x - VIEW.centreX();
                double dy = y - VIEW.centreY();
                float expected = wave(b.xx() * dx + b.xy() * dy, b.yx() * dx + b.yy() * dy);
                // interpolation between pixels of a wave of 18 pixels, which the view makes of 20: (2π/18)²/8
                assertEquals(expected, straight[y * width + x], 0.016, x + ", " + y);
            }
        }
    }

    private static float wave(double x, double y) {
        return (float) Math.sin(2 * Math.PI * (0.8 * x + 0.6 * y) / 20);
    }
}
