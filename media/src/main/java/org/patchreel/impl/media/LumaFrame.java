package org.patchreel.impl.media;

import java.io.IOException;
import java.time.Duration;

/** A decoded frame. Valid during the call that hands it over. */
public interface LumaFrame {

    /** {@return the frame's time as players show it, from the start of the file's first track; it never goes back} */
    Duration time();

    /** {@return how long a frame is shown, by the track's mean rate} */
    Duration duration();

    /** {@return whether the frame was coded without reference to others} */
    boolean isIntra();

    /**
     * Scales the frame. Costs time: frames whose luma is not needed are not asked for it.
     *
     * @return a byte a pixel, row by row without padding; valid until the next frame
     * @throws IOException if its pixel format is unknown, or the file takes more than the limits allow
     */
    byte[] luma() throws IOException;
}
