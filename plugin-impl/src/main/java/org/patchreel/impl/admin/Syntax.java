package org.patchreel.impl.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The options of a command. Options may stand before, between and behind the operands; {@code --name value} and {@code
 * --name=value} mean the same; {@code -h} is {@code --help}; {@code --} ends the options.
 *
 * @param valued options with a value
 * @param repeated options with a value that may be given several times
 * @param flags options without
 */
record Syntax(Set<String> valued, Set<String> repeated, Set<String> flags) {

    /** No argument has it: it stands between the values of one that is repeated. */
    static final String SEPARATOR = "\0";

    private static final Pattern SHORT = Pattern.compile("-[A-Za-z]");

    Syntax(Set<String> valued, Set<String> flags) {
        this(valued, Set.of(), flags);
    }

    /**
     * Takes arguments apart.
     *
     * @throws IllegalArgumentException if an option is unknown, given twice or lacks its value
     */
    Arguments parse(String... arguments) {
        List<String> operands = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        Set<String> given = new HashSet<>();
        boolean options = true;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (options && argument.equals("-h") && flags.contains("--help")) {
                argument = "--help";
            }
            if (!options || !isOption(argument)) {
                operands.add(argument);
                continue;
            }
            if (argument.equals("--")) {
                options = false;
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!valued.contains(name) && !repeated.contains(name) && !flags.contains(name)) {
                throw new IllegalArgumentException("unknown option " + name + ", known: " + known());
            }
            if (!given.add(name) && !repeated.contains(name)) {
                throw new IllegalArgumentException("option " + name + " is given twice");
            }
            if (flags.contains(name)) {
                if (equals >= 0) {
                    throw new IllegalArgumentException("option " + name + " takes no value: " + argument);
                }
            } else if (equals >= 0) {
                put(values, name, argument.substring(equals + 1));
            } else if (++i < arguments.length) {
                put(values, name, arguments[i]);
            } else {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
        }
        return new Arguments(operands, values, given);
    }

    private static void put(Map<String, String> values, String name, String value) {
        values.merge(name, value, (first, next) -> first + SEPARATOR + next);
    }

    /** A single letter after a hyphen is no prompt and no file, but an option of other programs. */
    private static boolean isOption(String argument) {
        return argument.startsWith("--") || SHORT.matcher(argument).matches();
    }

    private String known() {
        Set<String> all = new TreeSet<>(valued);
        all.addAll(repeated);
        all.addAll(flags);
        return String.join(" ", all);
    }
}
