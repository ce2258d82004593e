package org.patchreel.impl.c2pa.validation;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;

/** Watermarks and fingerprints that a manifest names (C2PA 2.2, 18.10). */
final class SoftBindings {
    static final String KIND = "c2pa.soft-binding";

    private static final int MAX = 1000;

    private SoftBindings() {}

    /** A soft binding and the stretch of time that it is of, if it names one. */
    record Bound(SoftBinding binding, Optional<Timespan> timespan) {}

    /** Milliseconds. */
    record Timespan(long start, long end) {}

    /** {@return whether an assertion lists blocks, each with a scope} */
    static boolean isWellFormed(Dictionary map) {
        return map.array("blocks")
                .filter(blocks -> blocks.stream()
                        .allMatch(item -> item instanceof Dictionary block
                                && block.dictionary("scope").isPresent()))
                .isPresent();
    }

    static List<Bound> of(ParsedManifest manifest) {
        List<Bound> bindings = new ArrayList<>();
        for (Assertion assertion : manifest.assertions(KIND)) {
            Optional<Dictionary> map = assertion.map();
            Optional<String> algorithm = map.flatMap(found -> found.text("alg"))
                    .or(() -> manifest.claim().softAlgorithm());
            for (CborValue item : map.flatMap(found -> found.array("blocks")).orElse(List.of())) {
                if (bindings.size() < MAX
                        && item instanceof Dictionary block
                        && algorithm.isPresent()
                        && block.bytes("value").isPresent()) {
                    String value = HexFormat.of().formatHex(block.bytes("value").get());
                    bindings.add(new Bound(new SoftBinding(algorithm.get(), value), timespan(block)));
                }
            }
        }
        return bindings;
    }

    private static Optional<Timespan> timespan(Dictionary block) {
        Optional<Dictionary> timespan = block.dictionary("scope").flatMap(scope -> scope.dictionary("timespan"));
        Optional<Long> start = timespan.flatMap(found -> found.number("start"));
        Optional<Long> end = timespan.flatMap(found -> found.number("end"));
        return start.isPresent() && end.isPresent()
                ? Optional.of(new Timespan(start.get(), end.get()))
                : Optional.empty();
    }
}
