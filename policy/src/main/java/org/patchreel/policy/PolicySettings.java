package org.patchreel.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

/**
 * What is configured.
 *
 * @param allowed categories that are not refused; never {@link Category#SEXUAL_MINORS}
 * @param thresholds in the place of the model's own
 * @param allowedByGroup terms that requests of a group may have, by the group
 * @param folder of the operator's term lists
 */
record PolicySettings(
        Set<Category> allowed,
        Map<Category, Double> thresholds,
        Map<String, Set<List<String>>> allowedByGroup,
        Path folder) {

    private static final List<Map.Entry<String, Boolean>> OPTIONS =
            List.of(Map.entry("refuse", false), Map.entry("allow", true));

    PolicySettings {
        allowed = Set.copyOf(allowed);
        thresholds = Map.copyOf(thresholds);
        allowedByGroup = Map.copyOf(allowedByGroup);
    }

    static PolicySettings read(ConfigurationValues values, HomeFolder home, TextPolicy.Config config) {
        Map<Category, Supplier<String>> switches = new EnumMap<>(Map.of(
                Category.SEXUAL, config::sexual,
                Category.VIOLENCE, config::violence,
                Category.HATE, config::hate,
                Category.REAL_PERSONS, config::real_persons,
                Category.MISINFORMATION, config::misinformation,
                Category.SELF_HARM, config::self_harm,
                Category.ILLEGAL, config::illegal,
                Category.BRANDS, config::brands));
        Set<Category> allowed = EnumSet.noneOf(Category.class);
        switches.forEach((category, option) -> {
            if (values.option(category.label().replace('-', '.'), option, OPTIONS)) {
                allowed.add(category);
            }
        });
        return new PolicySettings(
                allowed,
                thresholds(values, config.thresholds()),
                allowedByGroup(values, config.allow()),
                home.resolve(config.terms()));
    }

    private static Map<Category, Double> thresholds(ConfigurationValues values, String[] entries) {
        Map<Category, Double> thresholds = new EnumMap<>(Category.class);
        for (String entry : split(entries)) {
            int colon = entry.indexOf(':');
            String label = entry.substring(0, Math.max(0, colon)).strip();
            Category category = Category.of(label)
                    .filter(Category::isClassified)
                    .orElseThrow(() -> values.refused(
                            "thresholds",
                            "\"" + label
                                    + "\" is no category that has a threshold, expected CATEGORY:NUMBER with one of "
                                    + Category.labels()));
            thresholds.put(category, threshold(values, entry, entry.substring(colon + 1)));
        }
        return thresholds;
    }

    private static double threshold(ConfigurationValues values, String entry, String number) {
        try {
            double threshold = Double.parseDouble(number.strip());
            if (threshold > 0 && threshold <= 1) {
                return threshold;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number that is out of range
        }
        throw values.refused("thresholds", "expected a number above 0 and at most 1 in \"" + entry + "\"");
    }

    private static Map<String, Set<List<String>>> allowedByGroup(ConfigurationValues values, String[] entries) {
        Map<String, Set<List<String>>> allowed = new HashMap<>();
        for (String entry : split(entries)) {
            int colon = entry.indexOf(':');
            String group = entry.substring(0, Math.max(0, colon)).strip();
            List<String> term = Normaliser.words(entry.substring(colon + 1));
            if (group.isEmpty() || term.isEmpty() || term.size() > TermList.MAX_WORDS) {
                throw values.refused(
                        "allow",
                        "expected GROUP:TERM with a term of 1 to " + TermList.MAX_WORDS + " words, not \"" + entry
                                + "\"");
            }
            allowed.computeIfAbsent(group, key -> new HashSet<>()).add(term);
        }
        return allowed;
    }

    /** Entries of a list, which a file of a configuration has in one line with commas. */
    private static List<String> split(String[] entries) {
        return Arrays.stream(entries)
                .flatMap(entry -> Arrays.stream(entry.split(",", -1)))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** {@return the terms that a member of some groups may use} */
    List<List<String>> allowedTerms(Set<String> groups) {
        List<List<String>> terms = new ArrayList<>();
        groups.forEach(group -> terms.addAll(allowedByGroup.getOrDefault(group, Set.of())));
        return terms;
    }
}
