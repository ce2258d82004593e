package org.patchreel.impl.media;

import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;

/**
 * Which of the frames that a model makes are shown when, in a clip of another frame rate. Frame n of either is due at n /
 * rate seconds, so that the motion keeps its speed. Rates that differ by NTSC's thousandth alone, as 24 and 23.976 do, count
 * as the same: each frame is shown once, and nobody sees that the motion is a thousandth slower.
 *
 * @param generated rate of the model's frames
 * @param delivered rate of the clip
 * @param interpolation what is shown between two of the model's frames
 */
public record FrameTiming(FrameRate generated, FrameRate delivered, FrameInterpolation interpolation) {

    /** {@return whether each frame of the clip is one of the model's, in their order} */
    public boolean keepsFrames() {
        return generated.nominal() == delivered.nominal();
    }

    /**
     * The model's frame that is shown, or from which the next one is approached.
     *
     * @param frame of the clip, from 0
     * @return of the model, from 0
     */
    long index(long frame) {
        return keepsFrames() ? frame : frame * numerator() / denominator();
    }

    /** How near the clip's frame is to the model's next one, from 0 to below 1; 0 unless frames are mixed. */
    double fraction(long frame) {
        return keepsFrames() || interpolation == FrameInterpolation.REPEAT
                ? 0
                : (double) (frame * numerator() % denominator()) / denominator();
    }

    private long numerator() {
        return (long) generated.numerator() * delivered.denominator();
    }

    private long denominator() {
        return (long) generated.denominator() * delivered.numerator();
    }

    /**
     * How many frames the model has to make.
     *
     * @param frames of the clip, 1 or more
     * @return at least 1
     */
    public long generatedFrames(long frames) {
        return index(frames - 1) + (fraction(frames - 1) > 0 ? 2 : 1);
    }

    /**
     * How many frames of the clip last as long as frames of the model.
     *
     * @param frames of the model
     * @return the nearest whole number, at least 1
     */
    public long deliveredFrames(long frames) {
        return keepsFrames() ? frames : Math.max(1, (2 * frames * denominator() + numerator()) / (2 * numerator()));
    }
}
