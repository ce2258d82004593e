package org.patchreel.web.http;

import java.io.IOException;
import java.util.List;

/**
 * A path of an interface, and what is done there.
 *
 * @param path below the servlet's; one that ends with a slash stands for all paths that begin with it, and a part in braces for
 *     any one that is not empty, see {@link Request#segment}
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
        if (path.endsWith("/")) {
            return requested.startsWith(path);
        }
        String[] own = path.split("/", -1);
        String[] parts = requested.split("/", -1);
        if (own.length != parts.length) {
            return false;
        }
        for (int i = 0; i < own.length; i++) {
            if (!(own[i].startsWith("{") ? !parts[i].isEmpty() : own[i].equals(parts[i]))) {
                return false;
            }
        }
        return true;
    }
}
