package org.patchreel.broker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a command was given.
 *
 * @param operands what is no option
 * @param values of options, by their names; empty of a flag
 */
record CommandOptions(List<String> operands, Map<String, String> values) {

    static final String HELP = "--help";

    /**
     * Takes arguments apart. {@code --name value} and {@code --name=value} mean the same, {@code -h} is {@code --help}.
     *
     * @throws IllegalArgumentException if an option is unknown, given twice or lacks its value
     */
    static CommandOptions parse(Set<String> valued, Set<String> flags, String... arguments) {
        List<String> operands = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i].equals("-h") ? HELP : arguments[i];
            if (!argument.startsWith("--")) {
                operands.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            boolean flag = flags.contains(name) || name.equals(HELP);
            if (!flag && !valued.contains(name)) {
                Set<String> known = new TreeSet<>(valued);
                known.addAll(flags);
                throw new IllegalArgumentException("unknown option " + name + ", known: " + String.join(" ", known));
            }
            if (flag && equals >= 0) {
                throw new IllegalArgumentException("option " + name + " takes no value: " + argument);
            }
            if (!flag && equals < 0 && i + 1 == arguments.length) {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
            String value = "";
            if (!flag) {
                value = equals >= 0 ? argument.substring(equals + 1) : arguments[++i];
            }
            if (values.put(name, value) != null) {
                throw new IllegalArgumentException("option " + name + " is given twice");
            }
        }
        return new CommandOptions(operands, values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    void requireOperands(int count, String what) {
        if (operands.size() != count) {
            throw new IllegalArgumentException(
                    operands.size() > count ? "unexpected: " + operands.get(count) : what + " is missing");
        }
    }
}
