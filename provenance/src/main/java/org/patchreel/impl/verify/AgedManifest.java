package org.patchreel.impl.verify;

import java.util.Set;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;

/** A manifest that this installation signed some time ago. */
public final class AgedManifest {

    /** What time does to a manifest that was valid when it was signed, and no more: the certificate expires. */
    private static final Set<String> AGED =
            Set.of("signingCredential.untrusted", "signingCredential.expired", "claimSignature.outsideValidity");

    private AgedManifest() {}

    /**
     * {@return whether nothing is wrong with a manifest but that its certificate has expired or its signer is not trusted
     * any more}
     */
    public static boolean holds(Manifest manifest) {
        return switch (manifest.state()) {
            case VALID, TRUSTED -> true;
            case NONE, UNREAD -> false;
            case INVALID -> !failures(manifest).isEmpty() && AGED.containsAll(failures(manifest));
        };
    }

    /** {@return the codes of what does not hold} */
    public static Set<String> failures(Manifest manifest) {
        return manifest.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                .collect(Collectors.toSet());
    }
}
