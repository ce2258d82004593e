package org.patchreel.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Words and phrases that stand for a category, one on a line of UTF-8; empty lines and what follows a {@code #} do not count.
 *
 * @param category which they stand for
 * @param rule the ID of the rule that a match breaks
 * @param terms each as its normalised words
 */
record TermList(Category category, String rule, List<List<String>> terms) {

    /** Maximum size of a file in bytes. */
    static final int MAX_SIZE = 1 << 20;

    static final int MAX_WORDS = 8;

    TermList {
        terms = List.copyOf(terms);
    }

    /**
     * Reads a list.
     *
     * @param name of the file, for messages
     * @throws IOException if it is too large, no UTF-8, or a line has too many words or none
     */
    static TermList read(Category category, String rule, String name, InputStream file) throws IOException {
        return new TermList(category, rule, terms(name, file));
    }

    /** A list that comes with the bundle. */
    static TermList resource(Category category, String rule, String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(TermList.class.getResourceAsStream(name), name)) {
            return read(category, rule, name, file);
        }
    }

    /** The terms of a file, see {@link #read}. */
    static List<List<String>> terms(String name, InputStream file) throws IOException {
        byte[] bytes = file.readNBytes(MAX_SIZE + 1);
        if (bytes.length > MAX_SIZE) {
            throw new IOException(name + " has more than " + MAX_SIZE + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(name + " is not UTF-8", e);
        }
        String marked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        List<String> lines = marked.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = line(lines.get(i));
            int words = Normaliser.words(line).size();
            if (!line.isEmpty() && (words == 0 || words > MAX_WORDS)) {
                throw new IOException(name + ", line " + (i + 1) + ": a term has 1 to " + MAX_WORDS + " words");
            }
        }
        return lines.stream()
                .map(TermList::line)
                .filter(line -> !line.isEmpty())
                .map(Normaliser::words)
                .distinct()
                .toList();
    }

    private static String line(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }
}
