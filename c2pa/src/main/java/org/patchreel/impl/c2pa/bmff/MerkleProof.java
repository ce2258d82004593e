package org.patchreel.impl.c2pa.bmff;

import java.util.ArrayList;
import java.util.List;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Bytes;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;

/**
 * What leads from a leaf of a Merkle tree to the row in the manifest (C2PA 2.2, A.5.4).
 *
 * @param uniqueId of the file that the tree is of
 * @param localId of the track or {@code mdat} box
 * @param location index of the leaf
 * @param hashes the siblings on the way up
 */
record MerkleProof(long uniqueId, long localId, long location, List<byte[]> hashes) {

    static MerkleProof of(Dictionary map) throws BmffException {
        return new MerkleProof(
                number(map, "uniqueId"), number(map, "localId"), number(map, "location"), hashes(map, "hashes"));
    }

    static long number(Dictionary map, String key) throws BmffException {
        return map.number(key)
                .filter(value -> value >= 0)
                .orElseThrow(() -> new BmffException("a Merkle tree without a number " + key));
    }

    static List<byte[]> hashes(Dictionary map, String key) throws BmffException {
        List<byte[]> hashes = new ArrayList<>();
        for (CborValue item : map.array(key).orElse(List.of())) {
            if (!(item instanceof Bytes bytes)) {
                throw new BmffException("a Merkle tree's " + key + " that are not byte strings");
            }
            hashes.add(bytes.toArray());
        }
        return hashes;
    }
}
