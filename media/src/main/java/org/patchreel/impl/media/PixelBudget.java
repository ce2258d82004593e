package org.patchreel.impl.media;

import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** How many pixels may be worked on, of all frames together. */
final class PixelBudget {
    private final long limit;
    private final String action;
    private long spent;

    /**
     * Creates a budget.
     *
     * @param limit in pixels
     * @param action what is done with them, for the message
     */
    PixelBudget(long limit, String action) {
        this.limit = limit;
        this.action = action;
    }

    /**
     * Counts a frame.
     *
     * @throws IOException if the budget does not allow it
     */
    void spend(AVFrame frame) throws IOException {
        spent += (long) frame.width() * frame.height();
        if (spent > limit) {
            throw new MediaException(
                    FrameDecoder.FILE,
                    "there are more than " + limit / 1_000_000 + " million pixels to " + action + ", the limit");
        }
    }
}
