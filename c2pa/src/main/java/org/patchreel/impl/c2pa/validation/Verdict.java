package org.patchreel.impl.c2pa.validation;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog.Entry;

/**
 * Derives the state of a manifest from the findings, as c2pa-rs does (C2PA 2.2, 14.3): Valid if the signature holds and
 * nothing failed but the look-up in the trust list; Trusted if that did not fail either.
 */
final class Verdict {
    private Verdict() {}

    /**
     * Leaves out what was known of an ingredient already when it was used. A manifest that is updated is an ingredient, too,
     * but of the same file: what is wrong with it or with its binding to the file is no less wrong because the update says
     * that it knew.
     *
     * @param active label of the active manifest
     * @param updated labels of the manifests that it is an update of
     * @param known tells what was found then
     */
    static List<Entry> news(List<Entry> entries, String active, Set<String> updated, Predicate<Entry> known) {
        return entries.stream()
                .filter(entry -> {
                    String label = JumbfUri.manifestOf(entry.url()).orElse("");
                    return label.equals(active)
                            || (updated.contains(label) && (entry.ingredient().isEmpty() || isOfContent(entry)))
                            || !known.test(entry);
                })
                .toList();
    }

    /** Tells a manifest that does not hold from one whose signer is not trusted any more. */
    private static boolean isOfContent(Entry entry) {
        return failed(entry) && !entry.code().label().startsWith("signingCredential.");
    }

    static ManifestState of(List<Entry> entries) {
        boolean valid = holds(entries, StatusCode.CLAIM_SIGNATURE_VALIDATED)
                && holds(entries, StatusCode.CLAIM_SIGNATURE_INSIDE_VALIDITY)
                && entries.stream()
                        .noneMatch(entry -> failed(entry) && entry.code() != StatusCode.SIGNING_CREDENTIAL_UNTRUSTED);
        boolean trusted = valid
                && holds(entries, StatusCode.SIGNING_CREDENTIAL_TRUSTED)
                && entries.stream().noneMatch(Verdict::failed);
        return trusted ? ManifestState.TRUSTED : valid ? ManifestState.VALID : ManifestState.INVALID;
    }

    private static boolean holds(List<Entry> entries, StatusCode code) {
        return entries.stream()
                .anyMatch(entry -> entry.code() == code && entry.ingredient().isEmpty());
    }

    private static boolean failed(Entry entry) {
        return entry.code().outcome() == Outcome.FAILURE;
    }
}
