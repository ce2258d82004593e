package org.patchreel.web.http;

import java.io.IOException;
import java.util.List;

/**
 * A path of an interface, and what is done there.
 *
 * @param path below the servlet's; one that ends with a slash stands for all paths that begin with it
 * @param methods those that are understood, for example {@code GET}
 * @param cost requests that one counts for
 * @param operation what is done
 */
public record Route(String path, List<String> methods, int cost, Operation operation) {

    /** What is done for a request. */
    @FunctionalInterface
    public interface Operation {

        /**
         * Answers a request that was let in.
         *
         * @throws Refusal if there is no answer, by the client's fault or for now
         * @throws IOException if it fails; the client is not told why
         */
        Response answer(Request request) throws IOException, Refusal;
    }

    /** Copies the methods. */
    public Route {
        methods = List.copyOf(methods);
    }

    boolean leadsTo(String requested) {
        return path.endsWith("/") ? requested.startsWith(path) : requested.equals(path);
    }

    Response answer(Request request) throws IOException, Refusal {
        if (!methods.contains(request.method())) {
            throw new Refusal(405, "only " + String.join(" and ", methods) + " are understood here");
        }
        return operation.answer(request);
    }
}
