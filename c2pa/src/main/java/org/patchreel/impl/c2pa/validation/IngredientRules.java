package org.patchreel.impl.c2pa.validation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;
import org.patchreel.impl.c2pa.validation.Ingredient.RecordedStatus;

/** The manifests that a file's ingredients carry, and theirs in turn (C2PA 2.2, 15.11). */
final class IngredientRules {
    private static final int MAX_DEPTH = 64;

    private static final int MAX_REDACTIONS = 1000;
    private static final int MAX_REFERENCES = 2000;

    /** In the place of the number of a manifest that no ingredient leads to. */
    private static final int UNKNOWN = -1;

    private final ManifestStore store;
    private final ContentHashes hashes;
    private final StatusLog log;
    private final Set<String> redactions = new LinkedHashSet<>();
    private final Set<String> reached = new HashSet<>();

    /** Each manifest that was followed to its end, with a number higher than those of its ingredients' manifests. */
    private final Map<String, Integer> order = new HashMap<>();

    private int references;

    IngredientRules(ManifestStore store, ContentHashes hashes, StatusLog log) {
        this.store = store;
        this.hashes = hashes;
        this.log = log;
    }

    /** {@return references to the assertions that the manifests on the way declare as redacted} */
    Set<String> redactions() {
        return redactions;
    }

    /**
     * Follows the references from the active manifest on.
     *
     * @throws MalformedManifestException if they go in a circle, or too far
     */
    void follow() throws MalformedManifestException {
        follow(store.active(), new ArrayDeque<>());
    }

    private void follow(ParsedManifest manifest, Deque<String> path) throws MalformedManifestException {
        if (!reached.add(manifest.label())) {
            return;
        }
        if (path.size() == MAX_DEPTH) {
            throw new MalformedManifestException(
                    StatusCode.GENERAL_ERROR,
                    JumbfUri.manifest(manifest.label()),
                    "ingredients of ingredients, more than " + MAX_DEPTH + " deep");
        }
        path.push(manifest.label());
        redactions.addAll(manifest.claim().redacted());
        if (redactions.size() > MAX_REDACTIONS) {
            throw new MalformedManifestException(
                    StatusCode.GENERAL_ERROR,
                    JumbfUri.manifest(manifest.label()),
                    "more than " + MAX_REDACTIONS + " redacted assertions");
        }
        for (Assertion assertion : manifest.assertions(Ingredient.KIND)) {
            String url = JumbfUri.assertion(manifest.label(), assertion.label());
            if (assertion.isBlank()) {
                continue; // redacted
            }
            Optional<Ingredient> ingredient =
                    Optional.ofNullable(manifest.ingredients().get(assertion.label()));
            if (ingredient.isEmpty()) {
                log.add(StatusCode.ASSERTION_INGREDIENT_MALFORMED, url, "the ingredient is not of the right form");
                continue;
            }
            if (ingredient.get().manifest().isEmpty()) {
                continue;
            }
            String label = label(ingredient.get().manifest().get());
            ParsedManifest other = store.manifests().get(label);
            if (other == null) {
                log.add(StatusCode.INGREDIENT_MANIFEST_MISSING, label, "the ingredient's manifest is not there");
                continue;
            }
            if (path.contains(label)) {
                throw new MalformedManifestException(
                        StatusCode.ASSERTION_INGREDIENT_MALFORMED, url, "a file cannot be made from itself");
            }
            follow(other, path);
        }
        path.pop();
        order.put(manifest.label(), order.size());
    }

    private static String label(HashedUri manifest) {
        return JumbfUri.manifestOf(manifest.url()).orElse(manifest.url());
    }

    /**
     * Checks the manifests of all ingredients.
     *
     * @param rules for each manifest
     * @throws MalformedManifestException if there are too many
     */
    void check(ManifestRules rules) throws MalformedManifestException {
        Set<String> visited = new HashSet<>(List.of(store.active().label()));
        check(store.active(), rules, visited);
        log.about(Optional.empty());
    }

    private void check(ParsedManifest manifest, ManifestRules rules, Set<String> visited)
            throws MalformedManifestException {
        Optional<String> outer = log.ingredient();
        for (Ingredient ingredient : manifest.ingredients().values()) {
            if (++references > MAX_REFERENCES) {
                throw new MalformedManifestException(
                        StatusCode.GENERAL_ERROR,
                        JumbfUri.manifest(manifest.label()),
                        "more than " + MAX_REFERENCES + " ingredients");
            }
            String url =
                    JumbfUri.assertion(manifest.label(), ingredient.assertion().label());
            log.about(Optional.of(url));
            if (ingredient.manifest().isPresent()) {
                check(ingredient, url, rules, visited);
            } else if (!ingredient.relationship().equals(Ingredient.INPUT_TO)) {
                log.add(StatusCode.INGREDIENT_UNKNOWN_PROVENANCE, url, "the ingredient has no manifest");
            }
            log.about(outer);
        }
    }

