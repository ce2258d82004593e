package org.patchreel.impl.c2pa.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * The manifests of a store (C2PA 2.2, 11.1.4).
 *
 * @param manifests by label, in order; of two with one label the last counts
 * @param active the one that the store is about: its last
 */
record ManifestStore(Map<String, ParsedManifest> manifests, ParsedManifest active) {
    private static final int MAX_MANIFESTS = 1000;
    private static final int MAX_ASSERTIONS = 10_000;
    private static final int MAX_INGREDIENTS = 1000;
    private static final int NEWEST_CLAIM = 2;

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads stores as one.
     *
     * @param stores superboxes, each with padding; the last holds the active manifest
     * @throws MalformedManifestException if a manifest is not well-formed
     */
    static ManifestStore read(List<ByteBuffer> stores, StatusLog log) throws MalformedManifestException {
        Map<String, ParsedManifest> manifests = new LinkedHashMap<>();
        Optional<ParsedManifest> active = Optional.empty();
        for (ByteBuffer bytes : stores) {
            for (JumbfBox box : store(bytes).boxes()) {
                if (!(box instanceof JumbfBox.Super manifestBox)) {
                    throw malformed(StatusCode.GENERAL_ERROR, "", "the manifest store holds something else");
                }
                Optional<ParsedManifest> manifest = manifest(manifestBox, log);
                if (manifest.isPresent()) {
                    manifests.put(manifest.get().label(), manifest.get());
                    active = manifest;
                }
                if (manifests.size() > MAX_MANIFESTS) {
                    throw malformed(StatusCode.GENERAL_ERROR, "", "more than " + MAX_MANIFESTS + " manifests");
                }
            }
        }
        return new ManifestStore(
                manifests,
                active.orElseThrow(() -> malformed(StatusCode.CLAIM_MISSING, "", "there is no manifest in the store")));
    }

    static JumbfBox.Super store(ByteBuffer bytes) throws MalformedManifestException {
        try {
            JumbfBox.Super store = JumbfReader.read(bytes);
            if (!store.type().equals(ContentType.MANIFEST_STORE)) {
                throw malformed(StatusCode.CLAIM_MISSING, "", "not a manifest store but a box " + store.label());
            }
            return store;
        } catch (JumbfException e) {
            throw malformed(StatusCode.GENERAL_ERROR, "", "the manifest store is not well-formed: " + e.reason());
        }
    }

    private static MalformedManifestException malformed(StatusCode code, String url, String reason) {
        return new MalformedManifestException(code, url, reason);
    }

    /** {@return a manifest; empty for a box of another kind, which is none of ours} */
    private static Optional<ParsedManifest> manifest(JumbfBox.Super box, StatusLog log)
            throws MalformedManifestException {
        String url = JumbfUri.manifest(box.label());
        if (box.type().equals(ContentType.COMPRESSED_MANIFEST)) {
            throw malformed(
                    StatusCode.MANIFEST_COMPRESSED_INVALID, url, "compressed manifests (Brotli) are not read here");
        }
        if (!box.type().equals(ContentType.MANIFEST)
                && !box.type().equals(ContentType.MANIFEST_V2)
                && !box.type().equals(ContentType.UPDATE_MANIFEST)) {
            return Optional.empty();
        }
        Map<ContentType, JumbfBox.Super> parts = new LinkedHashMap<>();
        for (JumbfBox part : box.boxes()) {
            if (!(part instanceof JumbfBox.Super superBox)) {
                throw malformed(StatusCode.GENERAL_ERROR, url, "the manifest holds something else");
            }
            if (parts.put(superBox.type(), superBox) != null) {
                throw malformed(
                        superBox.type().equals(ContentType.CLAIM)
                                ? StatusCode.CLAIM_MULTIPLE
                                : StatusCode.GENERAL_ERROR,
                        url,
                        "the manifest has two boxes " + superBox.label());
            }
        }
        JumbfBox.Super claimBox = part(parts, ContentType.CLAIM, StatusCode.CLAIM_MISSING, url, "claim");
        JumbfBox.Super signatureBox =
                part(parts, ContentType.SIGNATURE, StatusCode.CLAIM_SIGNATURE_MISSING, url, "signature");
        JumbfBox.Super assertionBox =
                part(parts, ContentType.ASSERTION_STORE, StatusCode.CLAIM_MALFORMED, url, "assertion store");
        Claim claim = claim(claimBox, url + '/' + claimBox.label());
        if (claim.version() > 1 && parts.containsKey(ContentType.CREDENTIAL_STORE)) {
            throw malformed(
                    StatusCode.CLAIM_MALFORMED, url, "a claim of version 2 has a store of verifiable credentials");
        }
        JumbfBox.Super databoxes = parts.get(ContentType.DATABOX_STORE);
        Map<String, Assertion> assertions = assertions(assertionBox, claim, box.label(), log);
        return Optional.of(new ParsedManifest(
                box.label(),
                box.type().equals(ContentType.UPDATE_MANIFEST),
                claim,
                signatureBox
                        .content(0, "cbor")
                        .orElseThrow(() ->
                                malformed(StatusCode.CLAIM_SIGNATURE_MISSING, url, "the signature box holds no CBOR")),
                signatureBox,
                assertions,
                ingredients(assertions, url),
                databoxes == null ? List.of() : databoxes.superBoxes(),
                box));
    }

