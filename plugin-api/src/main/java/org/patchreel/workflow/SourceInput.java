package org.patchreel.workflow;

import java.io.IOException;
import java.util.Optional;
import org.patchreel.api.Media;
import org.patchreel.api.MediaUse;
import org.patchreel.api.Source;
import org.patchreel.api.SourceStore;

/**
 * A picture or clip that a step's arguments name, before it is read.
 *
 * @param argument the argument's name
 * @param value a path in the host's terms, or {@value #PAYLOAD}; with placeholders
 * @param use what it is for
 */
public record SourceInput(String argument, Template value, MediaUse use) {

    /** The value that stands for the payload itself. */
    public static final String PAYLOAD = "payload";

    /** The argument that names a mask. */
    public static final String MASK = "mask";

    /** The value of a mask that stands for what a clip leaves empty. */
    public static final String BORDERS = "borders";

    /**
     * A clip of which parts are made anew.
     *
     * @param mask says which, as {@link SourceInput#value} does; empty for what the clip leaves empty
     */
    public record Inpainted(Optional<Template> mask) implements MediaUse {
        @Override
        public Source source(Media media) {
            return new Source.Inpainting(media, Optional.empty());
        }
    }

    /** {@return whether it is the payload itself, as far as can be told before placeholders are filled} */
    boolean isPayload() {
        return value.text().equals(PAYLOAD)
                || (use instanceof Inpainted inpainted
                        && inpainted
                                .mask()
                                .filter(mask -> mask.text().equals(PAYLOAD))
                                .isPresent());
    }

    /** Reads the picture or clip into the store. */
    Source read(StepPayload payload, SourceStore store) throws IOException {
        Media media = media(argument, value, payload, store);
        if (use instanceof Inpainted inpainted && inpainted.mask().isPresent()) {
            Media mask = media(MASK, inpainted.mask().get(), payload, store);
            return new Source.Inpainting(media, Optional.of(mask));
        }
        return use.source(media);
    }

    private static Media media(String argument, Template value, StepPayload payload, SourceStore store)
            throws IOException {
        String filled = value.fill(payload);
        try {
            return media(filled, payload, store);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(argument + ": " + e.getMessage(), e);
        }
    }

    /** Reads a picture or clip into the store. */
    static Media media(String name, StepPayload payload, SourceStore store) throws IOException {
        Optional<String> path = Optional.of(name).filter(text -> !text.equals(PAYLOAD));
        return payload.media(path, store)
                .orElseThrow(() -> new IllegalArgumentException(path.map(text -> "there is no picture or clip " + text)
                        .orElse("the payload is no picture or clip")));
    }
}
