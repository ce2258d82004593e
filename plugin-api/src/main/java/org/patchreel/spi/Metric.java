package org.patchreel.spi;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something that is measured for operators, and how it is read. It is shown by JMX, by the metrics of a host and in Prometheus'
 * text format, each of which makes its own name of {@link #name}.
 *
 * @param name words of lower case letters and digits with underscores between them, the last of which is the unit if it is one of
 *     time or memory: {@code stage_seconds}. Without the suffix {@code _total}, which Prometheus gets
 * @param kind how values follow each other
 * @param unit of the values, in words: {@code seconds}, {@code bytes}, {@code jobs}
 * @param help what is measured, one line without a full stop
 * @param label tells several values apart; empty if there is one
 * @param reading reads the values
 */
public record Metric(String name, Kind kind, String unit, String help, Optional<Label> label, Reading reading) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    /** Key of the value of a metric without a label. */
    private static final String ONLY = "";

    /** How values follow each other. */
    public enum Kind {
        /** Any value may follow another. */
        GAUGE,
        /** A sum that grows, and begins at 0 again when the service is started or its records are lost. */
        COUNTER
    }

    /**
     * What tells the values of a metric apart.
     *
     * @param name as that of a metric: {@code state}
     * @param values all that there are, in the order in which they are shown
     */
    public record Label(String name, List<String> values) {

        /**
         * Copies the values.
         *
         * @throws IllegalArgumentException if the name has other characters
         */
        public Label {
            check("label", name);
            values = List.copyOf(values);
        }
    }

    /** Reads the values of a metric. May be called from any thread, and at any time; returns soon. */
    @FunctionalInterface
    public interface Reading {

        /**
         * Reads the values of now.
         *
         * @return a number for each value of the label; what is missing is 0
         * @throws IOException if they cannot be read
         */
        Map<String, ? extends Number> read() throws IOException;
    }

    /** Reads the value of a metric that has one. As {@link Reading}. */
    @FunctionalInterface
    public interface ValueReading {

        /**
         * Reads the value of now.
         *
         * @throws IOException if it cannot be read
         */
        double read() throws IOException;
    }

    /**
     * Checks the description.
     *
     * @throws IllegalArgumentException if the name has other characters or ends with {@code _total}, or a text is empty or has
     *     several lines
     */
    public Metric {
        check("metric", name);
        if (name.endsWith("_total")) {
            throw new IllegalArgumentException("metric " + name + ": the suffix _total is added where it is needed");
        }
        for (String text : List.of(unit, help)) {
            if (text.isBlank() || text.lines().count() != 1) {
                throw new IllegalArgumentException("metric " + name + ": expected one line, not \"" + text + "\"");
            }
        }
    }

    private static void check(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " \"" + name + "\": expected lower case letters, digits and underscores");
        }
    }

    /** {@return a metric with one value that may rise and fall} */
    public static Metric gauge(String name, String unit, String help, ValueReading reading) {
        return new Metric(name, Kind.GAUGE, unit, help, Optional.empty(), only(reading));
    }

    /** {@return a metric with a value for each of a label that may rise and fall} */
    public static Metric gauge(String name, String unit, String help, Label label, Reading reading) {
        return new Metric(name, Kind.GAUGE, unit, help, Optional.of(label), reading);
    }

    /** {@return a metric with one value that grows} */
    public static Metric counter(String name, String unit, String help, ValueReading reading) {
        return new Metric(name, Kind.COUNTER, unit, help, Optional.empty(), only(reading));
    }

    /** {@return a metric with a value for each of a label that grows} */
    public static Metric counter(String name, String unit, String help, Label label, Reading reading) {
        return new Metric(name, Kind.COUNTER, unit, help, Optional.of(label), reading);
    }

    private static Reading only(ValueReading reading) {
        return () -> Map.of(ONLY, reading.read());
    }

    /** {@return help and unit, in one line} */
    public String description() {
        return help + " [" + unit + "]";
    }

    /**
     * Reads the values of now.
     *
     * @return one for each value of the label, in its order; without a label one, whose key is the empty text
     * @throws IOException if they cannot be read
     */
    public Map<String, Double> read() throws IOException {
        Map<String, ? extends Number> read = reading.read();
        Map<String, Double> values = new LinkedHashMap<>();
        for (String key : label.map(Label::values).orElse(List.of(ONLY))) {
            Number value = read.get(key);
            values.put(key, value == null ? 0 : value.doubleValue());
        }
        return values;
    }
}
