package org.patchreel.impl.c2pa.validation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Array;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Text;
import org.patchreel.impl.c2pa.status.StatusCode;

/**
 * A claim (C2PA 2.2, 10.2; for version 1, C2PA 1.4).
 *
 * @param version 1 or 2
 * @param bytes as they are signed
 * @param title of the file
 * @param generators what made the claim: one from version 2 on
 * @param generatorName what made the claim, in version 1
 * @param signature reference to the signature box
 * @param created assertions that the signer answers for; all of them in version 1
 * @param gathered assertions that came from elsewhere
 * @param redacted references to assertions of ingredients that were taken out
 * @param algorithm of the hashes that name none
 * @param softAlgorithm of the soft bindings that name none
 */
record Claim(
        int version,
        ByteBuffer bytes,
        Optional<String> title,
        List<Dictionary> generators,
        Optional<String> generatorName,
        String signature,
        List<HashedUri> created,
        List<HashedUri> gathered,
        List<String> redacted,
        String algorithm,
        Optional<String> softAlgorithm) {

    private static final String CREATED = "created_assertions";

    private static final Set<String> FIELDS_OF_BOTH = Set.of(
            "instanceID",
            "claim_generator_info",
            "signature",
            "dc:title",
            "redacted_assertions",
            "alg",
            "alg_soft",
            "metadata");

    private static final Set<String> FIELDS_OF_1 =
            Set.of("claim_generator", "claim_generator_hints", "assertions", "dc:format");

    private static final Set<String> FIELDS_OF_2 = Set.of(CREATED, "gathered_assertions");

    /**
     * Decodes a claim.
     *
     * @throws MalformedManifestException if it is not one
     */
    static Claim of(ByteBuffer bytes, String url) throws MalformedManifestException {
        Dictionary map;
        try {
            map = CborReader.readMap(bytes);
        } catch (CborException e) {
            throw new MalformedManifestException(
                    StatusCode.CLAIM_CBOR_INVALID, url, "the claim is not CBOR: " + e.reason());
        }
        Optional<List<HashedUri>> assertions = HashedUri.listIn(map, "assertions");
        Optional<List<HashedUri>> created = HashedUri.listIn(map, CREATED);
        if (assertions.isPresent() == created.isPresent()) {
            throw malformed(url, "lists no assertions");
        }
        int version = created.isPresent() ? 2 : 1;
        for (CborValue key : map.entries().keySet()) {
            if (!(key instanceof Text name)
                    || !(FIELDS_OF_BOTH.contains(name.value())
                            || (version == 1 ? FIELDS_OF_1 : FIELDS_OF_2).contains(name.value()))) {
                throw malformed(url, "has a field that is not known");
            }
        }
        required(map, "instanceID", url);
        if (version == 1) {
            required(map, "claim_generator", url);
            required(map, "dc:format", url);
        }
        return new Claim(
                version,
                bytes,
                map.text("dc:title"),
                generators(map, version, url),
                map.text("claim_generator"),
                required(map, "signature", url),
                created.or(() -> assertions).orElseThrow(),
                HashedUri.listIn(map, "gathered_assertions").orElse(List.of()),
                texts(map, "redacted_assertions"),
                map.text("alg")
                        .orElseThrow(() -> new MalformedManifestException(
                                StatusCode.ALGORITHM_UNSUPPORTED, url, "the claim names no hash function")),
                map.text("alg_soft"));
    }

    private static List<Dictionary> generators(Dictionary map, int version, String url)
            throws MalformedManifestException {
        Optional<CborValue> value = map.get("claim_generator_info");
        if (version == 2) {
            if (value.isPresent()
                    && value.get() instanceof Dictionary generator
                    && generator.text("name").isPresent()) {
                return List.of(generator);
            }
            throw malformed(url, "does not name what made it");
        }
        List<Dictionary> generators = new ArrayList<>();
        if (value.isPresent() && value.get() instanceof Array array) {
            for (CborValue item : array.items()) {
                if (item instanceof Dictionary generator) {
                    generators.add(generator);
                }
            }
        }
        return generators;
    }

    private static String required(Dictionary map, String key, String url) throws MalformedManifestException {
        return map.text(key).orElseThrow(() -> malformed(url, "has no " + key));
    }

    private static MalformedManifestException malformed(String url, String fault) {
        return new MalformedManifestException(StatusCode.CLAIM_MALFORMED, url, "the claim " + fault);
    }

    private static List<String> texts(Dictionary map, String key) {
        return map.array(key).orElse(List.of()).stream()
                .filter(Text.class::isInstance)
                .map(item -> ((Text) item).value())
                .toList();
    }

    /** {@return all assertions that it lists} */
    List<HashedUri> assertions() {
        List<HashedUri> all = new ArrayList<>(created);
        all.addAll(gathered);
        return all;
    }
}
