package org.patchreel.runtime.denoise;

import java.util.HashSet;
import java.util.Set;

/**
 * The noise of latents in a step of a run.
 *
 * @param step from 0
 * @param timestep what the model is told, 0 to 1000
 * @param cleanFrames latent frames, from 0, that have no noise: their timestep is 0
 */
public record Level(int step, float timestep, Set<Integer> cleanFrames) {

    public Level {
        cleanFrames = Set.copyOf(cleanFrames);
    }

    /** All frames at one level. */
    public Level(int step, float timestep) {
        this(step, timestep, Set.of());
    }

    /** {@return this level but for count latent frames from first on, which have no noise} */
    Level withCleanFrames(int first, int count) {
        Set<Integer> frames = new HashSet<>(cleanFrames);
        for (int frame = first; frame < first + count; frame++) {
            frames.add(frame);
        }
        return new Level(step, timestep, frames);
    }

    /** {@return this level as latents see it that are cut out: the leading frames, and count frames from first on} */
    Level within(int leading, int first, int count) {
        Set<Integer> frames = new HashSet<>();
        for (int frame : cleanFrames) {
            if (frame < leading) {
                frames.add(frame);
            } else if (frame >= first && frame < first + count) {
                frames.add(frame - first + leading);
            }
        }
        return new Level(step, timestep, frames);
    }
}
