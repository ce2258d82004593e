package org.patchreel.impl.c2pa.validation;

import java.util.List;
import java.util.Optional;

/**
 * References between the boxes of a manifest store: {@code self#jumbf=/c2pa/MANIFEST/c2pa.assertions/ASSERTION}, or from
 * within a manifest {@code self#jumbf=c2pa.assertions/ASSERTION} (C2PA 2.2, 8.4.1).
 */
final class JumbfUri {
    private static final String PREFIX = "self#jumbf=/c2pa/";
    private static final String STORE = "c2pa";
    private static final String ASSERTIONS = "c2pa.assertions";
    private static final String DATABOXES = "c2pa.databoxes";
    static final String SIGNATURE = "c2pa.signature";

    private JumbfUri() {}

    static String manifest(String label) {
        return PREFIX + label;
    }

    static String assertion(String manifest, String label) {
        return manifest(manifest) + '/' + ASSERTIONS + '/' + label;
    }

    static String signature(String manifest) {
        return manifest(manifest) + '/' + SIGNATURE;
    }

    /** {@return the manifest that an absolute reference leads into} */
    static Optional<String> manifestOf(String uri) {
        List<String> steps = steps(uri);
        return steps.size() > 2 && steps.get(1).equals(STORE) ? Optional.of(steps.get(2)) : Optional.empty();
    }

    /** {@return whether an absolute reference leads into the manifest of that label} */
    static boolean isInto(String manifest, String uri) {
        return manifestOf(uri).filter(manifest::equals).isPresent();
    }

    /** {@return the assertion or data box that a reference leads to} */
    static Optional<String> assertionOf(String uri) {
        List<String> steps = steps(uri);
        if (steps.size() > 4
                && steps.get(1).equals(STORE)
                && (steps.get(3).equals(ASSERTIONS) || steps.get(3).equals(DATABOXES))) {
            return Optional.of(steps.get(4));
        }
        return steps.size() > 1 && steps.get(0).equals(ASSERTIONS) ? Optional.of(steps.get(1)) : Optional.empty();
    }

    /** {@return the label of the box that a reference leads to} */
    static String boxOf(String uri) {
        List<String> steps = steps(uri);
        return steps.get(steps.size() - 1);
    }

    /** {@return the absolute form of a reference from within a manifest} */
    static String absolute(String manifest, String uri) {
        return manifestOf(uri).isPresent() ? uri : manifest(manifest) + '/' + String.join("/", steps(uri));
    }

    /** An absolute path has an empty first step. */
    private static List<String> steps(String uri) {
        int equals = uri.indexOf('=');
        String path = equals < 0 ? uri : uri.substring(equals + 1);
        return List.of((path.startsWith(STORE + '/') ? '/' + path : path).split("/", -1));
    }
}
