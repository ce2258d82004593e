package org.patchreel.web.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query of a request's address. The servlet's own reading would take parameters out of the body of a POST, too. */
final class Query {
    private Query() {}

    /** {@return the names of the parameters; one that is not encoded as it must be as it stands there} */
    static Set<String> names(@Nullable String query) {
        Set<String> names = new LinkedHashSet<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String key = pair.replaceFirst("=.*", "");
            try {
                names.add(URLDecoder.decode(key, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                names.add(key);
            }
        }
        return names;
    }

    /** {@return the first value of a parameter; empty if there is none, or it is not encoded as it must be} */
    static Optional<String> parameter(@Nullable String query, String name) {
        if (query == null) {
            return Optional.empty();
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            try {
                if (URLDecoder.decode(key, StandardCharsets.UTF_8).equals(name)) {
                    return Optional.of(
                            equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
