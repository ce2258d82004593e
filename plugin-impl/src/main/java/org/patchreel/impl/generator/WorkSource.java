package org.patchreel.impl.generator;

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
            Branch<? super Restyled, ? extends R, ? extends X> restyled)
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
                Branch<? super Restyled, ? extends R, ? extends X> restyled)
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
                Branch<? super Restyled, ? extends R, ? extends X> restyled)
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
                Branch<? super Restyled, ? extends R, ? extends X> restyled)
                throws X {
            return restyled.apply(this);
        }
    }
}
