package org.patchreel.impl.c2pa.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/** The rules for what is said to have been done with a file (C2PA 2.2, 15.10.3.2.2). */
final class ActionRules {
    static final String KIND = "c2pa.actions";
    static final int MAX = 10_000;
    static final String CREATED = "c2pa.created";
    static final String OPENED = "c2pa.opened";

    private final ParsedManifest manifest;
    private final ManifestStore store;
    private final ContentHashes hashes;
    private final StatusLog log;
    private final boolean hasSoftBinding;

    /**
     * @param redactions references to the assertions that some manifest of the store declares as redacted
     */
    ActionRules(
            ParsedManifest manifest, ManifestStore store, Set<String> redactions, ContentHashes hashes, StatusLog log) {
        this.manifest = manifest;
        this.store = store;
        this.hashes = hashes;
        this.log = log;
        this.hasSoftBinding = !manifest.assertions(SoftBindings.KIND).isEmpty()
                || redactions.stream()
                        .filter(uri -> JumbfUri.isInto(manifest.label(), uri))
                        .anyMatch(uri -> Assertion.kindOf(JumbfUri.boxOf(uri)).equals(SoftBindings.KIND));
    }

    /** {@return the actions that an assertion lists, the first {@value #MAX} of them} */
    static List<Dictionary> actions(Assertion assertion) {
        List<Dictionary> actions = new ArrayList<>();
        for (CborValue item :
                assertion.map().flatMap(map -> map.array("actions")).orElse(List.of())) {
            if (item instanceof Dictionary action && actions.size() < MAX) {
                actions.add(action);
            }
        }
        return actions;
    }

    /** Logs what is wrong. Only one of these rules applies to claims of version 1. */
    void check() {
        List<Assertion> assertions = manifest.assertions(KIND);
        String manifestUrl = JumbfUri.manifest(manifest.label());
        if (manifest.claim().version() < 2) {
            if (assertions.size() > 1) {
                malformed(manifestUrl, "a claim of version 1 has more than one assertion of actions");
            }
            return;
        }
        Optional<Assertion> first = Stream.of(true, false)
                .flatMap(created -> assertions.stream()
                        .filter(assertion -> assertion.created() == created)
                        .limit(1))
                .filter(assertion -> actions(assertion).stream().limit(1).anyMatch(ActionRules::begins))
                .reduce((one, other) -> other);
        if (first.isEmpty() && !manifest.isUpdate()) {
            malformed(manifestUrl, "the first action is neither that the file was created nor that it was opened");
        }
        for (int i = 0; i < assertions.size(); i++) {
            check(assertions.get(i), i == 0, first);
        }
    }

    private static boolean begins(Dictionary action) {
        String name = name(action);
        return name.equals(CREATED) || name.equals(OPENED);
    }

    private static String name(Dictionary action) {
        return action.text("action").orElse("");
    }

    private void malformed(String url, String explanation) {
        log.add(StatusCode.ASSERTION_ACTION_MALFORMED, url, explanation);
    }

    private void check(Assertion assertion, boolean isFirst, Optional<Assertion> beginning) {
        String url = JumbfUri.assertion(manifest.label(), assertion.label());
        List<Dictionary> actions = actions(assertion);
        if (actions.isEmpty() || actions.size() == MAX) {
            malformed(url, actions.isEmpty() ? "there are no actions in the assertion" : "very many actions");
        }
        Optional<Dictionary> map = assertion.map();
        for (String key : List.of("softwareAgents", "templates")) {
            List<Dictionary> software = new ArrayList<>();
            for (CborValue item : map.flatMap(found -> found.array(key)).orElse(List.of())) {
                if (item instanceof Dictionary agent) {
                    software.add(agent);
                }
            }
            Icons.of(software).forEach(icon -> Icons.check(icon, manifest, hashes, log));
        }
        for (Dictionary action : actions) {
            if (name(action).isEmpty()) {
                malformed(url, "an action has no name");
            }
            boolean elsewhere = beginning
                    .filter(other -> !other.label().equals(assertion.label()))
                    .isPresent();
            if (begins(action) && (!isFirst || elsewhere)) {
                malformed(url, "that a file was created or opened is said in another than the first assertion");
            }
            checkParameters(action, url);
            action.dictionary("softwareAgent")
                    .ifPresent(agent ->
                            Icons.of(List.of(agent)).forEach(icon -> Icons.check(icon, manifest, hashes, log)));
        }
    }

