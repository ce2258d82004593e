package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How long a shot is: in seconds, which keep their meaning at every frame rate, or in frames of the clip that is delivered,
 * which are exact. Immutable.
 */
public sealed interface ClipLength {

    /**
     * Handles each way to say it.
     *
     * @param seconds if it is a time
     * @param frames if it is a number of frames
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this length returns
     * @throws X as the branch of this length does
     */
    <R, X extends Exception> R fold(
            Branch<? super Seconds, ? extends R, ? extends X> seconds,
            Branch<? super Frames, ? extends R, ? extends X> frames)
            throws X;

    /**
     * Takes two values of which at most one may be given, as people type them.
     *
     * @param seconds as in {@link Seconds}
     * @param frames as in {@link Frames}
     * @return the length, or empty if neither is given
     * @throws IllegalArgumentException if both are given, or the one is out of range; the message names it
     */
    static Optional<ClipLength> of(OptionalDouble seconds, OptionalInt frames) {
        Objects.requireNonNull(seconds, "seconds");
        Objects.requireNonNull(frames, "frames");
        if (seconds.isPresent() && frames.isPresent()) {
            throw new IllegalArgumentException("seconds and frames both say how long the clip is: "
                    + seconds.getAsDouble() + " and " + frames.getAsInt() + "; give one of them");
        }
        if (seconds.isPresent()) {
            return Optional.of(new Seconds(seconds.getAsDouble()));
        }
        return frames.isPresent() ? Optional.of(new Frames(frames.getAsInt())) : Optional.empty();
    }

    /**
     * A time.
     *
     * @param value in seconds, more than 0 and at most 3600; the shot has seconds × frame rate frames, rounded to the nearest
     *     whole number
     */
    record Seconds(double value) implements ClipLength {

        private static final int MAX = 3600;

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the value is out of range
         */
        public Seconds {
            if (!(value > 0 && value <= MAX)) {
                throw new IllegalArgumentException("seconds must be more than 0 and at most " + MAX + ": " + value);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Seconds, ? extends R, ? extends X> seconds,
                Branch<? super Frames, ? extends R, ? extends X> frames)
                throws X {
            return seconds.apply(this);
        }
    }

    /**
     * A number of frames.
     *
     * @param count of the clip, at the clip's frame rate: 1 to {@value VideoFormat#MAX_FRAMES}
     */
    record Frames(int count) implements ClipLength {

        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the count is out of range
         */
        public Frames {
            if (count < 1 || count > VideoFormat.MAX_FRAMES) {
                throw new IllegalArgumentException("frames must be 1 to " + VideoFormat.MAX_FRAMES + ": " + count);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Seconds, ? extends R, ? extends X> seconds,
                Branch<? super Frames, ? extends R, ? extends X> frames)
                throws X {
            return frames.apply(this);
        }
    }
}
