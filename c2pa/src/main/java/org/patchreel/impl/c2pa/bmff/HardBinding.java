package org.patchreel.impl.c2pa.bmff;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;

/**
 * Tells whether a {@code c2pa.hash.bmff} assertion is of a file (C2PA 2.2, 15.12.2): one hash of the whole file, Merkle
 * trees over the fragments of a fragmented file, or Merkle trees over the blocks of {@code mdat} boxes.
 */
public final class HardBinding {
    /** The first bytes of an {@code mdat} box that no block holds, whatever the length of its header (18.6.2.2). */
    private static final int MDAT_START = 16;

    private static final int MAX_LEAVES = 1 << 20;

    private final BmffFile file;
    private final BmffHash hash;
    private final List<MerkleProof> proofs;
    private final String algorithm;
    private final HashedBytes bytes;

    /** Hashes by function and place: many trees may ask for the same. */
    private final Map<String, byte[]> known = new HashMap<>();

    /**
     * The outcome.
     *
     * @param verdict in one word
     * @param reason of a failure, in words
     */
    public record Outcome(Verdict verdict, String reason) {}

    /** What was found. */
    public enum Verdict {
        /** The file is the one that was signed. */
        MATCH,
        /** It is not. */
        MISMATCH,
        /** The assertion is not of the right form. */
        MALFORMED
    }

    private HardBinding(BmffFile file, BmffHash hash, List<MerkleProof> proofs, String algorithm, HashedBytes bytes) {
        this.file = file;
        this.hash = hash;
        this.proofs = proofs;
        this.algorithm = algorithm;
        this.bytes = bytes;
    }

    /**
     * Checks an assertion against a file.
     *
     * @param assertion the assertion's map
     * @param version of the assertion, from its label: 1 to 3
     * @param proofs of Merkle trees, those in the file
     * @param claimAlgorithm name of the hash function that the claim names
     * @return the outcome
     * @throws IOException if the file cannot be read
     */
    public static Outcome check(
            BmffFile file, Dictionary assertion, int version, List<MerkleProof> proofs, String claimAlgorithm)
            throws IOException {
        BmffHash hash;
        try {
            hash = BmffHash.of(assertion);
        } catch (BmffException e) {
            return new Outcome(Verdict.MALFORMED, e.reason());
        }
        if (file.damage().isPresent()) {
            return new Outcome(Verdict.MISMATCH, file.damage().get());
        }
        if (hash.remote()) {
            return new Outcome(Verdict.MISMATCH, "the hash is said to be elsewhere, which is no longer allowed");
        }
        try {
            HashedBytes bytes = new HashedBytes(file, hash.exclusions(), version > 1);
            new HardBinding(file, hash, proofs, hash.algorithm().orElse(claimAlgorithm), bytes).check();
            return new Outcome(Verdict.MATCH, "");
        } catch (BmffException e) {
            return new Outcome(Verdict.MISMATCH, e.reason());
        }
    }

    /** {@return whether an assertion excludes more than every file needs (C2PA 2.2, 18.6.2.1)} */
    public static boolean excludesMore(Dictionary assertion) {
        try {
            BmffHash hash = BmffHash.of(assertion);
            return hash.exclusions().stream()
                    .anyMatch(exclusion -> !exclusion.isMandatory()
                            && !(hash.trees().isPresent() && exclusion.xpath().equals("/mdat")));
        } catch (BmffException e) {
            return false;
        }
    }

    /** Returns if everything matches. */
    private void check() throws BmffException, IOException {
        if (hash.hash().isPresent()
                && !MessageDigest.isEqual(hash.hash().get(), bytes.digest(digest(Optional.empty()), 0, file.size()))) {
            throw new BmffException("the hash of the file is another");
        }
        List<MerkleTree> trees = hash.trees().orElse(List.of());
        if (trees.isEmpty()) {
            return;
        }
        List<BmffBox> boxes = file.boxes();
        Optional<BmffBox> firstFragment =
                boxes.stream().filter(box -> box.type().equals("moof")).findFirst();
        checkInitialization(trees, firstFragment);
        if (firstFragment.isPresent()) {
            checkFragments(trees, boxes);
        } else {
            checkBlocks(trees, boxes);
        }
    }

    private void checkInitialization(List<MerkleTree> trees, Optional<BmffBox> firstFragment)
            throws BmffException, IOException {
        for (MerkleTree tree : trees) {
            if (tree.initialization().isEmpty()) {
                continue;
            }
            if (firstFragment.isEmpty()) {
                throw new BmffException("a hash of an initialization segment, and no fragments");
            }
            byte[] found = stretch(tree, 0, firstFragment.get().offset());
            if (!MessageDigest.isEqual(tree.initialization().get(), found)) {
                throw new BmffException("the hash of what is ahead of the first fragment is another");
            }
        }
    }

