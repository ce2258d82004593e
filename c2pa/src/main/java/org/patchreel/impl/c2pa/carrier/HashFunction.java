package org.patchreel.impl.c2pa.carrier;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The hash functions that C2PA allows (C2PA 2.2, 13.1). */
final class HashFunction {
    private HashFunction() {}

    /**
     * Makes a digest.
     *
     * @param name as C2PA writes it, for example {@code sha256}
     * @return empty for a function that is not allowed
     */
    static Optional<MessageDigest> digest(String name) {
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
