package org.patchreel.spi;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The values of a component's configuration, checked as they are read. Each is read through its component property type,
 * which knows its default; the properties beside it tell what stands in the file when the type cannot express that.
 * Immutable.
 */
public final class ConfigurationValues {

    /** Where Felix File Install notes the file of a configuration. */
    private static final String FILE = "felix.fileinstall.filename";

    private static final String PID = "service.pid";

    private final String pid;
    private final Map<String, ?> properties;

    /**
     * Creates a reader.
     *
     * @param pid of the component; the configuration's own wins, which for a factory names the instance
     * @param properties of the component, as Declarative Services pass them to it
     */
    public ConfigurationValues(String pid, Map<String, ?> properties) {
        this.pid = properties.get(PID) instanceof String configured ? configured : pid;
        this.properties = Map.copyOf(properties);
    }

    /** {@return the PID of the configuration} */
    public String pid() {
        return pid;
    }

    /** {@return the file that the configuration was read from, if there is one} */
    public Optional<String> file() {
        Object file = properties.get(FILE);
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(URI.create(file.toString())).toString());
        } catch (IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
            return Optional.of(file.toString());
        }
    }

    /**
     * Reads {@code true} or {@code false}; Declarative Services take any other text for {@code false}.
     *
     * @param key of the value
     * @param typed reads it through the component property type
     * @return the value
     * @throws ConfigurationException if it is neither
     */
    public boolean flag(String key, Supplier<Boolean> typed) {
        if (properties.get(key) instanceof String text
                && !text.strip().equalsIgnoreCase("true")
                && !text.strip().equalsIgnoreCase("false")) {
            throw refused(key, "expected true or false");
        }
        return properties.get(key) instanceof String text ? Boolean.parseBoolean(text.strip()) : typed.get();
    }

    /**
     * Reads a whole number.
     *
     * @param key of the value
     * @param typed reads it through the component property type
     * @param min the least value
     * @param max the greatest value; {@link Integer#MAX_VALUE} for none
     * @return the value
     * @throws ConfigurationException if it is no whole number, or out of range
     */
    public int integer(String key, IntSupplier typed, int min, int max) {
        String expectation = max == Integer.MAX_VALUE
                ? "expected a whole number of at least " + min
                : "expected a whole number from " + min + " to " + max;
        int value;
        try {
            value = typed.getAsInt();
        } catch (RuntimeException e) {
            throw refused(key, expectation);
        }
        if (value < min || value > max) {
            throw refused(key, expectation);
        }
        return value;
    }

    /**
     * Reads one of several texts.
     *
     * @param key of the value
     * @param typed reads it through the component property type
     * @param options what each of the texts stands for, in the order in which messages name them
     * @param <T> what they stand for
     * @return what the text stands for
     * @throws ConfigurationException if it is none of them; the message names them all
     */
    public <T> T option(String key, Supplier<String> typed, List<Map.Entry<String, T>> options) {
        String value = typed.get();
        return options.stream()
                .filter(option -> option.getKey().equals(value))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> refused(
                        key,
                        "expected "
                                + String.join(
                                        " or ",
                                        options.stream().map(Map.Entry::getKey).toList())));
    }

    /**
     * Refuses a value.
     *
     * @param key of the value; that of a secret begins with a dot, and its value is not shown
     * @param expectation what would do, for example {@code expected a folder}
     * @return to be thrown
     */
    public ConfigurationException refused(String key, String expectation) {
        Object value = properties.get(key);
        String shown = value instanceof Object[] array ? String.join(", ", texts(array)) : String.valueOf(value);
        if (value instanceof Collection<?> several) {
            shown = String.join(", ", texts(several.toArray()));
        }
        String found = key.startsWith(".") ? key : key + (value == null ? " is missing" : " = " + shown);
        return new ConfigurationException(pid, file(), found + ", " + expectation);
    }

    /**
     * Refuses the configuration as a whole.
     *
     * @param problem what is wrong with it, naming keys and values
     * @return to be thrown
     */
    public ConfigurationException refused(String problem) {
        return new ConfigurationException(pid, file(), problem);
    }

    private static List<String> texts(Object[] values) {
        return List.of(values).stream().map(String::valueOf).toList();
    }
}
