package org.patchreel.policy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What comes with the bundle.
 *
 * @param lists term lists
 * @param slurs the words that are kept as hashes
 * @param minors words for children and for sexual content
 * @param harmless phrases that do not mean what their words say
 * @param ordinary words that are no misspellings of terms
 * @param classifier the model
 */
record BuiltIn(
        List<TermList> lists,
        HashedTerms slurs,
        MinorsRule minors,
        Phrases harmless,
        Set<String> ordinary,
        Classifier classifier) {

    static BuiltIn read() throws IOException {
        Set<String> ordinary = new HashSet<>();
        terms("ordinary.txt").forEach(ordinary::addAll);
        terms("near-misses.txt").forEach(ordinary::addAll);
        List<TermList> lists = new ArrayList<>();
        for (Category category : Category.values()) {
            if (category != Category.SEXUAL_MINORS) {
                lists.add(TermList.resource(category, "terms-" + category.label(), category.label() + ".txt"));
            }
        }
        return new BuiltIn(
                List.copyOf(lists),
                HashedTerms.slurs(),
                MinorsRule.resource(ordinary),
                Phrases.NONE.with(terms("harmless.txt")),
                Set.copyOf(ordinary),
                Classifier.resource());
    }

    private static List<List<String>> terms(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(BuiltIn.class.getResourceAsStream(name), name)) {
            return TermList.terms(name, file);
        }
    }
}
