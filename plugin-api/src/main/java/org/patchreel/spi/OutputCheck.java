package org.patchreel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at frames before a clip is signed and stored, and at the pictures and clips of a request before it is queued. All services of
 * this type are asked; one that refuses is enough, and one that holds if none refuses; those with the highest ranking come first. A
 * check that throws, returns null, or takes longer than a minute and a second for each frame counts as one that refuses, and is
 * interrupted. May be called from any thread, and by several at a time.
 *
 * <p>What is refused is not kept. A clip that is held is neither signed nor stored, and waits for a reviewer ({@link
 * org.patchreel.api.Jobs#release}).
 */
@ConsumerType
public interface OutputCheck {

    /** Whose frames are looked at. */
    enum Subject {
        /** A clip or still that a model has made, as it would be stored. */
        MADE,
        /** A picture or clip that a request refers to; it may be a mask. */
        SOURCE
    }

    /**
     * {@return how many frames of a second are enough for this check, more than 0} The rate is lower in clips that are so long that
     * there would be more than 600.
     */
    default double framesPerSecond() {
        return 2;
    }

    /**
     * Looks at frames.
     *
     * @param frames regularly picked ones, from the first on, all of one size, the longer side of which is 512 pixels at most; closed by
     *     the caller
     * @param subject whose frames they are
     * @param submission what was asked for, and by whom
     * @return the decision, never null
     * @throws IOException if a frame cannot be read, or the check cannot be made
     */
    PolicyDecision check(FrameSource frames, Subject subject, Submission submission) throws IOException;
}
