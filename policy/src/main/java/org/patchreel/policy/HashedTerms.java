package org.patchreel.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Words that nobody should have to read, as hashes: slurs. The first line of the file is a salt, each further one the first
 * {@value #DIGITS} hexadecimal digits of the SHA-256 of the salt and a word, or of two words with a space. Whoever tries words finds
 * them; who looks at the file does not read them.
 */
final class HashedTerms {

    private static final String SLURS = "slurs.sha256";
    private static final int DIGITS = 16;

    private final String salt;
    private final Set<String> hashes;

    HashedTerms(String salt, Set<String> hashes) {
        this.salt = salt;
        this.hashes = Set.copyOf(hashes);
    }

    /** The list that comes with the bundle. */
    static HashedTerms slurs() throws IOException {
        try (InputStream file = Objects.requireNonNull(HashedTerms.class.getResourceAsStream(SLURS), SLURS)) {
            List<String> lines = new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            return new HashedTerms(lines.get(0), new HashSet<>(lines.subList(1, lines.size())));
        }
    }

    boolean has(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (hashes.contains(hash(salt, word))
                    || (i > 0 && hashes.contains(hash(salt, words.get(i - 1) + " " + word)))) {
                return true;
            }
        }
        return false;
    }

    static String hash(String salt, String term) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest((salt + term).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