    /** A fragment goes from one {@code moof} box to the next. */
    private void checkFragments(List<MerkleTree> trees, List<BmffBox> boxes) throws BmffException, IOException {
        List<Long> borders = new ArrayList<>();
        boxes.stream()
                .filter(box -> box.type().equals("moof"))
                .map(BmffBox::offset)
                .forEach(borders::add);
        int fragments = borders.size();
        borders.add(boxes.get(boxes.size() - 1).end());
        for (MerkleTree tree : trees) {
            if (tree.count() != fragments || proofs.size() != fragments) {
                throw new BmffException(fragments + " fragments, a Merkle tree of " + tree.count() + " leaves, and "
                        + proofs.size() + " proofs");
            }
            MessageDigest digest = digest(tree.algorithm());
            for (int i = 0; i < fragments; i++) {
                byte[] leaf = stretch(tree, borders.get(i), borders.get(i + 1));
                MerkleProof proof = proofs.get(i);
                if (!tree.contains(leaf, proof.location(), proof.hashes(), digest)) {
                    throw new BmffException("fragment " + (i + 1) + " is not the one that was signed");
                }
            }
        }
    }

    private byte[] stretch(MerkleTree tree, long start, long end) throws BmffException, IOException {
        String key = tree.algorithm().orElse(algorithm) + start;
        byte[] found = known.get(key);
        if (found == null) {
            found = bytes.digest(digest(tree.algorithm()), start, end);
            known.put(key, found);
        }
        return found;
    }

    private void checkBlocks(List<MerkleTree> trees, List<BmffBox> boxes) throws BmffException, IOException {
        List<BmffBox> media =
                boxes.stream().filter(box -> box.type().equals("mdat")).toList();
        if (media.size() != trees.size()) {
            throw new BmffException(trees.size() + " Merkle trees for " + media.size() + " mdat boxes");
        }
        int used = 0;
        for (int i = 0; i < media.size(); i++) {
            MerkleTree tree = trees.get(i);
            MessageDigest digest = digest(tree.algorithm());
            List<byte[]> leaves = leaves(tree, media.get(i), digest);
            boolean matches;
            if (proofs.isEmpty()) {
                matches = tree.hasLeaves(leaves, digest);
            } else {
                matches = tree.count() == leaves.size() && leaves.size() <= proofs.size() - used;
                for (int leaf = 0; matches && leaf < leaves.size(); leaf++) {
                    MerkleProof proof = proofs.get(used + leaf);
                    matches = tree.contains(leaves.get(leaf), proof.location(), proof.hashes(), digest);
                }
                used += leaves.size();
            }
            if (!matches) {
                throw new BmffException("mdat box " + (i + 1) + " is not the one that was signed");
            }
        }
    }

    private List<byte[]> leaves(MerkleTree tree, BmffBox media, MessageDigest digest)
            throws BmffException, IOException {
        if (tree.fixedBlockSize().isPresent() && tree.variableBlockSizes().isPresent()) {
            throw new BmffException("a Merkle tree of blocks of fixed and of variable size");
        }
        long position = Math.min(media.offset() + MDAT_START, media.end());
        long length = media.end() - position;
        List<byte[]> leaves = new ArrayList<>();
        if (tree.variableBlockSizes().isPresent()) {
            for (long size : tree.variableBlockSizes().get()) {
                if (size > media.end() - position) {
                    throw new BmffException("the blocks of a Merkle tree are larger than its mdat box");
                }
                leaves.add(bytes.digestAll(digest, position, position + size));
                position += size;
            }
            if (position != media.end()) {
                throw new BmffException("the blocks of a Merkle tree are smaller than its mdat box");
            }
            return leaves;
        }
        long size = tree.fixedBlockSize().orElse(Math.max(length, 2));
        if (size <= 1 || length / size >= MAX_LEAVES) {
            throw new BmffException("blocks of " + size + " bytes in an mdat box of " + media.size());
        }
        do {
            long end = Math.min(media.end(), position + size);
            leaves.add(bytes.digestAll(digest, position, end));
            position = end;
        } while (position < media.end());
        return leaves;
    }

    private MessageDigest digest(Optional<String> own) throws BmffException {
        String name = own.orElse(algorithm);
        try {
            return switch (name) {
                case "sha256" -> MessageDigest.getInstance("SHA-256");
                case "sha384" -> MessageDigest.getInstance("SHA-384");
                case "sha512" -> MessageDigest.getInstance("SHA-512");
                default -> throw new BmffException("unknown hash function " + name);
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform lacks " + name, e);
        }
    }
}
