package org.patchreel.workflow;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;

/** What a workflow works on, as far as the step reads it. Implemented by a host's adapter; used by one thread. */
@ConsumerType
public interface StepPayload {

    /**
     * A property of the payload's metadata.
     *
     * @param name in the host's terms, for example {@code dc:title}; {@code title} alone means what the host shows as title
     * @return its value; of several the first; empty if there is none
     * @throws IOException if the payload cannot be read
     */
    Optional<String> property(String name) throws IOException;

    /**
     * Says which files are text assets.
     *
     * @param mediaType of a file, for example {@code text/plain}
     * @return whether it is text, or JSON or YAML, as storyboards are
     */
    static boolean isText(String mediaType) {
        return mediaType.startsWith("text/")
                || List.of("application/json", "application/yaml", "application/x-yaml")
                        .contains(mediaType);
    }

    /**
     * The text of a text asset.
     *
     * @param path in the host's terms; empty for the payload itself
     * @return the text, at most {@link org.patchreel.api.Storyboard#MAX_LENGTH} characters and one more;
     *     empty if there is no such asset or it is no text
     * @throws IOException if it cannot be read
     */
    Optional<String> text(Optional<String> path) throws IOException;

    /**
     * Puts a picture or clip into the source store. What it shows is not looked at here.
     *
     * @param path in the host's terms; empty for the payload itself
     * @param store keeps it; a host that has put the file there before returns what it got then
     * @return what a request refers to it by, named as people call the file; empty if there is no such file, or it may not be
     *     read
     * @throws IllegalArgumentException if the store does not take it; the message names it
     * @throws IOException if it cannot be read or kept
     */
    Optional<Media> media(Optional<String> path, SourceStore store) throws IOException;
}