    private void checkParameters(Dictionary action, String url) {
        Optional<Dictionary> parameters = action.dictionary("parameters");
        switch (name(action)) {
            case OPENED -> needsIngredient(action, parameters, Ingredient.PARENT_OF, url);
            case "c2pa.placed", "c2pa.removed" -> needsIngredient(action, parameters, Ingredient.COMPONENT_OF, url);
            case CREATED -> {
                if (action.text("digitalSourceType").isEmpty()) {
                    malformed(url, "how the file was created is not said");
                }
            }
            case "c2pa.watermarked.bound" -> {
                if (!hasSoftBinding) {
                    log.add(
                            StatusCode.ASSERTION_ACTION_SOFT_BINDING_MISSING,
                            url,
                            "a watermark is said to lead here, and no soft binding names it");
                }
            }
            case "c2pa.transcoded", "c2pa.repackaged" -> {
                if (parameters.isPresent()
                        && namesIngredients(parameters.get())
                        && !refersTo(parameters.get(), Ingredient.PARENT_OF)) {
                    mismatch(action, Ingredient.PARENT_OF, url);
                }
            }
            case "c2pa.redacted" -> checkRedaction(parameters, url);
            case "c2pa.translated" -> {
                if (parameters
                                .flatMap(found -> found.text("sourceLanguage"))
                                .orElse("")
                                .isEmpty()
                        || parameters
                                .flatMap(found -> found.text("targetLanguage"))
                                .orElse("")
                                .isEmpty()) {
                    malformed(url, "from and into which language is not said");
                }
            }
            default -> {} // nothing is prescribed
        }
    }

    private static boolean namesIngredients(Dictionary parameters) {
        return parameters.get("ingredient").isPresent()
                || parameters.get("ingredients").isPresent();
    }

    private void needsIngredient(Dictionary action, Optional<Dictionary> parameters, String relationship, String url) {
        if (parameters.isEmpty() || !refersTo(parameters.get(), relationship)) {
            mismatch(action, relationship, url);
        }
    }

    private void mismatch(Dictionary action, String relationship, String url) {
        log.add(
                StatusCode.ASSERTION_ACTION_INGREDIENT_MISMATCH,
                url,
                name(action) + " refers to no ingredient of the relationship " + relationship);
    }

    private boolean refersTo(Dictionary parameters, String relationship) {
        List<HashedUri> uris = HashedUri.in(parameters, "ingredient")
                .map(List::of)
                .or(() -> HashedUri.listIn(parameters, "ingredients"))
                .orElse(List.of());
        return uris.stream()
                .flatMap(uri -> JumbfUri.assertionOf(uri.url()).stream())
                .flatMap(label -> Optional.ofNullable(manifest.ingredients().get(label)).stream())
                .anyMatch(ingredient -> ingredient.relationship().equals(relationship));
    }

    private void checkRedaction(Optional<Dictionary> parameters, String url) {
        Optional<String> uri = parameters.flatMap(found -> found.text("redacted"));
        Optional<ParsedManifest> other = uri.flatMap(JumbfUri::manifestOf)
                .flatMap(label -> Optional.ofNullable(store.manifests().get(label)));
        if (other.isEmpty()) {
            log.add(
                    StatusCode.ASSERTION_ACTION_REDACTION_MISMATCH,
                    url,
                    "what was redacted is in no manifest that is there");
            return;
        }
        String label = JumbfUri.assertionOf(uri.get()).orElse("");
        boolean listed = !label.isEmpty()
                && other.get().claim().assertions().stream()
                        .anyMatch(assertion -> assertion.url().endsWith('/' + label));
        boolean databox = uri.get().contains("c2pa.databoxes")
                && manifest.claim().redacted().contains(uri.get());
        if (!listed && !databox) {
            log.add(StatusCode.ASSERTION_NOT_REDACTED, url, "what is said to be redacted was never there");
        }
    }
}
