package org.patchreel.impl.c2pa.bmff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;

/**
 * What a {@code c2pa.hash.bmff} assertion says (C2PA 2.2, 18.6.2).
 *
 * @param exclusions what is not hashed
 * @param algorithm of the hashes, if it is not that of the claim
 * @param hash of the file
 * @param trees Merkle trees of parts of the file
 * @param remote whether the hash is said to be elsewhere, which is no longer allowed
 */
record BmffHash(
        List<Exclusion> exclusions,
        Optional<String> algorithm,
        Optional<byte[]> hash,
        Optional<List<MerkleTree>> trees,
        boolean remote) {
    private static final int MAX_EXCLUSIONS = 100;

    /**
     * Interprets an assertion.
     *
     * @throws BmffException if it is not of that form
     */
    static BmffHash of(Dictionary map) throws BmffException {
        List<CborValue> listed =
                map.array("exclusions").orElseThrow(() -> new BmffException("the hash has no list of exclusions"));
        if (listed.size() > MAX_EXCLUSIONS) {
            throw new BmffException("more than " + MAX_EXCLUSIONS + " exclusions");
        }
        List<Exclusion> exclusions = new ArrayList<>();
        for (CborValue item : listed) {
            Exclusion exclusion = Exclusion.of(item);
            if (!exclusion.isOrdered()) {
                throw new BmffException("the subsets of " + exclusion.xpath() + " overlap");
            }
            exclusions.add(exclusion);
        }
        if (exclusions.isEmpty()) {
            throw new BmffException("the hash excludes nothing, not even the manifest");
        }
        Optional<List<MerkleTree>> trees = Optional.empty();
        if (map.array("merkle").isPresent()) {
            List<MerkleTree> found = new ArrayList<>();
            for (CborValue item : map.array("merkle").get()) {
                found.add(MerkleTree.of(item));
            }
            trees = Optional.of(found);
        }
        Optional<byte[]> hash = map.bytes("hash");
        if (hash.isEmpty() && trees.filter(list -> !list.isEmpty()).isEmpty()) {
            throw new BmffException("there is neither a hash nor a Merkle tree");
        }
        return new BmffHash(
                exclusions, map.text("alg"), hash, trees, map.get("url").isPresent());
    }
}
