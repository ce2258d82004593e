package org.patchreel.policy;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the words in letters that were set apart, where they run into those of the next word: of {@code o n   g r a s s} nothing tells
 * where a word ends. Immutable.
 *
 * @param words that are known
 */
record SetApartLetters(Set<String> words) {

    /** Shorter words are known by this list: among those of others there are many abbreviations. */
    private static final int MIN_LETTERS = 3;

    private static final Set<String> SHORT = Set.of(
            "a", "i", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of",
            "on", "or", "so", "to", "up", "us", "we");

    /** Nothing is known, and letters stay together. */
    static final SetApartLetters UNKNOWN = new SetApartLetters(Set.of());

    /** Of letters that were set apart; more of them stay together. */
    private static final int MAX_LENGTH = 200;

    private static final int MAX_WORD = 30;

    SetApartLetters {
        words = Set.copyOf(words);
    }

    /**
     * Knows some words.
     *
     * @param ordinary words
     * @param lists whose terms consist of further ones
     */
    static SetApartLetters of(Set<String> ordinary, Collection<List<String>> lists) {
        Set<String> words = new HashSet<>(ordinary);
        lists.forEach(words::addAll);
        return new SetApartLetters(words);
    }

    /** {@return the letters as the fewest words that are known, with spaces between them; as they are, if some belong to none} */
    String split(String letters) {
        int length = letters.length();
        if (length > MAX_LENGTH || isKnown(letters)) {
            return letters;
        }
        int[] count = new int[length + 1];
        int[] start = new int[length + 1];
        for (int end = 1; end <= length; end++) {
            count[end] = Integer.MAX_VALUE;
            for (int from = Math.max(0, end - MAX_WORD); from < end; from++) {
                if (count[from] + 1L < count[end] && isKnown(letters.substring(from, end))) {
                    count[end] = count[from] + 1;
                    start[end] = from;
                }
            }
        }
        if (count[length] == Integer.MAX_VALUE) {
            return letters;
        }
        StringBuilder split = new StringBuilder(letters);
        for (int end = start[length]; end > 0; end = start[end]) {
            split.insert(end, ' ');
        }
        return split.toString();
    }

    private boolean isKnown(String letters) {
        return letters.length() < MIN_LETTERS ? SHORT.contains(letters) : words.contains(letters);
    }
}
