package org.patchreel.policy.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the command was given.
 *
 * @param operands what is no option, the action first
 * @param values of the options; empty of a flag
 */
record AuditArguments(List<String> operands, Map<String, String> values) {

    static final String JSON = "--json";
    static final String HELP = "--help";

    private static final Set<String> VALUED = Set.of("--since", "--user", "--job", "--out", "--head");

    /**
     * Takes arguments apart.
     *
     * @throws IllegalArgumentException if an option is unknown, given twice or lacks its value
     */
    static AuditArguments parse(List<?> arguments) {
        List<String> operands = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = String.valueOf(arguments.get(i));
            if (argument.equals("-h")) {
                argument = HELP;
            }
            if (!argument.startsWith("--")) {
                operands.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = "";
            if (VALUED.contains(name)) {
                if (equals < 0 && i + 1 == arguments.size()) {
                    throw new IllegalArgumentException("option " + name + " needs a value");
                }
                value = equals < 0 ? String.valueOf(arguments.get(++i)) : argument.substring(equals + 1);
            } else if (!argument.equals(JSON) && !argument.equals(HELP)) {
                throw new IllegalArgumentException(
                        "unknown option " + name + ", known: " + JSON + " " + String.join(" ", new TreeSet<>(VALUED)));
            }
            if (values.put(name, value) != null) {
                throw new IllegalArgumentException("option " + name + " is given twice");
            }
        }
        return new AuditArguments(operands, values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    String required(String name) {
        return value(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing; --help shows how"));
    }

    /**
     * Refuses what an action does not take.
     *
     * @param count of operands behind the action
     * @param options that it takes
     */
    void allow(int count, String... options) {
        if (operands.size() > count + 1) {
            throw new IllegalArgumentException("unexpected: " + operands.get(count + 1));
        }
        for (String name : new TreeSet<>(values.keySet())) {
            if (!name.equals(HELP) && !List.of(options).contains(name)) {
                throw new IllegalArgumentException("audit " + operands.get(0) + " takes no option " + name);
            }
        }
    }
}
