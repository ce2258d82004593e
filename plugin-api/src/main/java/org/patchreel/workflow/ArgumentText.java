package org.patchreel.workflow;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Reads what people type or paste as the value of an argument. What stands around it unseen goes: blanks, those that word
 * processors and web pages put there, a byte order mark. Numbers are in plain decimal notation with the digits 0 to 9.
 */
public final class ArgumentText {

    private static final String UNSEEN = "[\\s\\p{Z}\\u0085\\u200B\\u2060\\uFEFF]+";
    private static final Pattern AROUND = Pattern.compile("\\A" + UNSEEN + "|" + UNSEEN + "\\z");
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,19}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]{1,15}(\\.[0-9]{0,15})?|\\.[0-9]{1,15})");

    private ArgumentText() {}

    /**
     * Takes away what stands unseen around a text.
     *
     * @param text as typed
     * @return the rest, which may be empty
     */
    public static String trim(String text) {
        return AROUND.matcher(text).replaceAll("");
    }

    /**
     * Reads a whole number.
     *
     * @param name of the argument, for the message
     * @param text its value
     * @return the number
     * @throws IllegalArgumentException if it is not one, or out of range
     */
    public static long whole(String name, String text) {
        String value = trim(text);
        try {
            if (WHOLE.matcher(value).matches()) {
                return Long.parseLong(value);
            }
        } catch (NumberFormatException e) {
            // Out of range: refused below.
        }
        throw new IllegalArgumentException(name + " must be a whole number: " + value);
    }

    /**
     * Reads a whole number of at most 32 bits.
     *
     * @param name of the argument, for the message
     * @param text its value
     * @return the number
     * @throws IllegalArgumentException if it is not one, or out of range
     */
    public static int integer(String name, String text) {
        long value = whole(name, text);
        if (value != (int) value) {
            throw new IllegalArgumentException(name + " must be a whole number: " + value);
        }
        return (int) value;
    }

    /**
     * Reads a number with or without a decimal point.
     *
     * @param name of the argument, for the message
     * @param text its value
     * @return the number
     * @throws IllegalArgumentException if it is not one
     */
    public static double decimal(String name, String text) {
        String value = trim(text);
        if (!DECIMAL.matcher(value).matches()) {
            throw new IllegalArgumentException(name + " must be a number: " + value);
        }
        return new BigDecimal(value).doubleValue();
    }
}
