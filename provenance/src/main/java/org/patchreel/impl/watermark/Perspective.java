package org.patchreel.impl.watermark;

/**
 * A view from the side: maps a place of the picture at hand to the marked picture, d ↦ B·d / (1 + w·d), where d is the
 * distance from a centre.
 *
 * @param centreX of the picture at hand, pixels
 * @param centreY of the picture at hand, pixels
 * @param atCentre B⁻¹: the geometry at the centre
 * @param wx change of the scale along x, a pixel
 * @param wy change of the scale along y, a pixel
 */
record Perspective(double centreX, double centreY, Geometry atCentre, double wx, double wy) {

    /** {@return the geometry near a place of the picture at hand} */
    Geometry at(double x, double y) {
        double dx = x - centreX;
        double dy = y - centreY;
        double depth = 1 + wx * dx + wy * dy;
        Geometry b = atCentre.inverse();
        double bx = (b.xx() * dx + b.xy() * dy) / depth;
        double by = (b.yx() * dx + b.yy() * dy) / depth;
        return new Geometry(
                        (b.xx() - bx * wx) / depth,
                        (b.xy() - bx * wy) / depth,
                        (b.yx() - by * wx) / depth,
                        (b.yy() - by * wy) / depth)
                .inverse();
    }

    /**
     * Brings a picture back to how it was before it was seen from the side, its centre geometry kept: what is left is that
     * geometry everywhere.
     *
     * @param picture row by row
     * @param width pixels
     * @param height pixels
     * @return the picture in the same frame, 0 where it did not reach
     */
    float[] straighten(float[] picture, int width, int height) {
        float[] straight = new float[picture.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double ex = x - centreX;
                double ey = y - centreY;
                double depth = 1 - wx * ex - wy * ey;
                double fromX = centreX + ex / depth;
                double fromY = centreY + ey / depth;
                int left = (int) Math.floor(fromX);
                int top = (int) Math.floor(fromY);
                if (depth > 0 && left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
                    float fx = (float) (fromX - left);
                    float fy = (float) (fromY - top);
                    int at = top * width + left;
                    float upper = picture[at] + fx * (picture[at + 1] - picture[at]);
                    float lower = picture[at + width] + fx * (picture[at + width + 1] - picture[at + width]);
                    straight[y * width + x] = upper + fy * (lower - upper);
                }
            }
        }
        return straight;
    }
}
