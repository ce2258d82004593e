package org.patchreel.impl.c2pa.validation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborValue.Array;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.cose.SignatureDetails;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog.Entry;
import org.patchreel.impl.c2pa.validation.JsonValues.NoRoomException;

/**
 * Writes Content Credentials JSON (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.4/crJSON/crjson-format.html">crJSON of C2PA 2.4</a>).
 *
 * <p>c2pa-rs 0.92 writes the same of the same files but for what follows. It adds {@code isUpdateManifest} and {@code
 * isCompressedManifest}, which the schema of 2.4 refuses, and to each map with a {@code hash} an empty {@code pad}. It writes
 * algorithms in lower case, where the specification wants {@code ES256}, and times with {@code +00:00} instead of {@code Z}. It
 * makes references of claims absolute, fills in or leaves out fields of assertions that it knows, and leaves out assertions that
 * it cannot decode; here claims and assertions are as the file has them, and {@code {}} if they cannot be shown, as 3.6.1 says.
 */
final class CredentialsJson {
    /** Characters of JSON: what a client of the API over HTTP accepts, and room for what other writers escape. */
    private static final long MAX_DOCUMENT = 8 << 20;

    /** The rules that a manifest is validated by. */
    private static final String RULES = "2.2.0";

    private static final String GENERATOR = "Patchreel";

    /** What of a name crJSON has a field for. */
    private static final Map<String, String> NAME_PARTS = Map.of(
            "2.5.4.6", "C",
            "2.5.4.8", "ST",
            "2.5.4.7", "L",
            "2.5.4.10", "O",
            "2.5.4.11", "OU",
            "2.5.4.3", "CN",
            "1.2.840.113549.1.9.1", "E",
            "2.5.4.97", "2.5.4.97");

    private final JsonValues json = new JsonValues(MAX_DOCUMENT);
    private final Instant now;

    /** What was found of each manifest, by its label. */
    private final Map<String, List<Entry>> ofManifests = new TreeMap<>();

    /** By the label of a manifest what was found of its ingredients, by the URI of their assertions. */
    private final Map<String, Map<String, List<Entry>>> ofIngredients = new TreeMap<>();

    private CredentialsJson(ManifestStore store, List<Entry> entries, Instant now) {
        this.now = now;
        Map<String, String> ingredients = manifestsOfIngredients(store);
        for (Entry entry : entries) {
            String uri = entry.ingredient().orElse("");
            String label = uri.isEmpty() ? store.active().label() : ingredients.getOrDefault(uri, "");
            ofManifests.computeIfAbsent(label, key -> new ArrayList<>()).add(entry);
            if (!uri.isEmpty()) {
                ofIngredients
                        .computeIfAbsent(JumbfUri.manifestOf(uri).orElse(""), key -> new LinkedHashMap<>())
                        .computeIfAbsent(uri, key -> new ArrayList<>())
                        .add(entry);
            }
        }
    }

    /**
     * Writes what a store holds.
     *
     * @param store that was validated
     * @param entries what was found
     * @param now when
     * @param version of this software, as SemVer wants it
     */
    static ContentCredentials of(ManifestStore store, List<Entry> entries, Instant now, String version) {
        try {
            return new CredentialsJson(store, entries, now).document(store, version);
        } catch (NoRoomException e) {
            return without(
                    List.of(new Entry(
                                    StatusCode.GENERAL_ERROR,
                                    Optional.empty(),
                                    "",
                                    "the manifests take more than " + MAX_DOCUMENT + " characters as JSON")
                            .status()),
                    now,
                    version);
        }
    }

