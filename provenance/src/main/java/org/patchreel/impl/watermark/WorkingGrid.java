package org.patchreel.impl.watermark;

import org.patchreel.api.FrameSize;

/** The size at which the mark is made and read. */
final class WorkingGrid {
    /** Its shorter side in pixels. */
    static final int SHORT_SIDE = 360;

    /** Its longest side when a file is read; more would be a panorama of four to one. */
    static final int MAX_LONG_SIDE = 1440;

    private WorkingGrid() {}

    /** {@return the grid for marking: the frame brought to the short side, or the frame's own size if it is smaller} */
    static FrameSize forMarking(FrameSize frame) {
        double scale = Math.min(1, (double) SHORT_SIDE / Math.min(frame.width(), frame.height()));
        return new FrameSize((int) Math.max(1, Math.round(frame.width() * scale)), (int)
                Math.max(1, Math.round(frame.height() * scale)));
    }
}
