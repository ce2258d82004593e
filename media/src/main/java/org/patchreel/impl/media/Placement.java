package org.patchreel.impl.media;

import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;

/**
 * Which part of a frame is shown where, before it is turned.
 *
 * @param left of the part, in pixels of the frame
 * @param top of the part
 * @param crop the part's size
 * @param inner the size to which the part is scaled; it is shown in the middle
 */
record Placement(int left, int top, FrameSize crop, FrameSize inner) {

    /**
     * Fits a frame.
     *
     * @param frame to show
     * @param target size to show it in, before it is turned
     */
    static Placement of(FrameShape frame, FrameSize target, Fit fit) {
        int width = frame.size().width();
        int height = frame.size().height();
        // of the target, in pixels of the frame
        double aspect = (double) target.width() / target.height() / frame.pixelAspect();
        boolean isWider = width > height * aspect;
        if (fit == Fit.CONTAIN) {
            // height by width of the frame as displayed, times the target's width by its height
            double scale = height * aspect / width;
            FrameSize inner = isWider
                    ? new FrameSize(target.width(), clamped(target.height() * scale, target.height()))
                    : new FrameSize(clamped(target.width() / scale, target.width()), target.height());
            return new Placement(0, 0, frame.size(), inner);
        }
        FrameSize crop = isWider
                ? new FrameSize(clamped(height * aspect, width), height)
                : new FrameSize(width, clamped(width / aspect, height));
        return new Placement(
                middle(width - crop.width(), frame.chromaShiftX()),
                middle(height - crop.height(), frame.chromaShiftY()),
                crop,
                target);
    }

    private static int clamped(double side, int max) {
        return (int) Math.max(1, Math.min(max, Math.round(side)));
    }

    /** Half of what is cut off, where a sample of chroma begins. */
    private static int middle(int cut, int chromaShift) {
        return ((cut / 2) >> chromaShift) << chromaShift;
    }
}
