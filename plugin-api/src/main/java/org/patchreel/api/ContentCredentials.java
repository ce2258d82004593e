package org.patchreel.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The C2PA manifests of a file and what their validation found, as Content Credentials JSON (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.4/crJSON/crjson-format.html">crJSON of C2PA 2.4</a>), which
 * validators of several makers write.
 *
 * @param values the document. A value is a {@link String}, a {@link Number}, a {@link Boolean}, null, a {@link List} or another
 *     such map. Texts of manifests stand there as the file has them, so that they may control a terminal
 */
public record ContentCredentials(Map<String, Object> values) {

    private static final String RESULTS = "validationResults";

    /** Keeps the order of the fields. */
    public ContentCredentials {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Tells whether the file carries a manifest of a signer on the trust list, and nothing failed: it is bound to the file's
     * bytes, and what it was made from holds, too.
     *
     * @return whether the first manifest says so, and no manifest lists a failure
     */
    public boolean isTrusted() {
        List<?> manifests = list(values.get("manifests"));
        return !manifests.isEmpty()
                && list(field(field(manifests.get(0), RESULTS), "success")).stream()
                        .anyMatch(status -> "signingCredential.trusted".equals(field(status, "code")))
                && manifests.stream().noneMatch(ContentCredentials::hasFailed);
    }

    private static boolean hasFailed(@Nullable Object manifest) {
        return !list(field(field(manifest, RESULTS), "failure")).isEmpty()
                || list(field(manifest, "ingredientDeltas")).stream()
                        .anyMatch(delta -> !list(field(field(delta, "validationDeltas"), "failure"))
                                .isEmpty());
    }

    private static @Nullable Object field(@Nullable Object object, String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
