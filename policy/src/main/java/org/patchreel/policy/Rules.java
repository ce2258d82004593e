package org.patchreel.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.policy.Judgement.Score;

/**
 * What is asked of each text, in this order: its form, sexual content with children, the term lists, slurs, the classifier.
 * Immutable.
 */
final class Rules {

    static final String SLURS = "hashes-hate";

    private final PolicySettings settings;
    private final BuiltIn builtIn;
    private final TermIndex terms;
    private final SetApartLetters apart;

    /**
     * Creates rules.
     *
     * @param settings what is configured
     * @param builtIn what comes with the bundle
     * @param lists the operator's term lists
     */
    Rules(PolicySettings settings, BuiltIn builtIn, Collection<TermList> lists) {
        this.settings = settings;
        this.builtIn = builtIn;
        List<TermList> all = new ArrayList<>(lists);
        all.addAll(builtIn.lists());
        Set<List<String>> known = new HashSet<>(builtIn.minors().terms());
        all.forEach(list -> known.addAll(list.terms()));
        apart = SetApartLetters.of(builtIn.ordinary(), known);
        // before they are put together: a term may be in lists of several categories
        all.removeIf(list -> settings.allowed().contains(list.category()));
        terms = new TermIndex(all, builtIn.ordinary());
    }

    /**
     * Judges texts: each alone, and all together, because a sentence may be spread over them.
     *
     * @param texts of a request
     * @param groups of the requester
     */
    Judgement judge(Collection<String> texts, Set<String> groups) {
        Optional<Finding> fault = TextLimits.fault(texts);
        if (fault.isPresent()) {
            return new Judgement(fault, Map.of());
        }
        List<List<String>> parts = new ArrayList<>();
        texts.forEach(text -> parts.add(Normaliser.words(text, apart)));
        if (texts.size() > 1) {
            parts.add(Normaliser.words(String.join(" ", texts), apart));
        }
        Phrases harmless = builtIn.harmless();
        Phrases allowed = harmless.with(settings.allowedTerms(groups));
        Optional<Finding> finding = Optional.empty();
        Map<Category, Double> scores = new EnumMap<>(Category.class);
        for (List<String> part : parts) {
            List<String> words = allowed.takenFrom(part);
            Map<Category, Double> own = builtIn.classifier().scores(words);
            own.forEach((category, score) -> scores.merge(category, score, Math::max));
            // of what is allowed to a group, nothing is allowed here
            List<String> whole = harmless.takenFrom(part);
            Map<Category, Double> ofAll =
                    whole.equals(words) ? own : builtIn.classifier().scores(whole);
            if (builtIn.minors().forbids(whole, isSexual(ofAll))) {
                finding = Optional.of(Finding.of(MinorsRule.ID, Category.SEXUAL_MINORS));
            } else if (finding.isEmpty()) {
                finding = finding(words);
            }
        }
        Map<Category, Score> known = new EnumMap<>(Category.class);
        scores.forEach((category, score) -> known.put(category, new Score(score, threshold(category))));
        return new Judgement(finding.or(() -> reached(known)), known);
    }

    private boolean isSexual(Map<Category, Double> scores) {
        return scores.getOrDefault(Category.SEXUAL, 0.0) >= builtIn.classifier().threshold(Category.SEXUAL);
    }

    private Optional<Finding> finding(List<String> words) {
        Optional<Finding> term = terms.find(words).map(list -> Finding.of(list.rule(), list.category()));
        boolean slur = term.isEmpty()
                && !settings.allowed().contains(Category.HATE)
                && builtIn.slurs().has(words);
        return slur ? Optional.of(Finding.of(SLURS, Category.HATE)) : term;
    }

    private Optional<Finding> reached(Map<Category, Score> scores) {
        return scores.entrySet().stream()
                .filter(entry -> entry.getValue().isReached())
                .map(Map.Entry::getKey)
                .filter(category -> !settings.allowed().contains(category))
                .findFirst()
                .map(category -> Finding.of("model-" + category.label(), category));
    }

    private double threshold(Category category) {
        return settings.thresholds().getOrDefault(category, builtIn.classifier().threshold(category));
    }
}
