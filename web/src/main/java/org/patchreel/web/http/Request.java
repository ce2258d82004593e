package org.patchreel.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** An HTTP request, whatever API it came by. */
public interface Request {

    /** {@return for example {@code GET}} */
    String method();

    /** {@return what follows the servlet's path, decoded, with a slash at the start; or empty} */
    String path();

    /** {@return the first value of a parameter in the query} */
    Optional<String> parameter(String name);

    /** {@return the first value of a header} */
    Optional<String> header(String name);

    /** {@return the user that the host has authenticated; empty for an anonymous one} */
    Optional<String> user();

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
