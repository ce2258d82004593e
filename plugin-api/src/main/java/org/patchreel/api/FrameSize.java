package org.patchreel.api;

/**
 * Width and height of a frame in pixels.
 *
 * @param width 1 to {@value #MAX_SIDE}
 * @param height 1 to {@value #MAX_SIDE}
 */
public record FrameSize(int width, int height) {

    /** The longest side: 8K. */
    public static final int MAX_SIDE = 8192;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if a side is out of range
     */
    public FrameSize {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "each side must be 1 to " + MAX_SIDE + " pixels: " + width + "x" + height);
        }
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
