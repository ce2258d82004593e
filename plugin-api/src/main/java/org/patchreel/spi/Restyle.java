package org.patchreel.spi;

import java.util.Objects;

/**
 * A clip that a task starts from instead of from noise alone.
 *
 * @param frames of the clip, as many as the task's format has, in its size and rate; read once, by the thread that generates;
 *     closed by who made the task
 * @param strength above 0, which would leave the clip as it is, to 1, which leaves nothing of it
 */
public record Restyle(FrameSource frames, double strength) {

    /**
     * Checks the strength.
     *
     * @throws IllegalArgumentException if it is out of range; the message names it
     * @throws NullPointerException if there are no frames
     */
    public Restyle {
        Objects.requireNonNull(frames, "frames");
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException("strength is above 0 and at most 1: " + strength);
        }
    }
}
