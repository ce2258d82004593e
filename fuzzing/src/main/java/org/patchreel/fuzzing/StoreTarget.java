package org.patchreel.fuzzing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** Validates manifest stores. */
public final class StoreTarget {
    static final ManifestValidator VALIDATOR =
            new ManifestValidator(TrustList.EMPTY, Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC));

    private StoreTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        requireNoFault(VALIDATOR.validateStore(input));
    }

    /** A fault of the validator itself is a finding too, although it only makes a manifest invalid. */
    static void requireNoFault(ProvenanceReport.Manifest manifest) {
        for (ProvenanceReport.Status status : manifest.codes()) {
            if (status.explanation().contains("Exception")
                    || status.explanation().contains("Error")) {
                throw new IllegalStateException(status.explanation());
            }
        }
    }
}