    /** {@return the document of a file without a manifest that could be read; a field of our own says what was found} */
    static ContentCredentials without(List<Status> found, Instant now, String version) {
        Map<String, List<Map<String, String>>> codes = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            codes.put(key(outcome), new ArrayList<>());
        }
        for (Status status : found) {
            codes.getOrDefault(key(status.outcome()), new ArrayList<>()).add(status(status));
        }
        Map<String, Object> document = root(List.of(), version);
        document.put("extras:validationResults", results(codes, now));
        return new ContentCredentials(document);
    }

    private static Map<String, Object> root(List<?> manifests, String version) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("@context", pair("@vocab", "https://c2pa.org/crjson/", "extras", "https://c2pa.org/crjson/extras/"));
        root.put("manifests", manifests);
        root.put("jsonGenerator", pair("name", GENERATOR, "version", version));
        return root;
    }

    /** In this order, which Map.of does not keep. */
    private static Map<String, Object> pair(String key, Object value, String otherKey, Object otherValue) {
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put(key, value);
        pair.put(otherKey, otherValue);
        return pair;
    }

    /** Claims and findings first: without them a document would be a wrong one, without assertions it is a short one. */
    private ContentCredentials document(ManifestStore store, String version) throws NoRoomException {
        List<ParsedManifest> newestFirst = new ArrayList<>(store.manifests().values());
        Collections.reverse(newestFirst);
        // of two boxes with one label the last is the active one, but keeps the place of the first
        newestFirst.remove(store.active());
        newestFirst.add(0, store.active());
        List<Map<String, Object>> manifests = new ArrayList<>();
        List<Map<String, @Nullable Object>> assertions = new ArrayList<>();
        for (ParsedManifest manifest : newestFirst) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            assertions.add(values);
            manifests.add(manifest(manifest, values));
        }
        for (int i = 0; i < newestFirst.size(); i++) {
            addAssertions(newestFirst.get(i), assertions.get(i));
        }
        return new ContentCredentials(root(manifests, version));
    }

    /** {@return the manifests that assertions of ingredients refer to, by the URI of the assertion} */
    private static Map<String, String> manifestsOfIngredients(ManifestStore store) {
        Map<String, String> manifests = new TreeMap<>();
        for (ParsedManifest manifest : store.manifests().values()) {
            for (Ingredient ingredient : manifest.ingredients().values()) {
                ingredient
                        .manifest()
                        .flatMap(uri -> JumbfUri.manifestOf(uri.url()))
                        .ifPresent(label -> manifests.put(
                                JumbfUri.assertion(
                                        manifest.label(), ingredient.assertion().label()),
                                label));
            }
        }
        return manifests;
    }

    private Map<String, Object> manifest(ParsedManifest manifest, Map<String, @Nullable Object> assertions)
            throws NoRoomException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("label", json.text(manifest.label()));
        values.put("assertions", assertions);
        values.put(manifest.claim().version() == 1 ? "claim" : "claim.v2", claim(manifest));
        values.put("signature", signature(manifest));
        values.put("validationResults", results(codes(ofManifests.getOrDefault(manifest.label(), List.of())), now));
        Map<String, List<Entry>> deltas = ofIngredients.getOrDefault(manifest.label(), Map.of());
        if (!deltas.isEmpty()) {
            List<Map<String, Object>> list = new ArrayList<>();
            for (Map.Entry<String, List<Entry>> delta : deltas.entrySet()) {
                list.add(pair(
                        "ingredientAssertionURI",
                        json.text(delta.getKey()),
                        "validationDeltas",
                        codes(delta.getValue())));
            }
            values.put("ingredientDeltas", list);
        }
        return values;
    }

    private static String key(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private Map<String, List<Map<String, String>>> codes(List<Entry> found) throws NoRoomException {
        Map<String, List<Map<String, String>>> codes = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            List<Map<String, String>> list = new ArrayList<>();
            for (Entry entry : found) {
                if (entry.code().outcome() == outcome) {
                    Map<String, String> status = status(entry.status());
                    for (String text : status.values()) {
                        json.text(text);
                    }
                    list.add(status);
                }
            }
            codes.put(key(outcome), list);
        }
        return codes;
    }

    private static Map<String, String> status(Status status) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("code", status.code());
        if (!status.url().isEmpty()) {
            values.put("url", status.url());
        }
        values.put("explanation", status.explanation());
        return values;
    }

    private static Map<String, Object> results(Map<String, List<Map<String, String>>> codes, Instant now) {
        Map<String, Object> results = new LinkedHashMap<>(codes);
        results.put("specVersion", RULES);
        results.put("validationTime", now.truncatedTo(ChronoUnit.MILLIS).toString());
        return results;
    }

    private Map<String, @Nullable Object> claim(ParsedManifest manifest) throws NoRoomException {
        Dictionary map;
        try {
            map = CborReader.readMap(manifest.claim().bytes());
        } catch (CborException e) {
            throw new IllegalStateException("a claim that was read before", e);
        }
        Map<String, @Nullable Object> values = json.object(map);
        if (manifest.claim().version() == 1
                && !(map.get("claim_generator_info").orElse(null) instanceof Array array
                        && !array.items().isEmpty())) {
            // may be missing in old claims, which then name the software in one text
            values.put(
                    "claim_generator_info",
                    List.of(Map.of(
                            "name", json.text(manifest.claim().generatorName().orElse("")))));
        }
        if (manifest.claim().version() > 1) {
            values.putIfAbsent("gathered_assertions", List.of());
        }
        values.putIfAbsent("redacted_assertions", List.of());
        return values;
    }

    private Map<String, Object> signature(ParsedManifest manifest) throws NoRoomException {
        Optional<SignatureDetails> details;
        try {
            details = ClaimSignature.read(manifest.signature()).details();
        } catch (CoseException e) {
            details = Optional.empty();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        if (details.isPresent()) {
            values.put("algorithm", details.get().algorithm());
            values.put("certificateInfo", certificate(details.get().certificate()));
            if (details.get().timestamp().isPresent()) {
                SignatureDetails.Stamp stamp = details.get().timestamp().get();
                values.put(
                        "timeStampInfo",
                        pair(
                                "timestamp",
                                stamp.time().toString(),
                                "certificateInfo",
                                certificate(stamp.certificate())));
            }
        }
        return values;
    }

    private Map<String, Object> certificate(X509Certificate certificate) throws NoRoomException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("serialNumber", json.text(certificate.getSerialNumber().toString(16)));
        values.put("issuer", name(certificate.getIssuerX500Principal().getEncoded()));
        values.put("subject", name(certificate.getSubjectX500Principal().getEncoded()));
        values.put(
                "validity",
                pair(
                        "notBefore",
                        certificate.getNotBefore().toInstant().toString(),
                        "notAfter",
                        certificate.getNotAfter().toInstant().toString()));
        return values;
    }

    private Map<String, String> name(byte[] encoded) throws NoRoomException {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            for (RDN part : X500Name.getInstance(encoded).getRDNs()) {
                for (AttributeTypeAndValue attribute : part.getTypesAndValues()) {
                    String key = NAME_PARTS.get(attribute.getType().getId());
                    ASN1Encodable value = attribute.getValue();
                    if (key != null && value instanceof ASN1String text) {
                        values.put(key, json.text(text.getString()));
                    }
                }
            }
        } catch (RuntimeException | StackOverflowError e) {
            // the platform has read the name, the library refuses a part of it: what came before stays
            return values;
        }
        return values;
    }

    private void addAssertions(ParsedManifest manifest, Map<String, @Nullable Object> values) throws NoRoomException {
        for (Assertion assertion : manifest.assertions().values()) {
            String label = json.text(assertion.label());
            long before = json.left();
            try {
                values.put(label, value(assertion));
            } catch (IOException | CborException | NoRoomException e) {
                json.resetTo(before);
                values.put(label, Map.of());
            }
        }
    }

    private @Nullable Object value(Assertion assertion) throws IOException, CborException, NoRoomException {
        Optional<ByteBuffer> cbor = assertion.cbor();
        if (assertion.isBlank()) {
            return Map.of(); // redacted
        } else if (cbor.isPresent()) {
            return json.value(CborReader.read(cbor.get()));
        }
        ContentType type = assertion.box().type();
        if (type.equals(ContentType.JSON)) {
            Optional<ByteBuffer> content = assertion.box().content(0, "json");
            return content.isPresent() ? json.json(content.get()) : Map.of();
        } else if (type.equals(ContentType.EMBEDDED_FILE) && assertion.label().startsWith("c2pa.thumbnail.")) {
            return thumbnail(assertion);
        }
        return Map.of();
    }

    private Map<String, Object> thumbnail(Assertion assertion) throws NoRoomException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("thumbnailType", assertion.label().startsWith("c2pa.thumbnail.claim") ? 0 : 1);
        Optional<String> mediaType = assertion.box().content(0, "bfdb").flatMap(CredentialsJson::mediaType);
        if (mediaType.isPresent()) {
            values.put("mimeType", json.text(mediaType.get()));
        }
        return values;
    }

    /** The description of an embedded file: toggles, then the media type and a zero (ISO/IEC 19566-5, annex B.10). */
    private static Optional<String> mediaType(ByteBuffer description) {
        byte[] bytes = new byte[description.remaining()];
        description.duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0', 1);
        return end > 1 ? Optional.of(text.substring(1, end)) : Optional.empty();
    }
}
