package org.patchreel.web.http;

import java.util.Optional;

/** Lets requests in: those of known callers, as long as they have not used up their allowance. Safe for use from any thread. */
public final class Admission {

    private final Authentication authentication;
    private final RateLimit callers;
    private final RateLimit strangers;

    /**
     * Creates an admission.
     *
     * @param authentication says who asks
     * @param callers limits the requests of each known caller
     * @param strangers limits the requests without a known caller that come from one address
     */
    public Admission(Authentication authentication, RateLimit callers, RateLimit strangers) {
        this.authentication = authentication;
        this.callers = callers;
        this.strangers = strangers;
    }

    /**
     * Lets a request in and counts it. Who asks comes first: behind a proxy all clients have one address, and strangers must
     * not use up their allowance.
     *
     * @param cost requests that it counts for
     * @throws Refusal if the caller is unknown, or asks too often
     */
    void admit(Request request, int cost) throws Refusal {
        Optional<String> caller = authentication.caller(request);
        long wait = caller.isPresent() ? callers.take(caller.get(), cost) : strangers.take(request.client(), 1);
        if (wait > 0) {
            throw Refusal.tooMany(wait);
        }
        if (caller.isEmpty()) {
            throw authentication.refusal();
        }
    }
}
