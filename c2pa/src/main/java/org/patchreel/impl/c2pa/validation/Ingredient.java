package org.patchreel.impl.c2pa.validation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.spi.PrintableText;

/**
 * What a file was made from (C2PA 2.2, 18.15).
 *
 * @param assertion that says so
 * @param relationship {@code parentOf}, {@code componentOf} or {@code inputTo}
 * @param title of it
 * @param format its media type
 * @param manifest reference to its manifest, if it has one
 * @param claimSignature reference to the signature of that
 * @param recorded what a validation found when it was used
 * @param hasResults whether there is a record of a validation
 */
record Ingredient(
        Assertion assertion,
        String relationship,
        Optional<String> title,
        Optional<String> format,
        Optional<HashedUri> manifest,
        Optional<HashedUri> claimSignature,
        List<RecordedStatus> recorded,
        boolean hasResults) {
    static final String PARENT_OF = "parentOf";
    static final String COMPONENT_OF = "componentOf";
    static final String INPUT_TO = "inputTo";

    static final String KIND = "c2pa.ingredient";

    /** No validation has more to say of one manifest. */
    private static final int MAX_RECORDED = 500;

    private static final int MAX_FAILURES = 4;
    private static final int MAX_CODE = 80;

    /** A finding of an earlier validation; its URL is absolute. */
    record RecordedStatus(String code, String url) implements Comparable<RecordedStatus> {
        /** So that a look-up stays fast among very many whose hash codes were made to collide. */
        @Override
        public int compareTo(RecordedStatus other) {
            int byUrl = url.compareTo(other.url);
            return byUrl == 0 ? code.compareTo(other.code) : byUrl;
        }
    }

    /** {@return what an assertion says; empty if it is not of the form of its version} */
    static Optional<Ingredient> of(Assertion assertion) {
        Optional<Dictionary> decoded = assertion.map();
        if (decoded.isEmpty()) {
            return Optional.empty();
        }
        Dictionary map = decoded.get();
        Optional<String> relationship = map.text("relationship")
                .filter(value -> value.equals(PARENT_OF) || value.equals(COMPONENT_OF) || value.equals(INPUT_TO));
        boolean complete = switch (assertion.version()) {
            case 1 ->
                map.text("dc:title").isPresent()
                        && map.text("dc:format").isPresent()
                        && map.text("instanceID").isPresent();
            case 2 -> map.text("dc:title").isPresent() && map.text("dc:format").isPresent();
            case 3 -> true;
            default -> false;
        };
        if (!complete || relationship.isEmpty()) {
            return Optional.empty();
        }
        Optional<HashedUri> manifest = HashedUri.in(map, assertion.version() < 3 ? "c2pa_manifest" : "activeManifest");
        String label = manifest.flatMap(uri -> JumbfUri.manifestOf(uri.url())).orElse("");
        Optional<Dictionary> results = map.dictionary("validationResults");
        return Optional.of(new Ingredient(
                assertion,
                relationship.get(),
                map.text("dc:title"),
                map.text("dc:format"),
                manifest,
                HashedUri.in(map, "claimSignature"),
                recorded(results, map.array("validationStatus"), label)
                        .limit(MAX_RECORDED)
                        .toList(),
                results.isPresent()));
    }

    /**
     * {@return the codes of what did not hold when it was used, as whoever used it records; without that its signer is
     * unknown, which makes no manifest invalid}
     */
    List<String> recordedFailures() {
        Optional<Dictionary> map = assertion.map();
        Stream<CborValue> listed = map.flatMap(found -> found.dictionary("validationResults")).stream()
                .flatMap(Ingredient::validations)
                .flatMap(codes -> codes.array("failure").orElse(List.of()).stream());
        // old records do not say which of their codes are failures
        Stream<CborValue> old = map.flatMap(found -> found.array("validationStatus")).orElse(List.of()).stream();
        return Stream.concat(codes(listed), codes(old).filter(Ingredient::isFailure))
                .filter(code -> !code.equals(StatusCode.SIGNING_CREDENTIAL_UNTRUSTED.label()))
                .map(code -> PrintableText.of(code, MAX_CODE))
                .distinct()
                .limit(MAX_FAILURES)
                .toList();
    }

    private static Stream<String> codes(Stream<CborValue> statuses) {
        return statuses.filter(Dictionary.class::isInstance)
                .flatMap(status -> ((Dictionary) status).text("code").stream());
    }

    private static boolean isFailure(String code) {
        return code.endsWith(".mismatch")
                || StatusCode.of(code)
                        .filter(known -> known.outcome() == Outcome.FAILURE)
                        .isPresent();
    }

    private static Stream<Dictionary> validations(Dictionary results) {
        Stream<Dictionary> active = results.dictionary("activeManifest").stream();
        Stream<Dictionary> deltas = results.array("ingredientDeltas").orElse(List.of()).stream()
                .filter(Dictionary.class::isInstance)
                .flatMap(delta -> ((Dictionary) delta).dictionary("validationDeltas").stream());
        return Stream.concat(active, deltas);
    }

    private static Stream<RecordedStatus> recorded(
            Optional<Dictionary> results, Optional<List<CborValue>> statuses, String label) {
        if (results.isEmpty()) {
            return statuses.orElse(List.of()).stream().flatMap(status -> recorded(status, label));
        }
        return validations(results.get())
                .flatMap(codes -> Stream.of("success", "informational", "failure")
                        .flatMap(outcome -> codes.array(outcome).orElse(List.of()).stream()))
                .flatMap(status -> recorded(status, label));
    }

    private static Stream<RecordedStatus> recorded(CborValue status, String label) {
        if (!(status instanceof Dictionary map) || map.text("code").isEmpty()) {
            return Stream.empty();
        }
        String url = map.text("url").orElse("");
        return Stream.of(new RecordedStatus(
                map.text("code").get(), url.startsWith("self#jumbf") ? JumbfUri.absolute(label, url) : url));
    }
}
