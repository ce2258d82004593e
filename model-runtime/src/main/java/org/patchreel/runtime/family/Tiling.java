package org.patchreel.runtime.family;

/**
 * Overlapping tiles in which large frames are coded one after the other, so that memory depends on the tile.
 *
 * @param size height and width of a tile in pixels
 * @param stride distance of two tiles in pixels; tiles overlap by the difference, in which they fade into each other
 */
public record Tiling(int size, int stride) {

    /**
     * Checks that tiles overlap.
     *
     * @throws IllegalArgumentException if they do not
     */
    public Tiling {
        if (stride < 1 || stride > size) {
            throw new IllegalArgumentException("stride of tiles must be 1 to their size " + size + ": " + stride);
        }
    }

    /** {@return the same tiles in units of several pixels} */
    public Tiling dividedBy(int pixels) {
        return new Tiling(size / pixels, stride / pixels);
    }
}
