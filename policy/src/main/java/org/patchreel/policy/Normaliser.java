package org.patchreel.policy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a text to the words that a reader sees in it: compatible forms, accents, invisible characters, letters of other scripts,
 * digits in the place of letters, and letters that are set apart.
 */
final class Normaliser {

    /** What a word that is set apart may have between its letters. */
    private static final String GAP = "[\\s._*\\-|/,~+]{1,3}";

    /** Four or more single letters with gaps: {@code n u d e}. */
    private static final Pattern SPREAD = Pattern.compile(
            "(?<![\\p{L}\\p{N}])((?:[\\p{L}\\p{N}@$!]" + GAP + "){3,}[\\p{L}\\p{N}@$!])(?![\\p{L}\\p{N}])");

    private static final Pattern GAPS = Pattern.compile(GAP);

    /** Three letters with signs between them: {@code s.e.x}. */
    private static final Pattern SIGNED =
            Pattern.compile("[\\p{L}\\p{N}@$!](?:[._*\\-|/~+,][\\p{L}\\p{N}@$!]){2,}[._*\\-|/~+,]?");

    /** {@code 1st}, {@code 80s}, {@code 4k}: numbers, not letters in disguise. */
    private static final Pattern NUMBER =
            Pattern.compile("[0-9]+(st|nd|rd|th|s|d|k|fps|p|am|pm|mm|cm|m|km|x|yo|yr|yrs|y)?[.,!?;:]*");

    private static final Pattern PART = Pattern.compile("[^-/]+");
    private static final Pattern REPEATED = Pattern.compile("(\\p{L})\\1{2,}");
    private static final Pattern WORD_END = Pattern.compile("[^\\p{L}\\p{N}']+");

    private static final String FIGURES = "0134578@$!|";
    private static final String LETTERS = "oieastbasii";

    private Normaliser() {}

    /** {@return the words of a text, in lower case, without possessive {@code 's}} */
    static List<String> words(String text) {
        return words(text, SetApartLetters.UNKNOWN);
    }

    /**
     * Takes a text to its words.
     *
     * @param text any
     * @param apart knows where words end whose letters are set apart
     * @return the words, in lower case, without possessive {@code 's}
     */
    static List<String> words(String text, SetApartLetters apart) {
        List<String> words = new ArrayList<>();
        for (String each : WORD_END.split(normalise(text, apart), -1)) {
            String word = each.endsWith("'s") ? each.substring(0, each.length() - 2) : each;
            word = word.replace("'", "");
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** {@return the text in lower case, its words with single spaces between them} */
    static String normalise(String text) {
        return normalise(text, SetApartLetters.UNKNOWN);
    }

    private static String normalise(String text, SetApartLetters apart) {
        StringBuilder read = new StringBuilder();
        for (String token : visible(text).split("\\s+", -1)) {
            String word = unsigned(unfigured(latin(token)));
            read.append(read.isEmpty() ? "" : " ").append(word);
        }
        Matcher spread = SPREAD.matcher(read);
        String joined = spread.replaceAll(match -> Matcher.quoteReplacement(
                apart.split(unfigured(GAPS.matcher(match.group(1)).replaceAll("")))));
        return REPEATED.matcher(joined).replaceAll("$1$1").strip();
    }

    /** In lower case, without accents and what cannot be seen. */
    private static String visible(String text) {
        String parts = Normalizer.normalize(Normalizer.normalize(text, Normalizer.Form.NFKC), Normalizer.Form.NFD);
        StringBuilder visible = new StringBuilder();
        parts.codePoints().forEach(character -> {
            if (character >= 0xE0020 && character <= 0xE007E) {
                visible.appendCodePoint(character - 0xE0000); // tags: letters that are not drawn, and that models read
            } else if (!isInvisible(character)) {
                visible.appendCodePoint(character == '’' || character == '‘' || character == '`' ? '\'' : character);
            }
        });
        String composed = Normalizer.normalize(visible, Normalizer.Form.NFC);
        return composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.FORMAT, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            case Character.CONTROL -> !Character.isWhitespace(character);
            default -> character == 0x3164 || character == 0x115F || character == 0x1160 || character == 0x2800;
        };
    }

    /** Letters that look like Latin ones, in a word that has Latin ones or would consist of them. */
    private static String latin(String token) {
        if (token.chars().allMatch(c -> c < 0x80)) {
            return token;
        }
        boolean mixed = token.chars().anyMatch(c -> c >= 'a' && c <= 'z');
        StringBuilder latin = new StringBuilder();
        boolean foreign = false;
        for (int character : token.codePoints().toArray()) {
            @Nullable String letters = character < 0x80 ? null : Confusables.latin(character);
            foreign |= letters == null && character >= 0x80 && Character.isLetter(character);
            if (letters == null) {
                latin.appendCodePoint(character);
            } else {
                latin.append(letters);
            }
        }
        return foreign && !mixed ? token : latin.toString();
    }

    /** Letters in the place of figures that stand for them, in each part of a word that has letters. */
    private static String unfigured(String word) {
        return PART.matcher(word).replaceAll(part -> Matcher.quoteReplacement(unfiguredPart(part.group())));
    }

    private static String unfiguredPart(String word) {
        boolean figures = word.chars().anyMatch(c -> FIGURES.indexOf(c) >= 0);
        if (!figures
                || word.chars().noneMatch(Character::isLetter)
                || NUMBER.matcher(word).matches()) {
            return word;
        }
        int end = word.length();
        while (end > 0 && ".,!?;:|".indexOf(word.charAt(end - 1)) >= 0) {
            end--;
        }
        StringBuilder letters = new StringBuilder(word);
        for (int i = 0; i < end; i++) {
            int figure = FIGURES.indexOf(word.charAt(i));
            if (figure >= 0) {
                letters.setCharAt(i, LETTERS.charAt(figure));
            }
        }
        return letters.toString();
    }

    private static String unsigned(String word) {
        return SIGNED.matcher(word).matches() && word.chars().anyMatch(Character::isLetter)
                ? unfigured(GAPS.matcher(word).replaceAll(""))
                : word;
    }
}
