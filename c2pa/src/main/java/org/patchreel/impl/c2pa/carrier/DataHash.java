package org.patchreel.impl.c2pa.carrier;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.carrier.ManifestPlace.Range;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * Tells whether a {@code c2pa.hash.data} assertion is of a file: a hash of all its bytes but those of the exclusions (C2PA 2.2,
 * 15.12.1). What the exclusion of the manifest leaves out must be the manifest and nothing else: whoever makes the store
 * shorter, by what is not signed in it, could put something into the room.
 */
public final class DataHash {
    private static final int MAX_EXCLUSIONS = 10_000;

    private DataHash() {}

    private static BindingException malformed(String reason) {
        return new BindingException(StatusCode.ASSERTION_DATA_HASH_MALFORMED, reason);
    }

    private static BindingException mismatch(String reason) {
        return new BindingException(StatusCode.ASSERTION_DATA_HASH_MISMATCH, reason);
    }

    /**
     * Checks an assertion against a file.
     *
     * @param place of the manifest in the file
     * @param map the assertion's
     * @param updated whether update manifests came to the store since, which made it longer
     * @param claimAlgorithm name of the hash function that the claim names
     * @param url of the assertion, for the findings
     * @throws IOException if the file cannot be read
     */
    public static void check(
            CarrierFile file,
            ManifestPlace place,
            Dictionary map,
            boolean updated,
            String claimAlgorithm,
            String url,
            StatusLog log)
            throws IOException {
        try {
            List<Range> exclusions = exclusions(map);
            if (updated) {
                exclusions = moved(exclusions, place);
            }
            exclusions.sort(Comparator.comparingLong(Range::start));
            checkOrder(exclusions, file.size());
            if (checkPlace(exclusions, place)) {
                log.add(
                        StatusCode.ASSERTION_DATA_HASH_ADDITIONAL_EXCLUSIONS_PRESENT,
                        url,
                        "the binding leaves out more of the file than the manifest");
            }
            if (map.get("url").isPresent()) {
                throw mismatch("the hash is said to be elsewhere, which is no longer allowed");
            }
            byte[] hash = map.bytes("hash").orElseThrow(() -> mismatch("the binding has no hash"));
            if (!MessageDigest.isEqual(
                    hash, digest(file, exclusions, map.text("alg").orElse(claimAlgorithm)))) {
                throw mismatch("the hash of the file is another");
            }
            log.add(StatusCode.ASSERTION_DATA_HASH_MATCH, url, "the file is the one that was signed");
        } catch (BindingException e) {
            e.addTo(log, url);
        }
    }

    private static List<Range> exclusions(Dictionary map) throws BindingException {
        List<CborValue> items = map.array("exclusions").orElse(List.of());
        if (items.size() > MAX_EXCLUSIONS) {
            throw malformed("more than " + MAX_EXCLUSIONS + " exclusions");
        }
        List<Range> exclusions = new ArrayList<>();
        for (CborValue item : items) {
            if (!(item instanceof Dictionary range)) {
                throw malformed("an exclusion that is not a map");
            }
            long start = range.number("start").orElse(-1L);
            long length = range.number("length").orElse(-1L);
            if (start < 0 || length < 0) {
                throw malformed("an exclusion without start and length");
            }
            if (length > 0) {
                exclusions.add(new Range(start, length));
            }
        }
        return exclusions;
    }

    /** What stands behind the store has moved by as much as the store has grown. */
    private static List<Range> moved(List<Range> exclusions, ManifestPlace place) {
        Optional<Range> before = exclusions.stream()
                .filter(range -> range.start() == place.range().start())
                .findFirst();
        if (before.isEmpty()) {
            return exclusions;
        }
        long growth = place.range().length() - before.get().length();
        List<Range> moved = new ArrayList<>();
        for (Range range : exclusions) {
            if (range.equals(before.get())) {
                moved.add(place.range());
            } else {
                boolean behind = range.start() > place.range().start();
                moved.add(behind ? new Range(range.start() + growth, range.length()) : range);
            }
        }
        return moved;
    }

    private static void checkOrder(List<Range> exclusions, long size) throws BindingException {
        long end = 0;
        for (Range range : exclusions) {
            if (range.start() < end) {
                throw malformed("exclusions that overlap");
            }
            if (range.start() > size || range.length() > size - range.start()) {
                throw mismatch("an exclusion ends beyond the file");
            }
            end = range.end();
        }
    }

    /** {@return whether there are other exclusions} */
    private static boolean checkPlace(List<Range> exclusions, ManifestPlace place) throws BindingException {
        boolean others = false;
        boolean found = false;
        for (Range range : exclusions) {
            if (range.equals(place.range())) {
                found = true;
            } else if (range.start() < place.range().end()
                    && range.end() > place.range().start()) {
                throw mismatch("the exclusion of " + range.length() + " bytes at byte " + range.start()
                        + " is not that of the manifest, of " + place.range().length() + " bytes at byte "
                        + place.range().start());
            } else {
                others |= place.lengthField().filter(range::equals).isEmpty();
            }
        }
        if (!found) {
            throw mismatch("the exclusions leave out something else than the manifest");
        }
        return others;
    }

    private static byte[] digest(CarrierFile file, List<Range> exclusions, String algorithm)
            throws BindingException, IOException {
        MessageDigest digest =
                HashFunction.digest(algorithm).orElseThrow(() -> mismatch("unknown hash function " + algorithm));
        long position = 0;
        for (Range range : exclusions) {
            file.digest(digest, position, range.start());
            position = range.end();
        }
        file.digest(digest, position, file.size());
        return digest.digest();
    }
}
