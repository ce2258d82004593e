package org.patchreel.impl.c2pa.bmff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.impl.c2pa.bmff.HardBinding.Verdict;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborWriter;

/** The hashes are computed here anew, from the words of C2PA 2.2, 18.6. */
class HardBindingTest {
    private static final byte[] UUID = HexFormat.of().parseHex("d8fec3d61b0e483c92975828877ec481");
    private static final List<Object> MANDATORY = List.of(
            Map.of("xpath", "/uuid", "data", List.of(new TreeMap<>(Map.of("offset", 8, "value", UUID)))),
            Map.of("xpath", "/ftyp"),
            Map.of("xpath", "/mfra"));

    private static final byte[] FTYP = BoxesBuilder.box("ftyp", new byte[] {1, 2, 3, 4});
    private static final byte[] MANIFEST =
            new BoxesBuilder().addC2pa("manifest", new byte[8], new byte[50]).bytes();
    private static final byte[] MOOV = BoxesBuilder.box("moov", BoxesBuilder.box("mvhd", new byte[20]));
    private static final byte[] MDAT = BoxesBuilder.box("mdat", new byte[1000]);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private HardBinding.Outcome check(byte[] bytes, Map<String, Object> assertion, int version) throws Exception {
        try (BmffFile file = BmffFile.open(Files.write(folder.resolve("file.mp4"), bytes))) {
            return HardBinding.check(
                    file,
                    CborReader.readMap(ByteBuffer.wrap(CborWriter.write(new TreeMap<>(assertion)))),
                    version,
                    C2paBoxes.of(file).proofs(),
                    "sha256");
        }
    }

    private void assertVerdict(Verdict verdict, byte[] bytes, Map<String, Object> assertion, int version)
            throws Exception {
        HardBinding.Outcome outcome = check(bytes, assertion, version);
        assertEquals(verdict, outcome.verdict(), outcome.reason());
    }

