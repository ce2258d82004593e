package org.patchreel.impl.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Arguments taken apart by a {@link Syntax}.
 *
 * @param operands what is no option
 * @param values of the options that have one
 * @param given all options that were given
 */
record Arguments(List<String> operands, Map<String, String> values, Set<String> given) {

    /** Plain decimal notation: what {@link Double#parseDouble} reads beyond that (NaN, 0x1p3, 1d) is a mistake here. */
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?");

    boolean has(String flag) {
        return given.contains(flag);
    }

    Optional<String> text(String option) {
        return Optional.ofNullable(values.get(option));
    }

    OptionalInt integer(String option) {
        OptionalLong value = whole(option, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    OptionalLong whole(String option) {
        return whole(option, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    OptionalDouble decimal(String option) {
        String value = values.get(option);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!DECIMAL.matcher(value).matches() || Double.isInfinite(Double.parseDouble(value))) {
            throw new IllegalArgumentException(option + " must be a number: " + value);
        }
        return OptionalDouble.of(Double.parseDouble(value));
    }

    /**
     * The only operand.
     *
     * @param what it is, for messages
     * @throws IllegalArgumentException if there is none or more than one
     */
    String operand(String what) {
        if (operands.isEmpty()) {
            throw new IllegalArgumentException(what + " is missing; --help shows how");
        }
        if (operands.size() > 1) {
            throw new IllegalArgumentException(
                    "one " + what + " is expected, not " + operands.size() + "; put it in quotes: " + operands.get(1));
        }
        return operands.get(0);
    }

    /**
     * Refuses operands.
     *
     * @throws IllegalArgumentException if there is one
     */
    void refuseOperands() {
        if (!operands.isEmpty()) {
            throw new IllegalArgumentException("unexpected argument: " + operands.get(0));
        }
    }

    private OptionalLong whole(String option, long least, long most) {
        String value = values.get(option);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            // Refused below, as is a number out of range.
        }
        throw new IllegalArgumentException(option + " must be a whole number: " + value);
    }
}
