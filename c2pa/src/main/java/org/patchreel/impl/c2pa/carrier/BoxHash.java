package org.patchreel.impl.c2pa.carrier;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.carrier.Carrier.FileBox;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Text;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * Tells whether a {@code c2pa.hash.boxes} assertion is of a file: hashes of its parts, which must be all that there are, in
 * order (C2PA 2.2, 15.12.3).
 */
public final class BoxHash {
    private static final String HEADER_OF_PNG = "PNGh";

    /** In the place of a part: what is behind the last one. */
    private static final String AFTER = "c2pa.after";

    private final Carrier carrier;
    private final List<FileBox> boxes;
    private final String claimAlgorithm;

    /** The first part that no entry has named yet. */
    private int next;

    /** Where the bytes end that were hashed, or belong to the manifest. */
    private long covered;

    private boolean gaps;

    private BoxHash(Carrier carrier, List<FileBox> boxes, String claimAlgorithm) {
        this.carrier = carrier;
        this.boxes = boxes;
        this.claimAlgorithm = claimAlgorithm;
    }

    private static BindingException malformed(String reason) {
        return new BindingException(StatusCode.ASSERTION_BOXES_HASH_MALFORMED, reason);
    }

    private static BindingException mismatch(String reason) {
        return new BindingException(StatusCode.ASSERTION_BOXES_HASH_MISMATCH, reason);
    }

    /**
     * Checks an assertion against a file.
     *
     * @param map the assertion's
     * @param claimAlgorithm name of the hash function that the claim names
     * @param url of the assertion, for the findings
     * @throws IOException if the file cannot be read
     */
    public static void check(Carrier carrier, Dictionary map, String claimAlgorithm, String url, StatusLog log)
            throws IOException {
        try {
            BoxHash check =
                    new BoxHash(carrier, carrier.boxes(), map.text("alg").orElse(claimAlgorithm));
            check.check(map.array("boxes").orElseThrow(() -> malformed("the binding lists no boxes")));
            if (check.gaps) {
                log.add(
                        StatusCode.ASSERTION_BOXES_HASH_ADDITIONAL_EXCLUSIONS_PRESENT,
                        url,
                        "the binding leaves out more of the file than the manifest");
            }
            log.add(StatusCode.ASSERTION_BOXES_HASH_MATCH, url, "the file is the one that was signed");
        } catch (CarrierException e) {
            log.add(StatusCode.ASSERTION_BOXES_HASH_MISMATCH, url, e.reason());
        } catch (BindingException e) {
            e.addTo(log, url);
        }
    }

    private void check(List<CborValue> entries) throws BindingException, IOException {
        List<Dictionary> maps = new ArrayList<>();
        for (CborValue entry : entries) {
            if (!(entry instanceof Dictionary map) || names(map).isEmpty()) {
                throw malformed("an entry that names no boxes");
            }
            maps.add(map);
        }
        if (maps.isEmpty()) {
            throw malformed("the binding lists no boxes");
        }
        if (boxes.get(0).name().equals(HEADER_OF_PNG)
                && !names(maps.get(0)).get(0).equals(HEADER_OF_PNG)) {
            next++; // the header says nothing but that it is PNG
            covered = boxes.get(0).range().end();
        }
        for (Dictionary map : maps) {
            check(map, names(map));
        }
        if (next < boxes.size()) {
            throw new BindingException(
                    StatusCode.ASSERTION_BOXES_HASH_UNKNOWN_BOX,
                    "the file has " + (boxes.size() - next) + " boxes more than the binding lists");
        }
        gaps |= covered < carrier.file().size();
    }

    private static List<String> names(Dictionary map) {
        List<String> names = new ArrayList<>();
        for (CborValue item : map.array("names").orElse(List.of())) {
            names.add(item instanceof Text text ? text.value() : "");
        }
        return names;
    }

    private void check(Dictionary map, List<String> names) throws BindingException, IOException {
        if (names.equals(List.of(AFTER)) && next == boxes.size()) {
            hash(map, covered, carrier.file().size());
            return;
        }
        long start = next < boxes.size()
                ? boxes.get(next).range().start()
                : carrier.file().size();
        long end = start;
        for (String name : names) {
            if (next == boxes.size() || !boxes.get(next).name().equals(name)) {
                throw new BindingException(
                        StatusCode.ASSERTION_BOXES_HASH_UNKNOWN_BOX,
                        "the binding has a box " + name + " where the file has "
                                + (next == boxes.size()
                                        ? "none"
                                        : boxes.get(next).name()));
            }
            if (name.equals(FileBox.MANIFEST) && names.size() > 1) {
                throw mismatch("the manifest is one of several boxes of an entry");
            }
            end = boxes.get(next).range().end();
            next++;
        }
        gaps |= start > covered;
        if (names.get(0).equals(FileBox.MANIFEST)) {
            covered = end;
        } else if (map.bool("excluded").orElse(false)) {
            covered = end;
            gaps = true;
        } else {
            hash(map, start, end);
        }
    }

    private void hash(Dictionary map, long start, long end) throws BindingException, IOException {
        String algorithm = map.text("alg").orElse(claimAlgorithm);
        MessageDigest digest =
                HashFunction.digest(algorithm).orElseThrow(() -> mismatch("unknown hash function " + algorithm));
        carrier.file().digest(digest, start, end);
        Optional<byte[]> expected = map.bytes("hash");
        if (expected.isEmpty() || !MessageDigest.isEqual(expected.get(), digest.digest())) {
            throw mismatch("the hash of the boxes from byte " + start + " to " + end + " is another");
        }
        covered = end;
    }
}
