package org.patchreel.spi;

import java.util.Objects;

/**
 * A clip of which parts are made anew.
 *
 * @param frames of the clip, as many as the task's format has, in its size and rate; read once, by the thread that generates;
 *     closed by who made the task
 * @param mask as many frames in the same size, read beside them: what is brighter than mid grey is made anew, the rest is kept
 */
public record Inpainting(FrameSource frames, FrameSource mask) {

    /**
     * Checks that both are there.
     *
     * @throws NullPointerException if one is null; the message is its name
     */
    public Inpainting {
        Objects.requireNonNull(frames, "frames");
        Objects.requireNonNull(mask, "mask");
    }
}
