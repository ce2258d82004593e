package org.patchreel.impl.media;

/**
 * A part of a picture, in shares of its sides from the top left.
 *
 * @param left edge, 0 to 1
 * @param top edge, 0 to 1
 * @param right edge, 0 to 1
 * @param bottom edge, 0 to 1
 */
public record PictureArea(double left, double top, double right, double bottom) {

    /** All of it. */
    public static final PictureArea WHOLE = new PictureArea(0, 0, 1, 1);
}
