package org.patchreel.workflow;

import java.io.IOException;
import java.util.Optional;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;

/**
 * A picture or clip that a step's arguments name, before it is read.
 *
 * @param argument the argument's name
 * @param value a path in the host's terms, or {@value #PAYLOAD}; with placeholders
 * @param use what it is for
 */
public record SourceInput(String argument, Template value, Use use) {

    /** The value that stands for the payload itself. */
    public static final String PAYLOAD = "payload";

    /** What a picture or clip is for. */
    public sealed interface Use {

        /**
         * Makes the source of a request.
         *
         * @param media the picture or clip
         * @return the source
         */
        Source source(Media media);
    }

    /**
     * A frame of the shot.
     *
     * @param at when
     */
    public record Frame(Position at) implements Use {
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
    public record Continued(Source.Continuation.Side side) implements Use {
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
    public record Restyled(double strength) implements Use {

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

    /** {@return whether it is the payload itself, as far as can be told before placeholders are filled} */
    boolean isPayload() {
        return value.text().equals(PAYLOAD);
    }

    /** Reads the picture or clip into the store. */
    Source read(StepPayload payload, SourceStore store) throws IOException {
        String filled = value.fill(payload);
        Optional<String> path = Optional.of(filled).filter(text -> !text.equals(PAYLOAD));
        try {
            return use.source(payload.media(path, store)
                    .orElseThrow(
                            () -> new IllegalArgumentException(path.map(text -> "there is no picture or clip " + text)
                                    .orElse("the payload is no picture or clip"))));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(argument + ": " + e.getMessage(), e);
        }
    }
}
