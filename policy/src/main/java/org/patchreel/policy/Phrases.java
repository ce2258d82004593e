package org.patchreel.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Phrases that are taken out of a text before it is judged. Immutable. */
record Phrases(Set<List<String>> terms) {

    static final Phrases NONE = new Phrases(Set.of());

    Phrases {
        terms = Set.copyOf(terms);
    }

    Phrases with(Collection<List<String>> others) {
        Set<List<String>> all = new HashSet<>(terms);
        all.addAll(others);
        return new Phrases(all);
    }

    /** {@return the words without those of the phrases, the longest first} */
    List<String> takenFrom(List<String> words) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); ) {
            int length = Math.min(TermList.MAX_WORDS, words.size() - i);
            while (length > 0 && !terms.contains(words.subList(i, i + length))) {
                length--;
            }
            if (length == 0) {
                rest.add(words.get(i));
            }
            i += Math.max(1, length);
        }
        return rest;
    }
}
