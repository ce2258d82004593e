package org.patchreel.impl.fingerprint;

/** The eight ways in which a rectangular picture can be turned and mirrored. */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN_MIRRORED(false, false, true),
    UPSIDE_DOWN(false, true, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN(true, true, false),
    THREE_QUARTER_TURN(true, false, true),
    TRANSVERSED(true, true, true);

    private final boolean swap;
    private final boolean flipX;
    private final boolean flipY;

    Orientation(boolean swap, boolean flipX, boolean flipY) {
        this.swap = swap;
        this.flipX = flipX;
        this.flipY = flipY;
    }

    /** {@return where the pixel at x and y of the turned square picture comes from, counted row by row} */
    int source(int x, int y, int side) {
        int fromX = flipX ? side - 1 - x : x;
        int fromY = flipY ? side - 1 - y : y;
        return swap ? fromX * side + fromY : fromY * side + fromX;
    }
}
