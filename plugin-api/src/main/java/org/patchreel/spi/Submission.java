package org.patchreel.spi;

import java.util.Objects;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Requester;

/**
 * What a policy judges: a request and who has submitted it.
 *
 * @param request what is asked for
 * @param by who asks, as far as the host knows; {@link Requester#UNKNOWN} if it knows nothing
 */
public record Submission(GenerationRequest request, Requester by) {

    /**
     * Checks both.
     *
     * @throws NullPointerException if one is null; the message is its name
     */
    public Submission {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(by, "by");
    }
}
