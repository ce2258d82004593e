package org.patchreel.api;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A LoRA: a small file that changes the weights of a model, for a style, a character, or few steps. An operator installs it in
 * the model's folder of adapters; requests choose it by its name alone.
 *
 * @param name of its file without {@code .safetensors}, or of its folder: 1 to 128 letters, digits, {@code . _ -}, the first a
 *     letter or digit
 * @param strength what the change is multiplied by: {@value #MIN_STRENGTH} to {@value #MAX_STRENGTH}; 1 is what it was trained
 *     for
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al., LoRA: Low-Rank Adaptation of Large Language Models</a>
 */
public record Adapter(String name, double strength) {

    /** The smallest strength; what is below 0 does the opposite. */
    public static final double MIN_STRENGTH = -10;

    /** The largest strength. */
    public static final double MAX_STRENGTH = 10;

    /** The strength where none is given. */
    public static final double DEFAULT_STRENGTH = 1;

    /** Maximum number of adapters of one request. */
    public static final int MAX_COUNT = 8;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public Adapter {
        Objects.requireNonNull(name, "name");
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "an adapter's name has 1 to 128 letters, digits, '.', '_' or '-', the first a letter or digit: "
                            + name);
        }
        if (!(strength >= MIN_STRENGTH && strength <= MAX_STRENGTH)) {
            throw new IllegalArgumentException(
                    "the strength of adapter " + name + " must be a number from -10 to 10: " + strength);
        }
        strength += 0.0; // no negative zero
    }

    /**
     * Says whether a file can be chosen by a name.
     *
     * @param text the name
     * @return whether it has the syntax of one
     */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * Reads an adapter that a person has typed.
     *
     * @param field what messages call the value
     * @param text {@code NAME} or {@code NAME:STRENGTH}
     * @return the adapter
     * @throws IllegalArgumentException if it is none; the message names the field and the text
     */
    public static Adapter parse(String field, String text) {
        int colon = text.lastIndexOf(':');
        String name = (colon < 0 ? text : text.substring(0, colon)).strip();
        String strength = colon < 0 ? String.valueOf(DEFAULT_STRENGTH) : text.substring(colon + 1);
        double value;
        try {
            value = new BigDecimal(strength.strip()).doubleValue();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    field + " is NAME or NAME:STRENGTH, a number from -10 to 10: " + text, e);
        }
        try {
            return new Adapter(name, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads several.
     *
     * @param field what messages call the value
     * @param text each as {@link #parse} reads it, with commas between them
     * @return the adapters, in their order
     * @throws IllegalArgumentException if one is none; the message names the field and the text
     */
    public static List<Adapter> parseAll(String field, String text) {
        List<Adapter> adapters = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            adapters.add(parse(field, each));
        }
        return List.copyOf(adapters);
    }

    /**
     * Checks the adapters of one request.
     *
     * @param adapters in their order
     * @return the same, unmodifiable
     * @throws IllegalArgumentException if there are too many, or one is there twice; the message names it
     */
    public static List<Adapter> checked(List<Adapter> adapters) {
        List<Adapter> copy = List.copyOf(Objects.requireNonNull(adapters, "adapters"));
        if (copy.size() > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "a request has at most " + MAX_COUNT + " adapters, this one has " + copy.size());
        }
        Set<String> names = new HashSet<>();
        for (Adapter adapter : copy) {
            if (!names.add(adapter.name())) {
                throw new IllegalArgumentException("the adapter " + adapter.name() + " is given twice");
            }
        }
        return copy;
    }

    /** {@return {@code NAME:STRENGTH}, as {@link #parse} reads it} */
    @Override
    public String toString() {
        return name + ":" + strength;
    }
}
