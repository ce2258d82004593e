package org.patchreel.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.patchreel.api.Source;

/**
 * What a clip follows besides its prompt and its known frames. Which of them a model takes, {@link
 * ModelCapabilities#abilities()} says. A clip that is controlled and inpainted follows the control where it is made anew.
 *
 * @param references pictures of who and what the clip shows, of any size, the most important one first; their bytes must stay
 *     valid until the generation has ended
 * @param control a clip whose motion and composition is followed, such as depth, lines or poses: as many frames as the
 *     task's format has, in its size and rate; read once, by the thread that generates; closed by who made the task
 * @param inpainting a clip of which parts are made anew
 */
public record Guides(List<VideoFrame> references, Optional<FrameSource> control, Optional<Inpainting> inpainting) {

    /** A clip that follows its prompt alone. */
    public static final Guides NONE = new Guides(List.of(), Optional.empty(), Optional.empty());

    /**
     * Checks the number of references.
     *
     * @throws IllegalArgumentException if there are too many; the message names the number
     * @throws NullPointerException if a value is null; the message is its name
     */
    public Guides {
        references = List.copyOf(Objects.requireNonNull(references, "references"));
        Objects.requireNonNull(control, "control");
        Objects.requireNonNull(inpainting, "inpainting");
        if (references.size() > Source.Reference.MAX_PICTURES) {
            throw new IllegalArgumentException("a clip has at most " + Source.Reference.MAX_PICTURES
                    + " pictures as references: " + references.size());
        }
    }

    /** {@return whether there is a clip among them, which is read once} */
    public boolean hasClips() {
        return control.isPresent() || inpainting.isPresent();
    }
}
