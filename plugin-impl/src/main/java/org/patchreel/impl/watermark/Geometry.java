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
}
