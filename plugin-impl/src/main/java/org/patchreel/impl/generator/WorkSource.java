package org.patchreel.impl.generator;

import java.util.Locale;
import java.util.Optional;
import org.patchreel.api.Branch;
import org.patchreel.api.Media;
import org.patchreel.api.Source.Continuation.Side;

/** A picture or clip that goes into a clip, with every choice made. */
sealed interface WorkSource {

    /** {@return which file} */
    Media.Upload file();

    /** {@return the asset whose clip it is, if it is one's} */
    Optional<String> asset();

    /** Handles each kind. */
    <R, X extends Exception> R fold(
            Branch<? super Picture, ? extends R, ? extends X> picture,
            Branch<? super Continued, ? extends R, ? extends X> continued,
            Branch<? super Restyled, ? extends R, ? extends X> restyled,
            Branch<? super Interpolated, ? extends R, ? extends X> interpolated,
            Branch<? super Guide, ? extends R, ? extends X> guide)
            throws X;

    /**
     * A picture that the model knows.
     *
     * @param file the picture
     * @param asset whose still it is, if it is one's
     * @param index of the model's frame that it is
     */
    record Picture(Media.Upload file, Optional<String> asset, int index) implements WorkSource {

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Picture, ? extends R, ? extends X> picture,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Restyled, ? extends R, ? extends X> restyled,
                Branch<? super Interpolated, ? extends R, ? extends X> interpolated,
                Branch<? super Guide, ? extends R, ? extends X> guide)
                throws X {
            return picture.apply(this);
        }
    }

    /**
     * A clip whose end or beginning the model knows.
     *
     * @param file the clip
     * @param asset whose clip it is
     * @param side where the made frames are
     * @param index of the model's frame that is the first known one
     * @param known number of frames of the clip, in the model's rate, that the model knows: its last ones if the made frames
     *     come after, its first ones if they come before
     * @param length of the clip in its own frames, in the rate of the result
     * @param shown whether the result has the clip's frames, too
     */
    record Continued(
            Media.Upload file, Optional<String> asset, Side side, int index, int known, int length, boolean shown)
            implements WorkSource {

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Picture, ? extends R, ? extends X> picture,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Restyled, ? extends R, ? extends X> restyled,
                Branch<? super Interpolated, ? extends R, ? extends X> interpolated,
                Branch<? super Guide, ? extends R, ? extends X> guide)
                throws X {
            return continued.apply(this);
        }
    }

    /**
     * A clip that the model starts from.
     *
     * @param file the clip
     * @param asset whose clip it is
     * @param strength see {@link org.patchreel.spi.Restyle#strength}
     */
    record Restyled(Media.Upload file, Optional<String> asset, double strength) implements WorkSource {

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Picture, ? extends R, ? extends X> picture,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Restyled, ? extends R, ? extends X> restyled,
                Branch<? super Interpolated, ? extends R, ? extends X> interpolated,
                Branch<? super Guide, ? extends R, ? extends X> guide)
                throws X {
            return restyled.apply(this);
        }
    }

    /**
     * A clip between whose frames others are made. The model starts from the clip in the rate of the result, and makes of it the
     * frames between those of the clip, the first of which is its own first.
     *
     * @param file the clip
     * @param asset whose clip it is
     * @param factor see {@link org.patchreel.api.Source.Interpolation#factor}
     * @param length of the clip in its own frames, 2 or more
     * @param known whether the model is given the first frame
     */
    record Interpolated(Media.Upload file, Optional<String> asset, int factor, int length, boolean known)
            implements WorkSource {

        /** {@return the number of frames that the model makes between those of the clip} */
        int made() {
            return (length - 1) * (factor - 1);
        }

        /** {@return the number of frames of both, from the clip's first to its last} */
        int steps() {
            return (length - 1) * factor + 1;
        }

        /** {@return the number of frames of the result, which shows the last frame as long as the clip does} */
        int frames() {
            return length * factor;
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Picture, ? extends R, ? extends X> picture,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Restyled, ? extends R, ? extends X> restyled,
                Branch<? super Interpolated, ? extends R, ? extends X> interpolated,
                Branch<? super Guide, ? extends R, ? extends X> guide)
                throws X {
            return interpolated.apply(this);
        }
    }

    /**
     * A picture or clip that the model follows.
     *
     * @param file the picture or clip
     * @param asset whose clip it is
     * @param role what it says to the model
     * @param name of the character or thing that a reference shows; empty for the other roles
     */
    record Guide(Media.Upload file, Optional<String> asset, Role role, Optional<String> name) implements WorkSource {

        /** What a guide says to the model. */
        enum Role {
            /** Who or what is shown. */
            REFERENCE,
            /** How it moves. */
            CONTROL,
            /** What is shown where the mask says nothing else. */
            INPAINTED,
            /** What of that is made anew. */
            MASK;

            /** {@return the name in lower case} */
            String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public <R, X extends Exception> R fold(
                Branch<? super Picture, ? extends R, ? extends X> picture,
                Branch<? super Continued, ? extends R, ? extends X> continued,
                Branch<? super Restyled, ? extends R, ? extends X> restyled,
                Branch<? super Interpolated, ? extends R, ? extends X> interpolated,
                Branch<? super Guide, ? extends R, ? extends X> guide)
                throws X {
            return guide.apply(this);
        }
    }
}
