package org.patchreel.web.api;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/**
 * Refuses requests that a page of another site has a browser send with its user's session: what changes something must come
 * from a page of this site, or have a header that pages of other sites cannot set without being asked first (<a
 * href="https://fetch.spec.whatwg.org/#cors-safelisted-request-header">Fetch</a>), which is never granted.
 */
final class SameOrigin {

    /** Header of clients that are no pages; its value does not matter. */
    static final String HEADER = "X-Requested-With";

    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    private SameOrigin() {}

    static void require(Request request) throws Refusal {
        if (isSafe(request)) {
            return;
        }
        Optional<String> site = request.header("Sec-Fetch-Site");
        if (site.isPresent() && !site.get().equals("same-origin")) {
            throw refused();
        }
        boolean same = site.isPresent()
                || request.header(HEADER).filter(value -> !value.isBlank()).isPresent()
                || request.header("Origin")
                        .flatMap(SameOrigin::authority)
                        .filter(origin -> request.header("Host").equals(Optional.of(origin)))
                        .isPresent();
        if (!same) {
            throw refused();
        }
    }

    /** {@return whether a request changes nothing} */
    static boolean isSafe(Request request) {
        return SAFE.contains(request.method());
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Refusal refused() {
        return new Refusal(
                        403,
                        "a page of another site may have sent this: send the header " + HEADER
                                + ", or use a page of this site")
                .at(HEADER);
    }
}
