package org.patchreel.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/** An HTTP request, whatever API it came by. */
public interface Request {

    /** {@return for example {@code GET}} */
    String method();

    /** {@return what follows the servlet's path, decoded, with a slash at the start; or empty} */
    String path();

    /**
     * {@return a part of the path, between two slashes}
     *
     * @param index from 0; the route of the path says how many there are
     */
    default String segment(int index) {
        return path().split("/", -1)[index + 1];
    }

    /** {@return the first value of a parameter in the query} */
    Optional<String> parameter(String name);

    /** {@return the names of the parameters in the query} */
    Set<String> parameters();

    /** {@return the first value of a header} */
    Optional<String> header(String name);

    /** {@return the value of a cookie} */
    Optional<String> cookie(String name);

    /** {@return whether it came over TLS, as far as the server knows} */
    boolean isSecure();

    /** {@return the user that the host has authenticated; empty for an anonymous one} */
    Optional<String> user();

    /**
     * {@return whether the user whom the host has authenticated has a role or belongs to a group}
     *
     * @param role as the host names it
     */
    boolean isInRole(String role);

    /** {@return whether an answer may go on when the thread of the request has left} */
    boolean isAsync();

    /** {@return the address of the client} */
    String client();

    /** {@return length of the body in bytes, or -1 if it is not told} */
    long contentLength();

    /**
     * Opens the body.
     *
     * @throws IOException if it cannot be read
     */
    InputStream body() throws IOException;
}