    private static JumbfBox.Super part(
            Map<ContentType, JumbfBox.Super> parts, ContentType type, StatusCode code, String url, String name)
            throws MalformedManifestException {
        JumbfBox.Super part = parts.get(type);
        if (part == null) {
            throw malformed(code, url, "the manifest has no " + name);
        }
        return part;
    }

    private static Claim claim(JumbfBox.Super box, String url) throws MalformedManifestException {
        int labelled = Assertion.of(box, true).version();
        if (labelled > NEWEST_CLAIM) {
            throw malformed(StatusCode.CLAIM_MALFORMED, url, "a claim of version " + labelled + ", which is not known");
        }
        if (box.boxes().size() != 1) {
            throw malformed(
                    StatusCode.CLAIM_MULTIPLE,
                    url,
                    "the claim's box holds " + box.boxes().size() + " boxes");
        }
        Claim claim = Claim.of(
                box.content(0, "cbor")
                        .orElseThrow(() -> malformed(StatusCode.CLAIM_MISSING, url, "the claim's box holds no CBOR")),
                url);
        if (claim.version() > 1 && claim.version() < labelled) {
            throw malformed(StatusCode.CLAIM_MALFORMED, url, "a claim of version " + claim.version());
        }
        return claim;
    }

    private static Map<String, Assertion> assertions(JumbfBox.Super store, Claim claim, String manifest, StatusLog log)
            throws MalformedManifestException {
        if (store.boxes().size() > MAX_ASSERTIONS || claim.assertions().size() > MAX_ASSERTIONS) {
            throw malformed(
                    StatusCode.GENERAL_ERROR,
                    JumbfUri.manifest(manifest),
                    "more than " + MAX_ASSERTIONS + " assertions");
        }
        Set<String> created =
                claim.created().stream().map(uri -> JumbfUri.boxOf(uri.url())).collect(Collectors.toSet());
        Map<String, Assertion> assertions = new LinkedHashMap<>();
        for (JumbfBox box : store.boxes()) {
            if (!(box instanceof JumbfBox.Super superBox)) {
                throw malformed(
                        StatusCode.GENERAL_ERROR,
                        JumbfUri.manifest(manifest),
                        "the assertion store holds something else");
            }
            Assertion assertion = Assertion.of(superBox, created.contains(superBox.label()));
            String url = JumbfUri.assertion(manifest, assertion.label());
            checkContent(assertion, url, log);
            if (assertions.putIfAbsent(assertion.label(), assertion) != null) {
                log.add(StatusCode.ASSERTION_UNDECLARED, url, "there is a second assertion of that label");
            }
        }
        return assertions;
    }

    private static Map<String, Ingredient> ingredients(Map<String, Assertion> assertions, String url)
            throws MalformedManifestException {
        Map<String, Ingredient> ingredients = new LinkedHashMap<>();
        for (Assertion assertion : assertions.values()) {
            if (assertion.kind().equals(Ingredient.KIND)) {
                Ingredient.of(assertion).ifPresent(ingredient -> ingredients.put(assertion.label(), ingredient));
            }
            if (ingredients.size() > MAX_INGREDIENTS) {
                throw malformed(StatusCode.GENERAL_ERROR, url, "more than " + MAX_INGREDIENTS + " ingredients");
            }
        }
        return ingredients;
    }

    private static void checkContent(Assertion assertion, String url, StatusLog log) throws MalformedManifestException {
        JumbfBox.Super box = assertion.box();
        ContentType type = box.type();
        if (type.equals(ContentType.CBOR)) {
            try {
                CborReader.read(content(box, 0, "cbor", url));
            } catch (CborException e) {
                if (!assertion.isBlank()) {
                    log.add(StatusCode.ASSERTION_CBOR_INVALID, url, "the assertion is not CBOR: " + e.reason());
                }
            }
        } else if (type.equals(ContentType.JSON)) {
            ByteBuffer json = content(box, 0, "json", url);
            if (!json.hasRemaining() || !assertion.isBlank()) {
                checkJson(json, url, log);
            }
        } else if (type.equals(ContentType.EMBEDDED_FILE)) {
            content(box, 0, "bfdb", url);
            content(box, 1, "bidb", url);
        } else if (type.equals(ContentType.UUID_BOX)) {
            content(box, 0, "uuid", url);
        } else {
            throw malformed(StatusCode.GENERAL_ERROR, url, "an assertion of a kind that is not known");
        }
    }

    private static void checkJson(ByteBuffer content, String url, StatusLog log) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        try (JsonParser parser = JSON.createParser(bytes)) {
            int depth = 0;
            boolean any = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (any && depth == 0) {
                    log.add(StatusCode.ASSERTION_JSON_INVALID, url, "something follows the assertion's JSON");
                    return;
                }
                any = true;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            if (!any) {
                log.add(StatusCode.ASSERTION_JSON_INVALID, url, "the assertion is empty");
            }
        } catch (IOException e) {
            log.add(StatusCode.ASSERTION_JSON_INVALID, url, "the assertion is not JSON");
        }
    }

    private static ByteBuffer content(JumbfBox.Super box, int index, String type, String url)
            throws MalformedManifestException {
        return box.content(index, type)
                .orElseThrow(() -> malformed(StatusCode.GENERAL_ERROR, url, "the assertion has no box " + type));
    }
}
