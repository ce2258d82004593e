package org.patchreel.runtime.family.wan.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Character references of HTML, resolved as a browser would in running text (<a
 * href="https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state">HTML, character references</a>)
 * and exactly as Python's <a href="https://docs.python.org/3/library/html.html#html.unescape">html.unescape</a>, which
 * also drops references to control characters and noncharacters.
 */
final class HtmlEntities {
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([^\\t\\n\\f <&#;]{1,32};?))");

    /** What the bytes 80 to 9F mean in Windows-1252, which writers of such references had in mind; 0 where undefined. */
    private static final String WINDOWS_1252 =
            "\u20ac\0\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\0\u017d\0"
                    + "\0\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\0\u017e\u0178";

    private static final String REPLACEMENT = "\ufffd";

    private static final Map<String, String> NAMED = load();

    private HtmlEntities() {}

    /** Resolves each reference once: an ampersand written as a reference begins no further one. */
    static String unescape(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder(text.length());
        while (matcher.find()) {
            matcher.appendReplacement(result, "");
            String decimal = matcher.group(1);
            String hexadecimal = matcher.group(2);
            String name = matcher.group(3);
            if (decimal != null) {
                result.append(numbered(decimal, 10));
            } else if (hexadecimal != null) {
                result.append(numbered(hexadecimal, 16));
            } else if (name != null) {
                result.append(named(name));
            }
        }
        return matcher.appendTail(result).toString();
    }

    private static String named(String name) {
        String exact = NAMED.get(name);
        if (exact != null) {
            return exact;
        }
        for (int length = name.length() - 1; length > 1; length--) {
            String longestPrefix = NAMED.get(name.substring(0, length));
            if (longestPrefix != null) {
                return longestPrefix + name.substring(length);
            }
        }
        return "&" + name;
    }

    private static String numbered(String digits, int radix) {
        int codePoint = parse(digits, radix);
        if (codePoint == 0 || codePoint > Character.MAX_CODE_POINT || isSurrogate(codePoint)) {
            return REPLACEMENT;
        }
        if (codePoint >= 0x80 && codePoint <= 0x9f) {
            char meant = WINDOWS_1252.charAt(codePoint - 0x80);
            return String.valueOf(meant == 0 ? (char) codePoint : meant);
        }
        return isDropped(codePoint) ? "" : Character.toString(codePoint);
    }

    /** The number, or a larger one than any code point if it is larger. */
    private static int parse(String digits, int radix) {
        int value = 0;
        for (int i = 0; i < digits.length() && value <= Character.MAX_CODE_POINT; i++) {
            value = value * radix + Character.digit(digits.charAt(i), radix);
        }
        return value;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static boolean isDropped(int codePoint) {
        boolean control =
                codePoint < 0x20 && codePoint != '\t' && codePoint != '\n' && codePoint != '\f' && codePoint != '\r';
        boolean noncharacter = (codePoint & 0xfffe) == 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef);
        return control || codePoint == 0x7f || noncharacter;
    }

    private static Map<String, String> load() {
        Map<String, String> entities = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource(), US_ASCII))) {
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ", -1);
                StringBuilder characters = new StringBuilder();
                for (int i = 1; i < words.length; i++) {
                    characters.appendCodePoint(Integer.parseInt(words[i], 16));
                }
                entities.put(words[0], characters.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("html-entities.txt", e);
        }
        return Map.copyOf(entities);
    }

    private static InputStream resource() throws IOException {
        InputStream in = HtmlEntities.class.getResourceAsStream("html-entities.txt");
        if (in == null) {
            throw new IOException("html-entities.txt is missing from the bundle");
        }
        return in;
    }
}
