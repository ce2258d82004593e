package org.patchreel.spi;

import java.util.Objects;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;

/**
 * What a policy judges: a request and who has submitted it.
 *
 * @param request what is asked for
 * @param by who asks, as far as the host knows; {@link Requester#UNKNOWN} if it knows nothing
 * @param expandedPrompt the text that the model would read; the request has the one that was given. A policy judges both
 */
public record Submission(GenerationRequest request, Requester by, String expandedPrompt) {

    /**
     * A submission whose prompt the model would read as it was given.
     *
     * @param request as above
     * @param by as above
     */
    public Submission(GenerationRequest request, Requester by) {
        this(
                request,
                by,
                Objects.requireNonNull(request, "request").shots().get(0).prompt());
    }

    /**
     * Checks all.
     *
     * @throws NullPointerException if one is null; the message is its name
     */
    public Submission {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(expandedPrompt, "expandedPrompt");
    }
}
