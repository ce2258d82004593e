package org.patchreel.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Latin letters and digits that characters of other scripts look like, by the
 * <a href="https://www.unicode.org/reports/tr39/#Confusable_Detection">confusables of Unicode</a> and some that these lack.
 */
final class Confusables {

    private static final String TABLE = "confusables.txt";
    private static final Map<Integer, String> LATIN = read();

    private Confusables() {}

    /** {@return the lower-case letters or digits that a character looks like, or null if it looks like none} */
    static @Nullable String latin(int character) {
        if (character >= 0x1F1E6 && character <= 0x1F1FF) {
            return letter(character - 0x1F1E6);
        }
        if (character >= 0x1F150 && character <= 0x1F169) {
            return letter(character - 0x1F150);
        }
        if (character >= 0x1F170 && character <= 0x1F189) {
            return letter(character - 0x1F170);
        }
        return LATIN.get(character);
    }

    private static String letter(int index) {
        return Character.toString('a' + index);
    }

    /** Each line has what characters look like, a space, and these. */
    private static Map<Integer, String> read() {
        Map<Integer, String> latin = new HashMap<>();
        InputStream table = Objects.requireNonNull(Confusables.class.getResourceAsStream(TABLE), TABLE);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                String letters = line.substring(0, space);
                line.substring(space + 1).codePoints().forEach(character -> latin.put(character, letters));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(TABLE, e);
        }
        return Map.copyOf(latin);
    }
}
