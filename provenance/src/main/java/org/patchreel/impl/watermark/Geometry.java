package org.patchreel.impl.watermark;

/**
 * A linear map from the marked picture's working grid to that of the picture at hand; its shift is found separately.
 *
 * @param xx x per x
 * @param xy x per y
 * @param yx y per x
 * @param yy y per y
 */
public record Geometry(double xx, double xy, double yx, double yy) {
    static final Geometry IDENTITY = new Geometry(1, 0, 0, 1);

    /** A map of carriers to frequencies in cycles per pixel: the inverse transpose of a geometry, over the tile's side. */
    record Lattice(float xx, float xy, float yx, float yy) {}

    /** {@return the map that scales, then rotates} */
    static Geometry of(double scaleX, double scaleY, double radians) {
        double c = Math.cos(radians);
        double s = Math.sin(radians);
        return new Geometry(c * scaleX, -s * scaleY, s * scaleX, c * scaleY);
    }

    double determinant() {
        return xx * yy - xy * yx;
    }

    Geometry inverse() {
        double d = determinant();
        return new Geometry(yy / d, -xy / d, -yx / d, xx / d);
    }

    /** {@return the map that applies another first, then this} */
    Geometry after(Geometry other) {
        return new Geometry(
                xx * other.xx + xy * other.yx,
                xx * other.xy + xy * other.yy,
                yx * other.xx + yy * other.yx,
                yx * other.xy + yy * other.yy);
    }

    /** {@return whether all coefficients are the same but for a share of the map's size} */
    boolean isNear(Geometry other, double share) {
        double size = share * Math.sqrt(Math.abs(determinant()));
        return Math.abs(xx - other.xx) < size
                && Math.abs(xy - other.xy) < size
                && Math.abs(yx - other.yx) < size
                && Math.abs(yy - other.yy) < size;
    }

    Lattice lattice() {
        double d = determinant() * Carriers.TILE;
        return new Lattice((float) (yy / d), (float) (-yx / d), (float) (-xy / d), (float) (xx / d));
    }
}
