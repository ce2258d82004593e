package org.patchreel.api;

import java.util.Objects;

/** What a shot is made of besides its prompt. */
public sealed interface Source {

    /** {@return the picture or clip} */
    Media media();

    /**
     * Handles each kind.
     *
     * @param keyframe if it is a frame of the shot
     * @param continuation if the shot continues a clip
     * @param restyle if the shot is a clip in another style
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this kind returns
     * @throws X as the branch of this kind does
     */
    <R, X extends Exception> R fold(
            Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
            Branch<? super Continuation, ? extends R, ? extends X> continuation,
            Branch<? super Restyle, ? extends R, ? extends X> restyle)
            throws X;

    /**
     * A picture that the shot shows at one moment: the model makes the other frames so that they fit it.
     *
     * @param media a picture
     * @param at when; models that know only some of their frames take the nearest of them
     */
    record Keyframe(Media media, Position at) implements Source {

        /**
         * Checks both.
         *
         * @throws NullPointerException if one is null; the message is its name
         */
        public Keyframe {
            Objects.requireNonNull(media, "media");
            Objects.requireNonNull(at, "at");
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle)
                throws X {
            return keyframe.apply(this);
        }
    }

    /**
     * A clip that the shot continues: the result is one clip, in which its frames stand as they are and the made ones follow
     * or lead up to them. With one on each side the shot connects two clips.
     *
     * @param media a clip
     * @param side where the made frames are
     */
    record Continuation(Media media, Side side) implements Source {

        /** Where the made frames are. */
        public enum Side {
            /** After the clip's last frame. */
            AFTER,
            /** Before the clip's first frame. */
            BEFORE
        }

        /**
         * Checks both.
         *
         * @throws NullPointerException if one is null; the message is its name
         */
        public Continuation {
            Objects.requireNonNull(media, "media");
            Objects.requireNonNull(side, "side");
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle)
                throws X {
            return continuation.apply(this);
        }
    }

    /**
     * A clip that the shot repeats as the prompt describes it, or a picture of which a still is made: motion and composition stay, the more the lower the strength
     * (<a href="https://arxiv.org/abs/2108.01073">SDEdit</a>).
     *
     * @param media a clip; a picture if a still is made
     * @param strength above 0, which would leave the clip as it is, to 1, which leaves nothing of it
     */
    record Restyle(Media media, double strength) implements Source {

        /** The strength where nobody says another: the prompt decides what is seen, the clip how it moves. */
        public static final double DEFAULT_STRENGTH = 0.6;

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if the strength is out of range; the message names it
         * @throws NullPointerException if the clip is null
         */
        public Restyle {
            Objects.requireNonNull(media, "media");
            checkStrength(strength);
        }

        /**
         * Refuses a strength that is none.
         *
         * @param strength see above
         * @throws IllegalArgumentException if it is out of range; the message names it
         */
        public static void checkStrength(double strength) {
            if (!(strength > 0 && strength <= 1)) {
                throw new IllegalArgumentException("strength is above 0 and at most 1: " + strength);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle)
                throws X {
            return restyle.apply(this);
        }
    }
}