    private static byte[] sha256(byte[]... parts) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(BoxesBuilder.joined(parts));
    }

    private static byte[] at(long offset) {
        return ByteBuffer.allocate(8).putLong(offset).array();
    }

    private static byte[] file() {
        return BoxesBuilder.joined(FTYP, MANIFEST, MOOV, MDAT);
    }

    private static byte[] hash() throws Exception {
        int moov = FTYP.length + MANIFEST.length;
        return sha256(at(moov), MOOV, at(moov + MOOV.length), MDAT);
    }

    @Test
    void hashesOffsetsAndBoxesFromVersionTwoOn() throws Exception {
        Map<String, Object> assertion = Map.of("alg", "sha256", "hash", hash(), "exclusions", MANDATORY);
        assertVerdict(Verdict.MATCH, file(), assertion, 2);
        assertVerdict(Verdict.MATCH, file(), assertion, 3);
        assertVerdict(Verdict.MISMATCH, file(), assertion, 1);
        Map<String, Object> first = Map.of("hash", sha256(MOOV, MDAT), "exclusions", MANDATORY);
        assertVerdict(Verdict.MATCH, file(), first, 1);
    }

    @Test
    void seesEveryChangeOfWhatIsHashedAndNoneOfWhatIsNot() throws Exception {
        Map<String, Object> assertion = Map.of("hash", hash(), "exclusions", MANDATORY);
        byte[] file = file();
        for (int position = 8; position < file.length; position += 7) {
            byte[] changed = file.clone();
            changed[position] ^= 1;
            boolean header = position < FTYP.length + MANIFEST.length + MOOV.length + 8
                    && position >= FTYP.length + MANIFEST.length + MOOV.length;
            boolean excluded = position < FTYP.length
                    || (position >= FTYP.length + 8 + 16 + 4 + 9 && position < FTYP.length + MANIFEST.length);
            if (excluded) {
                assertVerdict(Verdict.MATCH, changed, assertion, 3);
            } else if (!header && position >= FTYP.length + MANIFEST.length) {
                assertVerdict(Verdict.MISMATCH, changed, assertion, 3);
            }
        }
        assertVerdict(Verdict.MISMATCH, BoxesBuilder.joined(file, BoxesBuilder.box("free")), assertion, 3);
        assertVerdict(Verdict.MISMATCH, BoxesBuilder.joined(file, new byte[1]), assertion, 3);
        assertVerdict(Verdict.MISMATCH, Arrays.copyOf(file, file.length - 1), assertion, 3);
        assertVerdict(Verdict.MISMATCH, Arrays.copyOf(file, FTYP.length + MANIFEST.length + 4), assertion, 3);
        assertVerdict(Verdict.MATCH, BoxesBuilder.joined(file, BoxesBuilder.box("mfra", new byte[9])), assertion, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha384", "sha512"})
    void knowsLongerHashes(String algorithm) throws Exception {
        int moov = FTYP.length + MANIFEST.length;
        byte[] hash = MessageDigest.getInstance(algorithm.replace("sha", "SHA-"))
                .digest(BoxesBuilder.joined(at(moov), MOOV, at(moov + MOOV.length), MDAT));
        assertVerdict(Verdict.MATCH, file(), Map.of("alg", algorithm, "hash", hash, "exclusions", MANDATORY), 3);
        assertVerdict(Verdict.MISMATCH, file(), Map.of("alg", "md5", "hash", hash, "exclusions", MANDATORY), 3);
    }

    @Test
    void leavesOutSubsetsOfBoxesAndBoxesWithin() throws Exception {
        int moov = FTYP.length + MANIFEST.length;
        List<Object> exclusions = new ArrayList<>(MANDATORY);
        exclusions.add(Map.of("xpath", "/mdat", "subset", List.of(new TreeMap<>(Map.of("offset", 100, "length", 50)))));
        exclusions.add(Map.of("xpath", "/moov/mvhd"));
        byte[] hash = sha256(
                at(moov),
                Arrays.copyOf(MOOV, 8),
                at(moov + MOOV.length),
                Arrays.copyOf(MDAT, 100),
                Arrays.copyOfRange(MDAT, 150, MDAT.length));
        assertVerdict(Verdict.MATCH, file(), Map.of("hash", hash, "exclusions", exclusions), 3);
    }

    @Test
    void leavesOutOnlyBoxesThatMeetTheConditions() throws Exception {
        int moov = FTYP.length + MANIFEST.length;
        Map<String, Object> conditions = Map.of("xpath", "/mdat", "length", MDAT.length);
        List<Object> exclusions = new ArrayList<>(MANDATORY);
        exclusions.add(conditions);
        assertVerdict(Verdict.MATCH, file(), Map.of("hash", sha256(at(moov), MOOV), "exclusions", exclusions), 3);
        exclusions.set(3, Map.of("xpath", "/mdat", "length", MDAT.length + 1));
        assertVerdict(Verdict.MATCH, file(), Map.of("hash", hash(), "exclusions", exclusions), 3);
        exclusions.set(3, new TreeMap<>(Map.of("xpath", "/moov/mvhd", "version", 1)));
        assertVerdict(Verdict.MATCH, file(), Map.of("hash", hash(), "exclusions", exclusions), 3);
    }

    @Test
    void refusesAssertionsThatAreNotOfTheRightForm() throws Exception {
        for (Map<String, Object> assertion : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("hash", hash()),
                Map.of("hash", hash(), "exclusions", List.of()),
                Map.of("hash", hash(), "exclusions", List.of("/uuid")),
                Map.of("hash", hash(), "exclusions", List.of(Map.of())),
                Map.of("exclusions", MANDATORY),
                Map.of("exclusions", MANDATORY, "merkle", List.of()),
                Map.of("exclusions", MANDATORY, "merkle", List.of(Map.of("count", 1))),
                Map.of(
                        "hash",
                        hash(),
                        "exclusions",
                        List.of(new TreeMap<>(Map.of(
                                "xpath",
                                "/mdat",
                                "subset",
                                List.of(
                                        new TreeMap<>(Map.of("offset", 50, "length", 10)),
                                        new TreeMap<>(Map.of("offset", 40, "length", 5))))))),
                Map.of("hash", hash(), "exclusions", Collections.nCopies(101, Map.of("xpath", "/ftyp"))))) {
            assertVerdict(Verdict.MALFORMED, file(), assertion, 3);
        }
        assertVerdict(Verdict.MISMATCH, file(), Map.of("hash", hash(), "exclusions", MANDATORY, "url", "http://x"), 3);
    }

    @Test
    void knowsExclusionsBeyondTheMandatoryOnes() throws Exception {
        assertFalse(HardBinding.excludesMore(map(Map.of("hash", hash(), "exclusions", MANDATORY))));
        List<Object> more = new ArrayList<>(MANDATORY);
        more.add(Map.of("xpath", "/free"));
        assertTrue(HardBinding.excludesMore(map(Map.of("hash", hash(), "exclusions", more))));
    }

    private static Dictionary map(Map<String, Object> map) throws Exception {
        return CborReader.readMap(ByteBuffer.wrap(CborWriter.write(new TreeMap<>(map))));
    }

    // -- Merkle trees

    /** A tree whose rows are computed by pairs; a node without a sibling goes up. */
    private static List<List<byte[]>> rows(List<byte[]> leaves) throws Exception {
        List<List<byte[]>> rows = new ArrayList<>(List.of(leaves));
        while (rows.get(rows.size() - 1).size() > 1) {
            List<byte[]> below = rows.get(rows.size() - 1);
            List<byte[]> row = new ArrayList<>();
            for (int i = 0; i < below.size(); i += 2) {
                row.add(i + 1 < below.size() ? sha256(below.get(i), below.get(i + 1)) : below.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<byte[]> proof(List<List<byte[]>> rows, int leaf, int upTo) {
        List<byte[]> proof = new ArrayList<>();
        int index = leaf;
        for (int row = 0; row < upTo; row++) {
            int sibling = index ^ 1;
            if (sibling < rows.get(row).size()) {
                proof.add(rows.get(row).get(sibling));
            }
            index /= 2;
        }
        return proof;
    }

    private static final class Fragmented {
        private final byte[] bytes;
        private final Map<String, Object> assertion;

        Fragmented(byte[] bytes, Map<String, Object> assertion) {
            this.bytes = bytes;
            this.assertion = assertion;
        }

        byte[] bytes() {
            return bytes;
        }

        Map<String, Object> assertion() {
            return assertion;
        }
    }

    /** A file of fragments, each with the proof in a box ahead of the first. */
    private static Fragmented fragmented(int fragments, int row) throws Exception {
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < fragments; i++) {
            parts.add(BoxesBuilder.joined(
                    BoxesBuilder.box("moof", new byte[] {1, (byte) i}), BoxesBuilder.box("mdat", new byte[100 + i])));
        }
        // The proofs' lengths do not depend on the hashes, so that the offsets are known ahead of them.
        byte[][] proofBoxes = new byte[fragments][];
        List<List<byte[]>> rows = rows(Collections.nCopies(fragments, new byte[32]));
        byte[] initialization = {};
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < fragments; i++) {
                proofBoxes[i] = new BoxesBuilder()
                        .addC2pa(
                                "merkle",
                                CborWriter.write(new TreeMap<>(Map.of(
                                        "uniqueId", 7, "localId", 1, "location", i, "hashes", proof(rows, i, row)))),
                                new byte[3])
                        .bytes();
            }
            int start = FTYP.length + MANIFEST.length;
            initialization = sha256(at(start), MOOV);
            int offset = start + MOOV.length + BoxesBuilder.joined(proofBoxes).length;
            List<byte[]> leaves = new ArrayList<>();
            for (byte[] part : parts) {
                int moof = ByteBuffer.wrap(part).getInt();
                leaves.add(sha256(
                        at(offset),
                        Arrays.copyOf(part, moof),
                        at(offset + moof),
                        Arrays.copyOfRange(part, moof, part.length)));
                offset += part.length;
            }
            rows = rows(leaves);
        }
        byte[] bytes = BoxesBuilder.joined(
                FTYP,
                MANIFEST,
                MOOV,
                BoxesBuilder.joined(proofBoxes),
                BoxesBuilder.joined(parts.toArray(new byte[0][])));
        Map<String, Object> tree = new TreeMap<>(Map.of(
                "uniqueId", 7, "localId", 1, "count", fragments, "initHash", initialization, "hashes", rows.get(row)));
        return new Fragmented(bytes, Map.of("alg", "sha256", "exclusions", MANDATORY, "merkle", List.of(tree)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 13})
    void checksTheFragmentsOfAFragmentedFile(int fragments) throws Exception {
        int height = rows(Collections.nCopies(fragments, new byte[32])).size();
        for (int row = 0; row < height; row++) {
            Fragmented fragmented = fragmented(fragments, row);
            assertVerdict(Verdict.MATCH, fragmented.bytes(), fragmented.assertion(), 3);
            byte[] changed = fragmented.bytes().clone();
            changed[changed.length - 1] ^= 1;
            assertVerdict(Verdict.MISMATCH, changed, fragmented.assertion(), 3);
        }
    }

    @Test
    void seesThatFragmentsAreMissingSwappedOrAdded() throws Exception {
        Fragmented fragmented = fragmented(4, 2);
        byte[] bytes = fragmented.bytes();
        int last = 10 + 8 + 103;
        assertVerdict(Verdict.MISMATCH, Arrays.copyOf(bytes, bytes.length - last), fragmented.assertion(), 3);
        assertVerdict(
                Verdict.MISMATCH,
                BoxesBuilder.joined(bytes, Arrays.copyOfRange(bytes, bytes.length - last, bytes.length)),
                fragmented.assertion(),
                3);
        byte[] changedStart = bytes.clone();
        changedStart[FTYP.length + MANIFEST.length + 20] ^= 1;
        assertVerdict(Verdict.MISMATCH, changedStart, fragmented.assertion(), 3);
    }

    @Test
    void checksTheBlocksOfAnMdatBox() throws Exception {
        List<Object> exclusions = new ArrayList<>(MANDATORY);
        exclusions.add(Map.of("xpath", "/mdat", "subset", List.of(new TreeMap<>(Map.of("offset", 16, "length", 0)))));
        int moov = FTYP.length + MANIFEST.length;
        byte[] hash = sha256(at(moov), MOOV, at(moov + MOOV.length), Arrays.copyOf(MDAT, 16));
        List<byte[]> leaves = new ArrayList<>();
        for (int start = 16; start < MDAT.length; start += 300) {
            leaves.add(sha256(Arrays.copyOfRange(MDAT, start, Math.min(MDAT.length, start + 300))));
        }
        for (List<byte[]> row : rows(leaves)) {
            Map<String, Object> tree = new TreeMap<>(
                    Map.of("uniqueId", 0, "localId", 0, "count", leaves.size(), "hashes", row, "fixedBlockSize", 300));
            Map<String, Object> assertion =
                    Map.of("alg", "sha256", "hash", hash, "exclusions", exclusions, "merkle", List.of(tree));
            assertVerdict(Verdict.MATCH, file(), assertion, 3);
            byte[] changed = file();
            changed[changed.length - 1] ^= 1;
            assertVerdict(Verdict.MISMATCH, changed, assertion, 3);

            tree.remove("fixedBlockSize");
            tree.put("variableBlockSizes", List.of(300, 300, 300, 92));
            assertVerdict(Verdict.MATCH, file(), assertion, 3);
            tree.put("variableBlockSizes", List.of(300, 300, 300, 91));
            assertVerdict(Verdict.MISMATCH, file(), assertion, 3);
        }
    }

    @Test
    void readsAFileThatIsLargerThanItsBuffer() throws Exception {
        byte[] large = BoxesBuilder.box("mdat", new byte[1 << 20]);
        int moov = FTYP.length + MANIFEST.length;
        byte[] hash = sha256(at(moov), MOOV, at(moov + MOOV.length), large);
        assertVerdict(
                Verdict.MATCH,
                BoxesBuilder.joined(FTYP, MANIFEST, MOOV, large),
                Map.of("hash", hash, "exclusions", MANDATORY),
                3);
    }
}
