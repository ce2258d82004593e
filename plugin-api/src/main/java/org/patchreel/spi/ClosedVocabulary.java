package org.patchreel.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that a model knows, where it was trained with a list of words: every other one means the same to it, which is
 * nothing. Case does not matter.
 *
 * @param words in lower case
 * @param synonyms what to write instead of words that it does not know: phrase by phrase, in lower case
 */
public record ClosedVocabulary(Set<String> words, Map<String, String> synonyms) {

    /** As tokenizers of words cut a text: a run of letters and digits, or of other characters. */
    private static final Pattern TOKEN = Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS);

    /**
     * Checks the synonyms.
     *
     * @throws IllegalArgumentException if a phrase consists of known words, which needs no other one, or has a replacement with an
     *     unknown word; the message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public ClosedVocabulary {
        words = Set.copyOf(Objects.requireNonNull(words, "words"));
        synonyms = Map.copyOf(Objects.requireNonNull(synonyms, "synonyms"));
        Map<String, String> checked = new LinkedHashMap<>();
        Set<String> known = words;
        synonyms.forEach((phrase, replacement) -> {
            if (unknown(known, phrase).isEmpty()) {
                throw new IllegalArgumentException("the synonym \"" + phrase + "\" has no word that is unknown");
            }
            require(known, "the synonym \"" + phrase + "\"", replacement);
            checked.put(phrase.toLowerCase(Locale.ROOT), replacement.toLowerCase(Locale.ROOT));
        });
        synonyms = Map.copyOf(checked);
    }

    /**
     * Says whether a word is known.
     *
     * @param word in any case
     * @return whether it is
     */
    public boolean knows(String word) {
        return words.contains(word.toLowerCase(Locale.ROOT));
    }

    /**
     * Finds the words of a text that are not known. Signs of punctuation are not words.
     *
     * @param text any
     * @return each once, as it is written, in their order
     */
    public List<String> unknown(String text) {
        return unknown(words, text);
    }

    /** Refuses a text with words that are not known, or with none at all. */
    void require(String what, String text) {
        require(words, what, text);
    }

    private static void require(Set<String> words, String what, String text) {
        List<String> unknown = unknown(words, text);
        if (text.isBlank() || !unknown.isEmpty()) {
            throw new IllegalArgumentException(what + " stands for \"" + text + "\""
                    + (text.isBlank() ? "" : ", whose words " + String.join(", ", unknown) + " are unknown"));
        }
    }

    private static List<String> unknown(Set<String> words, String text) {
        Set<String> unknown = new LinkedHashSet<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            String word = token.group();
            if (!words.contains(word.toLowerCase(Locale.ROOT))
                    && word.codePoints().anyMatch(Character::isLetterOrDigit)) {
                unknown.add(word);
            }
        }
        return new ArrayList<>(unknown);
    }
}
