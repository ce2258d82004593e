package org.patchreel.impl.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.patchreel.workflow.ArgumentText;

/**
 * Arguments taken apart by a {@link Syntax}.
 *
 * @param operands what is no option
 * @param values of the options that have one
 * @param given all options that were given
 */
record Arguments(List<String> operands, Map<String, String> values, Set<String> given) {

    boolean has(String flag) {
        return given.contains(flag);
    }

    /** {@return an option's value, without what stands unseen around it} */
    Optional<String> text(String option) {
        return Optional.ofNullable(values.get(option)).map(ArgumentText::trim);
    }

    /** {@return the values of an option that may be given several times, in their order} */
    List<String> texts(String option) {
        return text(option).map(all -> List.of(all.split(Syntax.SEPARATOR, -1))).orElse(List.of());
    }

    OptionalInt integer(String option) {
        Optional<String> value = text(option);
        return value.isPresent() ? OptionalInt.of(ArgumentText.integer(option, value.get())) : OptionalInt.empty();
    }

    OptionalLong whole(String option) {
        Optional<String> value = text(option);
        return value.isPresent() ? OptionalLong.of(ArgumentText.whole(option, value.get())) : OptionalLong.empty();
    }

    OptionalDouble decimal(String option) {
        Optional<String> value = text(option);
        return value.isPresent()
                ? OptionalDouble.of(ArgumentText.decimal(option, value.get()))
                : OptionalDouble.empty();
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
}
