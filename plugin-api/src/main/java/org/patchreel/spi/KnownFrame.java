package org.patchreel.spi;

import java.util.Objects;

/**
 * A frame of the output that is known before sampling: the model generates the others so that they fit it.
 *
 * @param index of the frame in the output, from 0
 * @param frame in the size of the task's format; its bytes must stay valid until the generation has ended
 */
public record KnownFrame(int index, VideoFrame frame) {

    /**
     * Checks the index.
     *
     * @throws IllegalArgumentException if it is less than 0
     * @throws NullPointerException if the frame is null
     */
    public KnownFrame {
        Objects.requireNonNull(frame, "frame");
        if (index < 0) {
            throw new IllegalArgumentException("the index of a known frame must be 0 or more: " + index);
        }
    }
}