    private void check(Ingredient ingredient, String url, ManifestRules rules, Set<String> visited)
            throws MalformedManifestException {
        HashedUri reference = ingredient.manifest().orElseThrow();
        if (ingredient.assertion().version() >= 3 && !ingredient.hasResults()) {
            log.add(
                    StatusCode.ASSERTION_INGREDIENT_MALFORMED,
                    url,
                    "the ingredient's manifest was not validated when it was used");
        }
        ParsedManifest manifest = store.manifests().get(label(reference));
        if (manifest == null) {
            log.add(StatusCode.INGREDIENT_MANIFEST_MISSING, label(reference), "the ingredient's manifest is not there");
            return;
        }
        checkReference(ingredient, reference, manifest);
        if (visited.add(manifest.label())) {
            rules.check(manifest);
            check(manifest, rules, visited);
        }
    }

    private void checkReference(Ingredient ingredient, HashedUri reference, ParsedManifest manifest) {
        String algorithm = manifest.claim().algorithm();
        boolean isRedacted = redactions.stream().anyMatch(uri -> JumbfUri.isInto(manifest.label(), uri));
        if (!isRedacted) {
            if (hashes.match(reference, manifest.box().payload(), algorithm)) {
                log.add(
                        StatusCode.INGREDIENT_MANIFEST_VALIDATED,
                        reference.url(),
                        "the ingredient's manifest is the one that was there");
            } else if (!hashes.match(reference, manifest.claim().bytes(), algorithm)) { // of C2PA before 1.3
                log.add(
                        StatusCode.INGREDIENT_MANIFEST_MISMATCH,
                        reference.url(),
                        "the ingredient's manifest is not the one that was there");
            }
            return;
        }
        if (manifest.claim().version() < 2 && ingredient.claimSignature().isEmpty()) {
            return; // ingredients of that time do not name it
        }
        if (ingredient.claimSignature().isEmpty()) {
            log.add(
                    StatusCode.INGREDIENT_CLAIM_SIGNATURE_MISSING,
                    reference.url(),
                    "the ingredient's signature is not named, and something was redacted");
        } else if (hashes.match(
                ingredient.claimSignature().get(), manifest.signatureBox().payload(), algorithm)) {
            log.add(
                    StatusCode.INGREDIENT_CLAIM_SIGNATURE_VALIDATED,
                    reference.url(),
                    "the ingredient's signature is the one that was there");
        } else {
            log.add(
                    StatusCode.INGREDIENT_CLAIM_SIGNATURE_MISMATCH,
                    reference.url(),
                    "the ingredient's signature is not the one that was there");
        }
    }

    /**
     * Collects what was found of ingredients when they were used. Of two records of the same the one counts that was made
     * last.
     *
     * @return for each finding the number of the manifest that records it
     */
    private Map<RecordedStatus, Integer> recorded() {
        Map<RecordedStatus, Integer> recorded = new HashMap<>();
        for (ParsedManifest manifest : store.manifests().values()) {
            int number = order.getOrDefault(manifest.label(), UNKNOWN);
            if (number != UNKNOWN) {
                for (Ingredient ingredient : manifest.ingredients().values()) {
                    ingredient.recorded().forEach(status -> recorded.merge(status, number, Math::max));
                }
            }
        }
        return recorded;
    }

    /**
     * Tells what was known of an ingredient already when it was used. A manifest has no say in what is found of itself, or of
     * one that it is an ingredient of: somebody else may have put that in later.
     */
    Predicate<StatusLog.Entry> known() {
        Map<RecordedStatus, Integer> recorded = recorded();
        return entry -> {
            int subject = order.getOrDefault(JumbfUri.manifestOf(entry.url()).orElse(entry.url()), UNKNOWN);
            int witness = recorded.getOrDefault(new RecordedStatus(entry.code().label(), entry.url()), UNKNOWN);
            // after a general error, checks were left out
            return witness > subject && entry.code() != StatusCode.GENERAL_ERROR;
        };
    }

    /** {@return the manifests that are about the file itself: the active one and, as long as that is an update, its parent} */
    List<ParsedManifest> ofFile() {
        Map<String, ParsedManifest> found = new LinkedHashMap<>();
        Optional<ParsedManifest> next = Optional.of(store.active());
        while (next.isPresent() && found.putIfAbsent(next.get().label(), next.get()) == null) {
            next = next.get().isUpdate() ? parent(next.get()) : Optional.empty();
        }
        return List.copyOf(found.values());
    }

    private Optional<ParsedManifest> parent(ParsedManifest manifest) {
        return manifest.ingredients().values().stream()
                .filter(ingredient -> ingredient.relationship().equals(Ingredient.PARENT_OF))
                .flatMap(ingredient -> ingredient.manifest().stream())
                .flatMap(reference -> Optional.ofNullable(store.manifests().get(label(reference))).stream())
                .findFirst();
    }
}
