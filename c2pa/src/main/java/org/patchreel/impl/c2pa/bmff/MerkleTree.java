package org.patchreel.impl.c2pa.bmff;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Int;

/**
 * One row of a Merkle tree, as a manifest gives it (C2PA 2.2, 18.6.2.2). A node without a sibling goes up as it is.
 *
 * @param uniqueId of the file that the tree is of
 * @param localId of the track or {@code mdat} box
 * @param count of leaves
 * @param algorithm of the hashes, if it is not that of the assertion
 * @param initialization hash of what is ahead of the first fragment
 * @param hashes the row
 * @param fixedBlockSize bytes of each leaf but the last
 * @param variableBlockSizes bytes of each leaf
 */
record MerkleTree(
        long uniqueId,
        long localId,
        long count,
        Optional<String> algorithm,
        Optional<byte[]> initialization,
        List<byte[]> hashes,
        Optional<Long> fixedBlockSize,
        Optional<List<Long>> variableBlockSizes) {

    static MerkleTree of(CborValue item) throws BmffException {
        if (!(item instanceof Dictionary map)) {
            throw new BmffException("a Merkle tree that is not a map");
        }
        Optional<List<Long>> sizes = Optional.empty();
        if (map.array("variableBlockSizes").isPresent()) {
            List<Long> values = new ArrayList<>();
            for (CborValue value : map.array("variableBlockSizes").get()) {
                if (!(value instanceof Int size) || size.value() < 0) {
                    throw new BmffException("a block's size that is not a number");
                }
                values.add(size.value());
            }
            sizes = Optional.of(values);
        }
        return new MerkleTree(
                MerkleProof.number(map, "uniqueId"),
                MerkleProof.number(map, "localId"),
                MerkleProof.number(map, "count"),
                map.text("alg"),
                map.bytes("initHash"),
                MerkleProof.hashes(map, "hashes"),
                map.number("fixedBlockSize"),
                sizes);
    }

    /** {@return whether a leaf is one of the tree's} */
    boolean contains(byte[] leaf, long location, List<byte[]> proof, MessageDigest digest) {
        if (location >= count) {
            return false;
        }
        byte[] node = leaf;
        long index = location;
        long width = count;
        int used = 0;
        while (width != hashes.size()) {
            if (width <= 1) {
                return false; // no row is as wide as the one in the manifest
            }
            boolean right = index % 2 == 1;
            if (right || index + 1 < width) {
                if (used == proof.size()) {
                    return false;
                }
                byte[] sibling = proof.get(used++);
                digest.update(right ? sibling : node);
                node = digest.digest(right ? node : sibling);
            }
            index /= 2;
            width = (width + 1) / 2;
        }
        return MessageDigest.isEqual(node, hashes.get((int) index));
    }

    /** {@return whether all leaves together give the tree's row} */
    boolean hasLeaves(List<byte[]> leaves, MessageDigest digest) {
        if (leaves.size() != count) {
            return false;
        }
        List<byte[]> row = leaves;
        while (row.size() > hashes.size() && row.size() > 1) {
            List<byte[]> above = new ArrayList<>((row.size() + 1) / 2);
            for (int i = 0; i < row.size(); i += 2) {
                if (i + 1 == row.size()) {
                    above.add(row.get(i));
                } else {
                    digest.update(row.get(i));
                    above.add(digest.digest(row.get(i + 1)));
                }
            }
            row = above;
        }
        if (row.size() != hashes.size()) {
            return false;
        }
        for (int i = 0; i < row.size(); i++) {
            if (!MessageDigest.isEqual(row.get(i), hashes.get(i))) {
                return false;
            }
        }
        return true;
    }
}
