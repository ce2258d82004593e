package org.patchreel.impl.prompt;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.ClosedVocabulary;

/**
 * Replaces phrases by words that a model knows: whole words in any case, of two phrases at a place the longer one. A plural is
 * replaced where the vocabulary has the plural of the other word, and an article before a phrase fits what follows it. For
 * English.
 */
final class Synonyms {

    private static final Pattern GAP = Pattern.compile("[\\s-]+");

    private final Map<String, String> replacements = new HashMap<>();

    /** Group 1 is the article before a phrase, group 2 the phrase. */
    private final Pattern phrases;

    Synonyms(ClosedVocabulary vocabulary) {
        vocabulary.synonyms().forEach((phrase, replacement) -> replacements.put(normal(phrase), replacement));
        vocabulary.synonyms().forEach((phrase, replacement) -> {
            String several = plural(replacement);
            if (vocabulary.unknown(several).isEmpty()) {
                replacements.putIfAbsent(normal(plural(phrase)), several);
            }
        });
        String alternatives = replacements.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .map(Synonyms::expression)
                .collect(Collectors.joining("|"));
        phrases = Pattern.compile(
                "(?<![\\p{L}\\p{N}])(?:(an?)\\s+)?(" + alternatives + ")(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** {@return the text with every phrase replaced} */
    String replace(String text) {
        return replacements.isEmpty()
                ? text
                : phrases.matcher(text).replaceAll(match -> Matcher.quoteReplacement(replacement(match)));
    }

    private String replacement(MatchResult match) {
        String phrase = match.group(2);
        String replacement = replacements.getOrDefault(normal(phrase), phrase);
        @Nullable String article = match.group(1);
        if (article == null) {
            return asWritten(phrase, replacement);
        }
        boolean whole = replacement.startsWith("a ") || replacement.startsWith("an ");
        String fitting = "aeiou".indexOf(replacement.charAt(0)) >= 0 ? "an " : "a ";
        return asWritten(article, whole ? replacement : fitting + replacement);
    }

    private static String asWritten(String found, String replacement) {
        return Character.isUpperCase(found.charAt(0))
                ? replacement.substring(0, 1).toUpperCase(Locale.ROOT) + replacement.substring(1)
                : replacement;
    }

    /** In lower case, with one space between words, where a text may have hyphens or line ends. */
    private static String normal(String phrase) {
        return GAP.matcher(phrase.toLowerCase(Locale.ROOT).replace('\u2019', '\''))
                .replaceAll(" ");
    }

    private static String expression(String phrase) {
        return Pattern.compile(" ")
                .splitAsStream(phrase)
                .map(word -> Pattern.quote(word).replace("'", "\\E['\u2019]\\Q"))
                .collect(Collectors.joining(GAP.pattern()));
    }

    private static String plural(String phrase) {
        if (phrase.matches(".*(s|x|z|ch|sh)")) {
            return phrase + "es";
        }
        return phrase.matches(".*[^aeiou]y") ? phrase.substring(0, phrase.length() - 1) + "ies" : phrase + "s";
    }
}
