package org.patchreel.impl.c2pa.validation;

import java.util.List;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/** Pictures that claims and actions refer to (C2PA 2.2, 15.10.3.2 and 10.2.3). */
final class Icons {
    private Icons() {}

    /** {@return references to icons in maps that describe software} */
    static List<HashedUri> of(List<Dictionary> software) {
        return software.stream()
                .flatMap(map -> HashedUri.in(map, "icon").stream())
                .toList();
    }

    /** Checks that an icon is there: as an assertion with the same hash in the claim, or as a data box. */
    static void check(HashedUri icon, ParsedManifest manifest, ContentHashes hashes, StatusLog log) {
        String label = JumbfUri.boxOf(icon.url());
        if (manifest.assertion(label).isPresent()) {
            if (!hashes.match(
                    icon,
                    manifest.assertion(label).get().box().payload(),
                    manifest.claim().algorithm())) {
                log.add(StatusCode.ASSERTION_HASHED_URI_MISMATCH, icon.url(), "the icon is another");
            }
        } else if (manifest.databoxes().stream().noneMatch(box -> box.label().equals(label))) {
            log.add(StatusCode.ASSERTION_MISSING, icon.url(), "the icon is not there");
        }
    }
}
