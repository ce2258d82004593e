package org.patchreel.web.api;

import java.util.Optional;
import org.patchreel.web.http.Authentication;
import org.patchreel.web.http.Request;

/** Says who sends a request, and what they may do. */
interface Callers extends Authentication {

    /** {@return who sends the request; empty if that is not known, or they have no role} */
    Optional<Caller> find(Request request);

    @Override
    default Optional<String> caller(Request request) {
        return find(request).map(Caller::name);
    }
}
