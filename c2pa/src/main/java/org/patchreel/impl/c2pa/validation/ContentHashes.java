package org.patchreel.impl.c2pa.validation;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Hashes of the contents of boxes. Each is computed once, so that a manifest with very many references to a large box takes no
 * longer than one with a few.
 */
final class ContentHashes {
    private final IdentityHashMap<ByteBuffer, Map<String, ByteBuffer>> known = new IdentityHashMap<>();

    /**
     * Tells whether a content is the one that a reference means.
     *
     * @param content of a box; known by its identity
     * @param claimAlgorithm name of the hash function if the reference names none
     */
    boolean match(HashedUri uri, ByteBuffer content, String claimAlgorithm) {
        String name = uri.algorithm().orElse(claimAlgorithm);
        Optional<MessageDigest> digest = digest(name);
        return digest.isPresent()
                && known.computeIfAbsent(content, ignored -> new HashMap<>())
                        .computeIfAbsent(name, ignored -> hash(digest.get(), content))
                        .equals(uri.hash());
    }

    private static ByteBuffer hash(MessageDigest digest, ByteBuffer content) {
        digest.update(content.duplicate());
        return ByteBuffer.wrap(digest.digest());
    }

    private static Optional<MessageDigest> digest(String name) {
        try {
            return switch (name) {
                case "sha256" -> Optional.of(MessageDigest.getInstance("SHA-256"));
                case "sha384" -> Optional.of(MessageDigest.getInstance("SHA-384"));
                case "sha512" -> Optional.of(MessageDigest.getInstance("SHA-512"));
                default -> Optional.empty();
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform lacks " + name, e);
        }
    }
}
