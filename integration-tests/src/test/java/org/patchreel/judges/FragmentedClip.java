package org.patchreel.judges;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.spi.ClaimSigner.Credential;

/**
 * A signed file of fragments that a Merkle tree binds to its manifest (C2PA 2.2, 18.6.2.2). Its boxes hold no pictures: no
 * validator looks at these.
 */
final class FragmentedClip {
    private static final byte[] C2PA = HexFormat.of().parseHex("d8fec3d61b0e483c92975828877ec481");
    private static final byte[] FTYP =
            box("ftyp", "isom".getBytes(ISO_8859_1), new byte[4], "isomiso6".getBytes(ISO_8859_1));
    private static final byte[] MOOV = box("moov", box("mvhd", new byte[100]));

    private final int fragments;
    private final int row;
    private final Credential credential;
    private final String label = "urn:c2pa:" + UUID.randomUUID();

    private FragmentedClip(int fragments, int row, Credential credential) {
        this.fragments = fragments;
        this.row = row;
        this.credential = credential;
    }

    /**
     * Makes one.
     *
     * @param row of the tree that the manifest holds, from 0 for the leaves
     */
    static byte[] of(int fragments, int row, Credential credential) throws GeneralSecurityException {
        return new FragmentedClip(fragments, row, credential).bytes();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] box(String type, byte[]... content) {
        byte[] all = joined(content);
        return joined(ByteBuffer.allocate(4).putInt(all.length + 8).array(), type.getBytes(ISO_8859_1), all);
    }

    private static byte[] c2paBox(String purpose, byte[]... content) {
        return box("uuid", C2PA, new byte[4], (purpose + '\0').getBytes(ISO_8859_1), joined(content));
    }

    private static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(joined(parts));
    }

    private static byte[] at(long offset) {
        return ByteBuffer.allocate(8).putLong(offset).array();
    }

    private static List<List<byte[]>> rows(List<byte[]> leaves) throws GeneralSecurityException {
        List<List<byte[]>> rows = new ArrayList<>(List.of(leaves));
        while (rows.get(rows.size() - 1).size() > 1) {
            List<byte[]> below = rows.get(rows.size() - 1);
            List<byte[]> above = new ArrayList<>();
            for (int i = 0; i < below.size(); i += 2) {
                above.add(i + 1 < below.size() ? sha256(below.get(i), below.get(i + 1)) : below.get(i));
            }
            rows.add(above);
        }
        return rows;
    }

    /** The first pass finds sizes, which do not depend on the hashes; the second finds the hashes. */
    private byte[] bytes() throws GeneralSecurityException {
        List<List<byte[]>> rows = rows(Collections.nCopies(fragments, new byte[32]));
        byte[] initialization = new byte[32];
        byte[] file = {};
        for (int pass = 0; pass < 3; pass++) {
            byte[] start = joined(FTYP, c2paBox("manifest", new byte[8], store(rows.get(row), initialization)));
            initialization = sha256(at(start.length), MOOV);
            file = joined(start, MOOV);
            List<byte[]> leaves = new ArrayList<>();
            for (int i = 0; i < fragments; i++) {
                byte[] moof = box("moof", box("mfhd", new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) i}));
                byte[] proof = c2paBox("merkle", proof(rows, i));
                byte[] mdat = box("mdat", new byte[50 + i]);
                leaves.add(sha256(at(file.length), moof, at(file.length + moof.length + (long) proof.length), mdat));
                file = joined(file, moof, proof, mdat);
            }
            rows = rows(leaves);
        }
        return file;
    }

    private byte[] proof(List<List<byte[]>> rows, int leaf) {
        List<byte[]> siblings = new ArrayList<>();
        int index = leaf;
        for (int below = 0; below < row; below++) {
            if ((index ^ 1) < rows.get(below).size()) {
                siblings.add(rows.get(below).get(index ^ 1));
            }
            index /= 2;
        }
        return CborWriter.write(
                new TreeMap<>(Map.of("uniqueId", 1, "localId", 1, "location", leaf, "hashes", siblings)));
    }

    private byte[] store(List<byte[]> hashes, byte[] initialization) throws GeneralSecurityException {
        List<Object> exclusions = List.of(
                new TreeMap<>(
                        Map.of("xpath", "/uuid", "data", List.of(new TreeMap<>(Map.of("offset", 8, "value", C2PA))))),
                Map.of("xpath", "/ftyp"),
                Map.of("xpath", "/mfra"));
        Map<String, Object> tree = new TreeMap<>(
                Map.of("uniqueId", 1, "localId", 1, "count", fragments, "hashes", hashes, "initHash", initialization));
        SuperBox binding = SuperBox.ofCbor(
                "cbor",
                "c2pa.hash.bmff.v3",
                CborWriter.write(new TreeMap<>(Map.of(
                        "alg", "sha256", "name", "fragments", "exclusions", exclusions, "merkle", List.of(tree)))));
        SuperBox actions = SuperBox.ofCbor(
                "cbor",
                "c2pa.actions.v2",
                CborWriter.write(Map.of(
                        "actions",
                        List.of(new TreeMap<>(Map.of(
                                "action",
                                "c2pa.created",
                                "digitalSourceType",
                                "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"))))));
        byte[] claim = CborWriter.write(new TreeMap<>(Map.of(
                "instanceID",
                "xmp:iid:1",
                "claim_generator_info",
                Map.of("name", "test"),
                "signature",
                "self#jumbf=/c2pa/" + label + "/c2pa.signature",
                "created_assertions",
                List.of(reference(binding), reference(actions)),
                "alg",
                "sha256")));
        CoseSign1Writer cose = new CoseSign1Writer(credential.algorithm(), credential.certificateChain(), 0);
        byte[] signature = cose.write(credential.sign(cose.toBeSigned(claim)), Optional.empty());
        return SuperBox.of(
                        "c2pa",
                        "c2pa",
                        SuperBox.of(
                                        "c2ma",
                                        label,
                                        SuperBox.of("c2as", "c2pa.assertions", binding.bytes(), actions.bytes())
                                                .bytes(),
                                        SuperBox.ofCbor("c2cl", "c2pa.claim.v2", claim)
                                                .bytes(),
                                        SuperBox.ofCbor("c2cs", "c2pa.signature", signature)
                                                .bytes())
                                .bytes())
                .bytes();
    }

    private static Map<String, Object> reference(SuperBox box) {
        return new TreeMap<>(Map.of("url", "self#jumbf=c2pa.assertions/" + box.label(), "hash", box.hash()));
    }
}
