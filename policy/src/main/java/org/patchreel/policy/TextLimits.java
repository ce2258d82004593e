package org.patchreel.policy;

import java.util.Collection;
import java.util.Optional;

/** What a text must be before it is read: encoded well, and no longer than can be judged while somebody waits. */
final class TextLimits {

    static final String ENCODING = "text-encoding";
    static final String LENGTH = "text-length";

    /** Of one text, in UTF-16 units: twice the longest prompt, for expanders. */
    static final int MAX_LENGTH = 20_000;

    /** Of all texts of a request. */
    static final int MAX_TOTAL = 250_000;

    private TextLimits() {}

    /** {@return the first fault, if there is one} */
    static Optional<Finding> fault(Collection<String> texts) {
        long total = 0;
        for (String text : texts) {
            total += text.length();
            if (text.length() > MAX_LENGTH) {
                return Optional.of(Finding.of(
                        LENGTH, "a text has " + text.length() + " characters, at most " + MAX_LENGTH + " are judged"));
            }
            if (!isWellEncoded(text)) {
                return Optional.of(Finding.of(ENCODING, "a text has control characters or parts of characters"));
            }
        }
        return total > MAX_TOTAL
                ? Optional.of(Finding.of(
                        LENGTH, "the texts have " + total + " characters, at most " + MAX_TOTAL + " are judged"))
                : Optional.empty();
    }

    private static boolean isWellEncoded(String text) {
        return text.codePoints()
                .allMatch(c -> c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || (!Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE));
    }
}
