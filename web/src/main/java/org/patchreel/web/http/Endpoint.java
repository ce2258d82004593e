package org.patchreel.web.http;

/** Answers the requests of one interface, whatever servlet they came by. Called by any thread. */
@FunctionalInterface
public interface Endpoint {

    /** {@return the answer; what goes wrong is part of it} */
    Response answer(Request request);
}
