package org.patchreel.impl.c2pa.validation;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * What must hold within one manifest (C2PA 2.2, 15.7 to 15.11): its signature, the hashes of its assertions, and the rules for
 * assertions of each kind. The binding to the file is checked elsewhere.
 */
final class ManifestRules {
    private static final Set<String> ACTIONS_OF_UPDATES =
            Set.of("c2pa.edited.metadata", "c2pa.opened", "c2pa.published", "c2pa.redacted");

    /** The labels of all hard bindings begin so. */
    private static final String HASH = "c2pa.hash.";

    private static final String LABEL_PART = "[!-9;-~]";
    private static final String MANIFEST_LABEL =
            "urn:(uuid:[^:]*|c2pa:[^:]*(:" + LABEL_PART + "{0,32}(:([0-9]+(_[0-9]+)?)?)?)?)";

    private final ManifestStore store;
    private final Set<String> redactions;
    private final TrustList trustList;
    private final Instant now;
    private final ContentHashes hashes;
    private final StatusLog log;

    /**
     * Sets up the checks of a store's manifests.
     *
     * @param redactions references to the assertions that some manifest of the store declares as redacted
     * @param now the time that counts for a signature without a timestamp
     */
    ManifestRules(
            ManifestStore store,
            Set<String> redactions,
            TrustList trustList,
            Instant now,
            ContentHashes hashes,
            StatusLog log) {
        this.store = store;
        this.redactions = redactions;
        this.trustList = trustList;
        this.now = now;
        this.hashes = hashes;
        this.log = log;
    }

    /** {@return the time of a trusted timestamp of the manifest's signature} */
    Optional<Instant> check(ParsedManifest manifest) {
        Optional<Instant> signedAt = checkSignature(manifest);
        Icons.of(manifest.claim().generators()).forEach(icon -> Icons.check(icon, manifest, hashes, log));
        checkRedactions(manifest);
        checkParents(manifest);
        checkAssertions(manifest);
        new ActionRules(manifest, store, redactions, hashes, log).check();
        if (manifest.claim().version() > 1
                && manifest.claim().generators().get(0).text("name").orElse("").isEmpty()) {
            log.add(
                    StatusCode.CLAIM_MALFORMED,
                    JumbfUri.manifest(manifest.label()),
                    "the claim does not name what made it");
        }
        checkSoftBindings(manifest);
        checkCloudData(manifest);
        return signedAt;
    }

    private Optional<Instant> checkSignature(ParsedManifest manifest) {
        String url = JumbfUri.signature(manifest.label());
        String reference = manifest.claim().signature();
        if (JumbfUri.manifestOf(reference)
                        .filter(label -> !label.equals(manifest.label()))
                        .isPresent()
                || !JumbfUri.boxOf(reference).equals(JumbfUri.SIGNATURE)) {
            log.add(StatusCode.CLAIM_SIGNATURE_MISSING, url, "the claim refers to another signature: " + reference);
        }
        if (manifest.claim().version() > 1 && !manifest.label().matches(MANIFEST_LABEL)) {
            log.add(
                    StatusCode.CLAIM_MALFORMED,
                    JumbfUri.manifest(manifest.label()),
                    "the manifest's label is not of the form urn:c2pa:UUID");
        }
        try {
            return ClaimSignature.read(manifest.signature())
                    .verify(
                            manifest.claim().bytes(),
                            url,
                            trustList,
                            manifest.claim().version() > 1,
                            now,
                            log);
        } catch (CoseException e) {
            log.add(StatusCode.CLAIM_SIGNATURE_MISMATCH, url, "the signature cannot be read: " + e.reason());
            return Optional.empty();
        }
    }

    private void checkRedactions(ParsedManifest manifest) {
        for (String reference : manifest.claim().redacted()) {
            String uri = JumbfUri.absolute(manifest.label(), reference);
            if (JumbfUri.isInto(manifest.label(), uri)) {
                log.add(StatusCode.ASSERTION_SELF_REDACTED, uri, "the manifest redacts an assertion of its own");
            }
            if (namesActions(uri)) {
                log.add(StatusCode.ASSERTION_ACTION_REDACTED, uri, "actions may not be redacted");
            }
            if (namesHardBinding(uri)) {
                log.add(StatusCode.ASSERTION_DATA_HASH_REDACTED, uri, "a hard binding may not be redacted");
            }
        }
    }

    private static boolean namesActions(String uri) {
        return uri.contains("c2pa.actions");
    }

    private static boolean namesHardBinding(String uri) {
        return uri.contains(HASH);
    }

