package org.patchreel.policy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Words for children together with words for sexual content, in any order and at any distance: refused, also where an adult may have
 * been meant. No configuration switches it off.
 */
final class MinorsRule {

    static final String ID = "sexual-minors";

    private static final int ADULT = 18;
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,2})(y|yo|yr|yrs|years?|yearold)?");
    private static final Set<String> YEARS = Set.of(
            "y",
            "yo",
            "yr",
            "yrs",
            "year",
            "years",
            "jahre",
            "jährig",
            "jährige",
            "jähriger",
            "jähriges",
            "jahriges",
            "jahrig",
            "jahrige",
            "jahriger",
            "ans",
            "años",
            "anos",
            "anni",
            "jaar",
            "lat",
            "let");
    private static final Set<String> AGED = Set.of("age", "aged", "edad", "âge", "alter", "eta");

    private final TermIndex minors;
    private final TermIndex sexual;
    private final TermIndex both;
    private final List<List<String>> terms;

    private MinorsRule(TermList minors, TermList sexual, TermList both, Set<String> ordinary) {
        this.minors = new TermIndex(List.of(minors), ordinary);
        this.sexual = new TermIndex(List.of(sexual), ordinary);
        this.both = new TermIndex(List.of(both), ordinary);
        this.terms = Stream.of(minors, sexual, both)
                .flatMap(list -> list.terms().stream())
                .toList();
    }

    /** The rule with the words that come with the bundle. */
    static MinorsRule resource(Set<String> ordinary) throws IOException {
        return new MinorsRule(list("minors.txt"), list("sexual-context.txt"), list("minors-direct.txt"), ordinary);
    }

    private static TermList list(String name) throws IOException {
        return TermList.resource(Category.SEXUAL_MINORS, ID, name);
    }

    /** {@return all terms that it looks for} */
    List<List<String>> terms() {
        return terms;
    }

    /**
     * Judges a text.
     *
     * @param words of the text
     * @param sexualByOthers whether something else than its words says that it is sexual
     */
    boolean forbids(List<String> words, boolean sexualByOthers) {
        boolean sexualContent = sexualByOthers || sexual.has(words);
        return both.has(words) || (sexualContent && (minors.has(words) || namesAge(words)));
    }

    private static boolean namesAge(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            var number = NUMBER.matcher(words.get(i));
            if (number.matches() && Integer.parseInt(number.group(1)) < ADULT) {
                boolean years = number.group(2) != null
                        || (i + 1 < words.size() && YEARS.contains(words.get(i + 1)))
                        || (i > 0 && AGED.contains(words.get(i - 1)));
                if (years) {
                    return true;
                }
            }
        }
        return false;
    }
}
