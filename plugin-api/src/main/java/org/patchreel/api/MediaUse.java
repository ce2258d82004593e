package org.patchreel.api;

/** What a picture or clip is for that is named and not found yet. */
public interface MediaUse {

    /**
     * Makes the source of a shot.
     *
     * @param media the picture or clip
     * @return the source
     */
    Source source(Media media);

    /**
     * A frame of the shot.
     *
     * @param at when
     */
    record Frame(Position at) implements MediaUse {
        @Override
        public Source source(Media media) {
            return new Source.Keyframe(media, at);
        }
    }

    /**
     * A clip that is continued.
     *
     * @param side where the made frames are
     */
    record Continued(Source.Continuation.Side side) implements MediaUse {
        @Override
        public Source source(Media media) {
            return new Source.Continuation(media, side);
        }
    }

    /**
     * A clip that is restyled.
     *
     * @param strength see {@link Source.Restyle#strength}
     */
    record Restyled(double strength) implements MediaUse {

        /**
         * Checks the strength.
         *
         * @throws IllegalArgumentException if it is out of range; the message names it
         */
        public Restyled {
            Source.Restyle.checkStrength(strength);
        }

        @Override
        public Source source(Media media) {
            return new Source.Restyle(media, strength);
        }
    }

    /**
     * A clip that gets more frames a second.
     *
     * @param factor see {@link Source.Interpolation#factor}
     */
    record Interpolated(int factor) implements MediaUse {

        /**
         * Checks the factor.
         *
         * @throws IllegalArgumentException if it is out of range; the message names it
         */
        public Interpolated {
            Source.Interpolation.checkFactor(factor);
        }

        @Override
        public Source source(Media media) {
            return new Source.Interpolation(media, factor);
        }
    }

    /**
     * A picture of a character or a thing.
     *
     * @param name see {@link Source.Reference#name}
     */
    record Referenced(String name) implements MediaUse {
        @Override
        public Source source(Media media) {
            return new Source.Reference(media, name);
        }
    }

    /** A clip that is followed. */
    record Controlled() implements MediaUse {
        @Override
        public Source source(Media media) {
            return new Source.Control(media);
        }
    }
}
