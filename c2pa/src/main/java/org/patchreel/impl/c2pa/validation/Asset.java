package org.patchreel.impl.c2pa.validation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.bmff.BmffFile;
import org.patchreel.impl.c2pa.bmff.C2paBoxes;
import org.patchreel.impl.c2pa.bmff.HardBinding;
import org.patchreel.impl.c2pa.carrier.BoxHash;
import org.patchreel.impl.c2pa.carrier.Carrier;
import org.patchreel.impl.c2pa.carrier.DataHash;
import org.patchreel.impl.c2pa.carrier.ManifestPlace;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/** A file that manifest stores were found in, and that the active manifest may be bound to. */
sealed interface Asset {

    /** {@return the stores, each with padding; the last holds the active manifest} */
    List<ByteBuffer> stores();

    /**
     * Checks a hard binding.
     *
     * @param binding an assertion of {@code manifest}
     * @param updated whether the active manifest is an update of {@code manifest}
     * @throws IOException if the file cannot be read
     */
    void check(Assertion binding, ParsedManifest manifest, boolean updated, StatusLog log) throws IOException;

    /** A file of BMFF boxes: MP4, MOV, AVIF, HEIC. */
    record Bmff(BmffFile file, C2paBoxes boxes) implements Asset {
        @Override
        public List<ByteBuffer> stores() {
            return boxes.original().isPresent()
                    ? List.of(boxes.original().get(), boxes.update().orElseThrow())
                    : List.of(boxes.manifest().orElseThrow());
        }

        @Override
        public void check(Assertion binding, ParsedManifest manifest, boolean updated, StatusLog log)
                throws IOException {
            String url = JumbfUri.assertion(manifest.label(), binding.label());
            Optional<Dictionary> map = binding.map();
            if (!binding.kind().equals("c2pa.hash.bmff")) {
                log.add(StatusCode.ASSERTION_BMFF_HASH_MISMATCH, url, "a binding to a file of another kind");
                return;
            }
            if (map.isEmpty()) {
                log.add(StatusCode.ASSERTION_BMFF_HASH_MALFORMED, url, "the binding is not a map");
                return;
            }
            if (HardBinding.excludesMore(map.get())) {
                log.add(
                        StatusCode.ASSERTION_BMFF_HASH_ADDITIONAL_EXCLUSIONS_PRESENT,
                        url,
                        "the binding leaves out more of the file than it must");
            }
            HardBinding.Outcome outcome = HardBinding.check(
                    file,
                    map.get(),
                    binding.version(),
                    boxes.proofs(),
                    manifest.claim().algorithm());
            StatusCode code = switch (outcome.verdict()) {
                case MATCH -> StatusCode.ASSERTION_BMFF_HASH_MATCH;
                case MISMATCH -> StatusCode.ASSERTION_BMFF_HASH_MISMATCH;
                case MALFORMED -> StatusCode.ASSERTION_BMFF_HASH_MALFORMED;
            };
            log.add(code, url, outcome.reason().isEmpty() ? "the file is the one that was signed" : outcome.reason());
        }
    }

    /** A file of another format. */
    record Other(Carrier carrier, ManifestPlace place) implements Asset {
        @Override
        public List<ByteBuffer> stores() {
            return List.of(place.store());
        }

        @Override
        public void check(Assertion binding, ParsedManifest manifest, boolean updated, StatusLog log)
                throws IOException {
            String url = JumbfUri.assertion(manifest.label(), binding.label());
            String algorithm = manifest.claim().algorithm();
            Optional<Dictionary> map = binding.map();
            switch (binding.kind()) {
                case "c2pa.hash.data" -> {
                    if (map.isEmpty()) {
                        log.add(StatusCode.ASSERTION_DATA_HASH_MALFORMED, url, "the binding is not a map");
                    } else {
                        DataHash.check(carrier.file(), place, map.get(), updated, algorithm, url, log);
                    }
                }
                case "c2pa.hash.boxes" -> {
                    if (map.isEmpty()) {
                        log.add(StatusCode.ASSERTION_BOXES_HASH_MALFORMED, url, "the binding is not a map");
                    } else {
                        BoxHash.check(carrier, map.get(), algorithm, url, log);
                    }
                }
                default -> log.add(StatusCode.ASSERTION_BMFF_HASH_MISMATCH, url, "a binding to a file of another kind");
            }
        }
    }
}
