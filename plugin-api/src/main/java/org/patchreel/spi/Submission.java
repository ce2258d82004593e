package org.patchreel.spi;

import java.util.List;
import java.util.Objects;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;

/**
 * What a policy judges: a request and who has submitted it.
 *
 * @param request what is asked for
 * @param by who asks, as far as the host knows; {@link Requester#UNKNOWN} if it knows nothing
 * @param expandedPrompts the texts that the model would read, one for each shot of the request, in their order; the request has
 *     those that were given. A policy judges both
 */
public record Submission(GenerationRequest request, Requester by, List<String> expandedPrompts) {

    /**
     * A submission whose prompts the model would read as they were given.
     *
     * @param request as above
     * @param by as above
     */
    public Submission(GenerationRequest request, Requester by) {
        this(
                request,
                by,
                Objects.requireNonNull(request, "request").shots().stream()
                        .map(Shot::prompt)
                        .toList());
    }

    /**
     * Checks all.
     *
     * @throws IllegalArgumentException if there is not one prompt for each shot
     * @throws NullPointerException if one is null; the message is its name
     */
    public Submission {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(by, "by");
        expandedPrompts = List.copyOf(Objects.requireNonNull(expandedPrompts, "expandedPrompts"));
        if (expandedPrompts.size() != request.shots().size()) {
            throw new IllegalArgumentException(
                    "a request of " + request.shots().size() + " shots has not " + expandedPrompts.size() + " prompts");
        }
    }
}
