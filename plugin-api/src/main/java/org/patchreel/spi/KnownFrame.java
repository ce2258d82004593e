package org.patchreel.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * A frame of the output that is known before sampling: the model generates the others so that they fit it.
 *
 * @param index of the frame in the output, from 0
 * @param frame in the size of the task's format; its bytes must stay valid until the generation has ended
 * @param mask likewise: what is brighter than mid grey is made anew, for models that can ({@link
 *     ModelCapabilities.Ability#INPAINTING}); empty if all of the frame is known
 */
public record KnownFrame(int index, VideoFrame frame, Optional<VideoFrame> mask) {

    /**
     * A frame all of which is known.
     *
     * @param index see above
     * @param frame see above
     */
    public KnownFrame(int index, VideoFrame frame) {
        this(index, frame, Optional.empty());
    }

    /**
     * Checks the index.
     *
     * @throws IllegalArgumentException if it is less than 0
     * @throws NullPointerException if a value is null; the message is its name
     */
    public KnownFrame {
        Objects.requireNonNull(frame, "frame");
        Objects.requireNonNull(mask, "mask");
        if (index < 0) {
            throw new IllegalArgumentException("the index of a known frame must be 0 or more: " + index);
        }
    }
}