    private void checkParents(ParsedManifest manifest) {
        String url = JumbfUri.manifest(manifest.label());
        long parents = manifest.ingredients().values().stream()
                .filter(ingredient -> ingredient.relationship().equals(Ingredient.PARENT_OF))
                .count();
        if (!manifest.isUpdate()) {
            if (parents > 1) {
                log.add(StatusCode.MANIFEST_MULTIPLE_PARENTS, url, "the manifest names " + parents + " parents");
            }
            return;
        }
        for (Assertion actions : manifest.assertions("c2pa.actions")) {
            for (Dictionary action : ActionRules.actions(actions)) {
                if (!ACTIONS_OF_UPDATES.contains(action.text("action").orElse(""))) {
                    log.add(
                            StatusCode.MANIFEST_UPDATE_INVALID,
                            url,
                            "an update manifest may not have the action "
                                    + action.text("action").orElse(""));
                }
            }
        }
        if (manifest.assertions().keySet().stream().anyMatch(label -> label.contains("c2pa.thumbnail.claim"))) {
            log.add(StatusCode.MANIFEST_UPDATE_INVALID, url, "an update manifest may not have a thumbnail");
        }
        if (manifest.assertions().values().stream()
                .anyMatch(assertion -> assertion.kind().startsWith(HASH))) {
            log.add(StatusCode.MANIFEST_UPDATE_INVALID, url, "an update manifest may not be bound to a file");
        }
        int ingredients = manifest.assertions(Ingredient.KIND).size();
        if (ingredients != 1 || parents != 1) {
            log.add(
                    StatusCode.MANIFEST_UPDATE_WRONG_PARENTS,
                    url,
                    "an update manifest must name its parent and no other ingredient; it names " + ingredients
                            + " ingredients, " + parents + " of them parents");
        }
    }

    private void checkAssertions(ParsedManifest manifest) {
        String algorithm = manifest.claim().algorithm();
        Set<String> undeclared = new LinkedHashSet<>(manifest.assertions().keySet());
        Set<String> redacted = new HashSet<>();
        for (String uri : redactions) {
            if (JumbfUri.isInto(manifest.label(), uri) && !namesActions(uri) && !namesHardBinding(uri)) {
                redacted.add(JumbfUri.boxOf(uri));
            }
        }
        for (Assertion assertion : manifest.assertions().values()) {
            if ((redacted.contains(assertion.label()) || assertion.isMarkedAsRedacted()) && !assertion.isBlank()) {
                log.add(
                        StatusCode.ASSERTION_NOT_REDACTED,
                        JumbfUri.assertion(manifest.label(), assertion.label()),
                        "a redacted assertion still has content");
            }
        }
        for (HashedUri uri : manifest.claim().assertions()) {
            String label = JumbfUri.boxOf(uri.url());
            String url = JumbfUri.absolute(manifest.label(), uri.url());
            if (JumbfUri.manifestOf(uri.url())
                    .filter(other -> !other.equals(manifest.label()))
                    .isPresent()) {
                log.add(StatusCode.ASSERTION_OUTSIDE_MANIFEST, url, "the claim refers to another manifest's assertion");
            }
            undeclared.remove(label);
            if (redacted.contains(label)) {
                continue;
            }
            Optional<Assertion> assertion = manifest.assertion(label);
            if (assertion.isEmpty()) {
                log.add(StatusCode.ASSERTION_MISSING, url, "the assertion is not there");
            } else if (hashes.match(uri, assertion.get().box().payload(), algorithm)) {
                log.add(StatusCode.ASSERTION_HASHED_URI_MATCH, url, "the assertion is the one that was signed");
            } else {
                log.add(StatusCode.ASSERTION_HASHED_URI_MISMATCH, url, "the assertion is not the one that was signed");
            }
        }
        for (String label : undeclared) {
            log.add(
                    StatusCode.ASSERTION_UNDECLARED,
                    JumbfUri.assertion(manifest.label(), label),
                    "the claim does not list the assertion");
        }
    }

    private void checkSoftBindings(ParsedManifest manifest) {
        for (Assertion assertion : manifest.assertions(SoftBindings.KIND)) {
            if (!assertion.isBlank()
                    && assertion.map().filter(SoftBindings::isWellFormed).isEmpty()) {
                log.add(
                        StatusCode.CLAIM_MALFORMED,
                        JumbfUri.assertion(manifest.label(), assertion.label()),
                        "the soft binding is not of the right form");
            }
        }
    }

    private void checkCloudData(ParsedManifest manifest) {
        for (Assertion assertion : manifest.assertions("c2pa.cloud-data")) {
            if (assertion.isBlank()) {
                continue;
            }
            String url = JumbfUri.assertion(manifest.label(), assertion.label());
            Optional<Dictionary> map = assertion.map();
            String label = map.flatMap(data -> data.text("label")).orElse("");
            if (label.isEmpty() || map.flatMap(data -> data.number("size")).orElse(0L) < 1) {
                log.add(StatusCode.ASSERTION_CLOUD_DATA_MALFORMED, url, "the reference is not complete");
            }
            if (label.startsWith(HASH)) {
                log.add(StatusCode.ASSERTION_CLOUD_DATA_HARD_BINDING, url, "a hard binding may not be elsewhere");
            }
            if (manifest.isUpdate()
                    && List.of("c2pa.actions", "c2pa.actions.v2").contains(label)) {
                log.add(StatusCode.ASSERTION_CLOUD_DATA_ACTIONS, url, "actions of an update may not be elsewhere");
            }
        }
    }
}
