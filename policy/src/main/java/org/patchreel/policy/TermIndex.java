package org.patchreel.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds terms among the words of a text: as they are, as one word, and, from {@value #MIN_MISSPELT} letters on, with one letter
 * missing, too many, other or swapped with the next one. An ordinary word is no misspelling of a term. Immutable.
 */
final class TermIndex {

    static final int MIN_MISSPELT = 6;

    /** A word of this length may be several whose spaces are lost, and have a term of the other length within. */
    private static final int MIN_RUN = 14;

    private static final int MIN_WITHIN = 8;

    /** Of words without the spaces between them; longer ones are no terms. */
    private static final int MAX_LENGTH = 60;

    private record Entry(int words, TermList list) {}

    private final Map<String, Entry> exact = new HashMap<>();

    /** The lists' terms by what remains of them without one letter, or none. */
    private final Map<String, Set<String>> misspelt = new HashMap<>();

    private final Set<String> ordinary;
    private final int longest;

    /**
     * Creates an index.
     *
     * @param lists if two have a term, the first wins
     * @param ordinary words that are no misspellings
     */
    TermIndex(Collection<TermList> lists, Set<String> ordinary) {
        this.ordinary = ordinary;
        int words = 0;
        for (TermList list : lists) {
            for (List<String> term : list.terms()) {
                String joined = String.join("", term);
                words = Math.max(words, term.size());
                if (exact.putIfAbsent(joined, new Entry(term.size(), list)) == null
                        && joined.length() >= MIN_MISSPELT) {
                    shortened(joined)
                            .forEach(rest -> misspelt.computeIfAbsent(rest, key -> new HashSet<>())
                                    .add(joined));
                }
            }
        }
        longest = words;
    }

    /** {@return the list of the first term that the words have} */
    Optional<TermList> find(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            Optional<TermList> within = within(words.get(i));
            if (within.isPresent()) {
                return within;
            }
            StringBuilder joined = new StringBuilder();
            // a term of several words may be written as more of them: up to one more
            for (int end = i; end < Math.min(words.size(), i + longest + 1); end++) {
                joined.append(words.get(end));
                if (joined.length() > MAX_LENGTH) {
                    break;
                }
                Optional<TermList> found = find(words.subList(i, end + 1), joined.toString());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    boolean has(List<String> words) {
        return find(words).isPresent();
    }

    private Optional<TermList> find(List<String> words, String joined) {
        Entry entry = exact.get(joined);
        if (entry != null && entry.words() == words.size()) {
            return Optional.of(entry.list());
        }
        // "the pen is blue" has other words than they are together
        if ((joined.length() < MIN_MISSPELT - 1 && entry == null) || ordinary.containsAll(words)) {
            return Optional.empty();
        }
        if (entry != null) {
            return Optional.of(entry.list());
        }
        return shortened(joined).stream()
                .flatMap(rest -> misspelt.getOrDefault(rest, Set.of()).stream())
                .filter(term -> isOneApart(term, joined))
                .map(term -> Objects.requireNonNull(exact.get(term), term))
                .filter(misspelled -> misspelled.words() == words.size())
                .findFirst()
                .map(Entry::list);
    }

    private Optional<TermList> within(String word) {
        if (word.length() < MIN_RUN || word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        for (int from = 0; from <= word.length() - MIN_WITHIN; from++) {
            for (int to = from + MIN_WITHIN; to <= word.length(); to++) {
                Entry entry = exact.get(word.substring(from, to));
                if (entry != null) {
                    return Optional.of(entry.list());
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> shortened(String word) {
        List<String> rests = new ArrayList<>();
        rests.add(word);
        for (int i = 0; i < word.length(); i++) {
            rests.add(word.substring(0, i) + word.substring(i + 1));
        }
        return rests;
    }

    /** Whether one insertion, deletion, substitution or swap of neighbours makes one word of the other. */
    static boolean isOneApart(String one, String other) {
        if (one.length() < other.length()) {
            return isOneApart(other, one);
        }
        int same = 0;
        while (same < other.length() && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        String rest = one.substring(same);
        String otherRest = other.substring(same);
        if (one.length() > other.length()) {
            return rest.substring(1).equals(otherRest);
        }
        boolean substituted = rest.isEmpty() || rest.substring(1).equals(otherRest.substring(1));
        boolean swapped = rest.length() >= 2
                && rest.charAt(0) == otherRest.charAt(1)
                && rest.charAt(1) == otherRest.charAt(0)
                && rest.substring(2).equals(otherRest.substring(2));
        return substituted || swapped;
    }
}
