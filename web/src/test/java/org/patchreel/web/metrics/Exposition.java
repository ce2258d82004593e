package org.patchreel.web.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus' text format 0.0.4, and refuses what a parser may stumble over: it takes only samples whose metric was described
 * right before, each once, and values as Prometheus reads them.
 */
final class Exposition {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern COMMENT = Pattern.compile("# (TYPE|HELP) (" + NAME + ") (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("(?<name>" + NAME + ")(\\{(?<labels>.*)\\})? (?<value>[-+]?(Inf|[0-9.]+(E-?[0-9]+)?)|NaN)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"");

    /** A metric: its type, its help as it was before it was escaped, and its samples by the value of the only label. */
    record Family(String type, String help, Map<String, Double> samples) {}

    private Exposition() {}

    static Map<String, Family> read(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        Map<String, Family> families = new LinkedHashMap<>();
        String type = "";
        String current = "";
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                String name = comment.group(2);
                if (comment.group(1).equals("TYPE")) {
                    if (families.containsKey(name)) {
                        throw new AssertionError("it was there already: " + line);
                    }
                    type = comment.group(3);
                    current = name;
                } else if (!current.equals(name)
                        || families.put(name, new Family(type, unescaped(comment.group(3)), new LinkedHashMap<>()))
                                != null) {
                    throw new AssertionError("HELP does not follow its TYPE: " + line);
                }
            } else {
                sample(line, current, families);
            }
        }
        return families;
    }

    private static void sample(String line, String current, Map<String, Family> families) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("this is no sample: " + line);
        }
        Family family = families.get(current);
        if (family == null || !sample.group("name").equals(current)) {
            throw new AssertionError("a sample of another metric than " + current + ": " + line);
        }
        String value = sample.group("value").replace("Inf", "Infinity");
        if (family.samples().put(label(sample.group("labels"), line), Double.valueOf(value)) != null) {
            throw new AssertionError("it was there already: " + line);
        }
    }

    private static String label(@Nullable String labels, String line) {
        if (labels == null) {
            return "";
        }
        Matcher label = LABEL.matcher(labels);
        if (!label.matches()) {
            throw new AssertionError("not one label: " + line);
        }
        return label.group(1) + "=" + unescaped(label.group(2));
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '\\') {
                i++;
                each = text.charAt(i) == 'n' ? '\n' : text.charAt(i);
            }
            plain.append(each);
        }
        return plain.toString();
    }
}
