package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

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
     * @param interpolation if the shot is a clip with more frames a second
     * @param reference if the shot shows who or what is in a picture
     * @param control if the shot follows a clip
     * @param inpainting if parts of a clip are made anew
     * @param <R> what the branches return
     * @param <X> what they throw
     * @return what the branch of this kind returns
     * @throws X as the branch of this kind does
     */
    <R, X extends Exception> R fold(
            Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
            Branch<? super Continuation, ? extends R, ? extends X> continuation,
            Branch<? super Restyle, ? extends R, ? extends X> restyle,
            Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
            Branch<? super Reference, ? extends R, ? extends X> reference,
            Branch<? super Control, ? extends R, ? extends X> control,
            Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
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
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
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
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
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
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
                throws X {
            return restyle.apply(this);
        }
    }

    /**
     * A clip between whose frames the shot has more, so that the motion is smoother: the result is as long, has the frame rate
     * {@code factor} times, and every {@code factor}-th of its frames is one of the clip's, as it is.
     *
     * @param media a clip
     * @param factor from {@value #MIN_FACTOR} to {@value #MAX_FACTOR}: how many frames the result has for each of the clip
     */
    record Interpolation(Media media, int factor) implements Source {

        /** The lowest factor: one frame between two of the clip. */
        public static final int MIN_FACTOR = 2;

        /** The highest factor. */
        public static final int MAX_FACTOR = 8;

        /**
         * Checks the factor.
         *
         * @throws IllegalArgumentException if it is out of range; the message names it
         * @throws NullPointerException if the clip is null; the message is its name
         */
        public Interpolation {
            Objects.requireNonNull(media, "media");
            checkFactor(factor);
        }

        /**
         * Refuses a factor that is none.
         *
         * @param factor see above
         * @throws IllegalArgumentException if it is out of range; the message names it
         */
        public static void checkFactor(int factor) {
            if (factor < MIN_FACTOR || factor > MAX_FACTOR) {
                throw new IllegalArgumentException(
                        "factor is from " + MIN_FACTOR + " to " + MAX_FACTOR + ": " + factor);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
                throws X {
            return interpolation.apply(this);
        }
    }

    /**
     * A picture of a character or a thing that the shot shows as it looks there, in whatever place and pose the prompt says.
     * Several pictures of one have its name; the first ones count most.
     *
     * @param media a picture, best of the subject alone on a white ground
     * @param name of the character or thing: 1 to {@value #MAX_NAME_LENGTH} letters, digits, {@code _} and {@code -}
     */
    record Reference(Media media, String name) implements Source {

        /** Maximum number of pictures of all characters and things of a shot. */
        public static final int MAX_PICTURES = 8;

        /** Maximum length of a name in UTF-16 units. */
        public static final int MAX_NAME_LENGTH = 40;

        private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]{1," + MAX_NAME_LENGTH + "}");

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if it is none; the message has it
         * @throws NullPointerException if a value is null; the message is its name
         */
        public Reference {
            Objects.requireNonNull(media, "media");
            Objects.requireNonNull(name, "name");
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a character has 1 to " + MAX_NAME_LENGTH + " letters, digits, _ and -: " + name);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
                throws X {
            return reference.apply(this);
        }
    }

    /**
     * A clip whose motion and composition the shot follows: depth, lines, poses or another such picture of each frame, as the
     * model was trained with them.
     *
     * @param media a clip; a picture if a still is made
     */
    record Control(Media media) implements Source {

        /**
         * Checks the clip.
         *
         * @throws NullPointerException if it is null
         */
        public Control {
            Objects.requireNonNull(media, "media");
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
                throws X {
            return control.apply(this);
        }
    }

    /**
     * A clip of which parts are made anew, as the prompt describes it, while the rest stays: what is white in a mask, and what the
     * clip leaves empty in a size of another shape ({@link Fit#CONTAIN}).
     *
     * @param media a clip; a picture if a still is made
     * @param mask a picture, which is the same for all frames, or a clip as long as the one; of its shape, in any size: brighter
     *     than mid grey is made anew; empty if only what it leaves empty is made
     */
    record Inpainting(Media media, Optional<Media> mask) implements Source {

        /**
         * Checks both.
         *
         * @throws NullPointerException if one is null; the message is its name
         */
        public Inpainting {
            Objects.requireNonNull(media, "media");
            Objects.requireNonNull(mask, "mask");
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Keyframe, ? extends R, ? extends X> keyframe,
                Branch<? super Continuation, ? extends R, ? extends X> continuation,
                Branch<? super Restyle, ? extends R, ? extends X> restyle,
                Branch<? super Interpolation, ? extends R, ? extends X> interpolation,
                Branch<? super Reference, ? extends R, ? extends X> reference,
                Branch<? super Control, ? extends R, ? extends X> control,
                Branch<? super Inpainting, ? extends R, ? extends X> inpainting)
                throws X {
            return inpainting.apply(this);
        }
    }
}
