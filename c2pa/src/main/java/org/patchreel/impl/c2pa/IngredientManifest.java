package org.patchreel.impl.c2pa;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;

/**
 * The manifests that an ingredient carries, and what the ingredient assertion says of them (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#ingredient_assertion">C2PA
 * 2.2, 18.15</a>).
 *
 * @param manifests whole manifest boxes by label, the active one last
 * @param activeManifest hashed URI of the active manifest
 * @param claimSignature hashed URI of its signature
 * @param validationResults what the validation of the ingredient found
 * @param softBinding the algorithm of the soft binding that led to the manifests, if the ingredient does not carry them
 */
record IngredientManifest(
        Map<String, byte[]> manifests,
        Map<String, Object> activeManifest,
        Map<String, Object> claimSignature,
        Map<String, Object> validationResults,
        Optional<String> softBinding) {

    /** {@return the label of the active manifest} */
    String activeLabel() {
        return List.copyOf(manifests.keySet()).get(manifests.size() - 1);
    }

    /** {@return the same, to which a soft binding led} */
    IngredientManifest foundBy(String algorithm) {
        return new IngredientManifest(
                manifests, activeManifest, claimSignature, validationResults, Optional.of(algorithm));
    }

    /**
     * Takes a store apart.
     *
     * @param store a manifest store that was validated
     * @param findings of the validation
     * @return empty if the store has no manifest with a signature
     */
    static Optional<IngredientManifest> of(byte[] store, List<Status> findings) {
        List<JumbfBox.Super> boxes;
        try {
            boxes = JumbfReader.read(ByteBuffer.wrap(store)).superBoxes();
        } catch (JumbfException e) {
            return Optional.empty();
        }
        Map<String, byte[]> manifests = new LinkedHashMap<>();
        for (JumbfBox.Super box : boxes) {
            manifests.put(box.label(), bytes(box));
        }
        if (boxes.isEmpty()) {
            return Optional.empty();
        }
        JumbfBox.Super active = boxes.get(boxes.size() - 1);
        String url = "self#jumbf=/c2pa/" + active.label();
        return active.superBoxes().stream()
                .filter(part -> part.type().equals(ContentType.SIGNATURE))
                .findFirst()
                .map(signature -> new IngredientManifest(
                        manifests,
                        hashedUri(url, active),
                        hashedUri(url + "/" + signature.label(), signature),
                        Map.of("activeManifest", results(findings)),
                        Optional.empty()));
    }

    private static byte[] bytes(JumbfBox.Super box) {
        byte[] bytes = new byte[box.raw().remaining()];
        box.raw().duplicate().get(bytes);
        return bytes;
    }

    private static Map<String, Object> hashedUri(String url, JumbfBox.Super box) {
        // the manifest's own algorithm may be another
        return Map.of("url", url, "alg", "sha256", "hash", SuperBox.hash(box.payload()));
    }

    private static Map<String, Object> results(List<Status> findings) {
        Map<String, Object> results = new HashMap<>();
        for (Status.Outcome outcome : Status.Outcome.values()) {
            List<Map<String, Object>> entries = new ArrayList<>();
            for (Status finding : findings) {
                if (finding.outcome() == outcome) {
                    Map<String, Object> entry = new HashMap<>(Map.of("code", finding.code()));
                    if (!finding.url().isEmpty()) {
                        entry.put("url", finding.url());
                    }
                    if (!finding.explanation().isEmpty()) {
                        entry.put("explanation", finding.explanation());
                    }
                    entries.add(entry);
                }
            }
            String key = switch (outcome) {
                case SUCCESS -> "success";
                case INFORMATIONAL -> "informational";
                case FAILURE -> "failure";
            };
            results.put(key, entries);
        }
        return results;
    }
}
