package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A JSON configuration file of a checkpoint, at most 1 MiB. Unknown keys are ignored; {@code null} counts as
 * absent. Every accessor refuses a value of another type or outside its bounds (both included) by file, key and value.
 */
public final class ConfigFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_ITEMS = 4096;

    private final Path path;
    private final JsonNode root;

    private ConfigFile(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    public static ConfigFile read(Path path) throws IOException {
        return new ConfigFile(path, JsonText.readObject(path, MAX_BYTES));
    }

    /**
     * Reads the configuration of a component that has weights.
     *
     * @throws CheckpointException if it cannot be read, or says that the weights are quantized
     */
    public static ConfigFile ofWeights(Path path) throws IOException {
        ConfigFile config = read(path);
        Quantization.refuse(path, config.root);
        return config;
    }

    public boolean has(String key) {
        return root.hasNonNull(key);
    }

    public int integer(String key, int absent, int min, int max) throws CheckpointException {
        return optionalInteger(key, min, max).orElse(absent);
    }

    public OptionalInt optionalInteger(String key, int min, int max) throws CheckpointException {
        return has(key) ? OptionalInt.of(integer(key, root.get(key), min, max)) : OptionalInt.empty();
    }

    public double number(String key, double absent, double min, double max) throws CheckpointException {
        return optionalNumber(key, min, max).orElse(absent);
    }

    public OptionalDouble optionalNumber(String key, double min, double max) throws CheckpointException {
        return has(key) ? OptionalDouble.of(number(key, root.get(key), min, max)) : OptionalDouble.empty();
    }

    public boolean flag(String key, boolean absent) throws CheckpointException {
        return has(key) ? flag(key, root.get(key)) : absent;
    }

    public Optional<String> text(String key) throws CheckpointException {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!root.get(key).isTextual()) {
            throw refused(key, "expected a text");
        }
        return Optional.of(root.get(key).textValue());
    }

    public List<Integer> integers(String key, List<Integer> absent, int min, int max) throws CheckpointException {
        return list(key, absent, item -> integer(key, item, min, max));
    }

    public List<Double> numbers(String key, List<Double> absent, double min, double max) throws CheckpointException {
        return list(key, absent, item -> number(key, item, min, max));
    }

    public List<Boolean> flags(String key, List<Boolean> absent) throws CheckpointException {
        return list(key, absent, item -> flag(key, item));
    }

    /** A list of texts and nulls; nulls are given as empty. */
    public List<Optional<String>> texts(String key) throws CheckpointException {
        return list(key, List.of(), item -> {
            if (!item.isTextual() && !item.isNull()) {
                throw refused(key, "expected a list of texts");
            }
            return Optional.ofNullable(item.textValue());
        });
    }

    /** The texts of an object, by name; none if the key is absent. */
    public Map<String, String> textsByName(String key) throws CheckpointException {
        Map<String, String> texts = new LinkedHashMap<>();
        if (!has(key)) {
            return texts;
        }
        JsonNode object = root.get(key);
        if (!object.isObject() || object.size() > MAX_ITEMS) {
            throw refused(key, "expected an object of at most " + MAX_ITEMS + " texts");
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!entry.getValue().isTextual()) {
                throw refused(key, "expected an object of texts");
            }
            texts.put(entry.getKey(), entry.getValue().textValue());
        }
        return texts;
    }

    /** The object under a key, whose faults name this file. */
    public Optional<ConfigFile> object(String key) throws CheckpointException {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!root.get(key).isObject()) {
            throw refused(key, "expected an object");
        }
        return Optional.of(new ConfigFile(path, root.get(key)));
    }

    /** Returns the {@code _class_name}; throws unless it is one of those accepted. */
    public String className(String... accepted) throws CheckpointException {
        String name = text("_class_name").orElse("");
        for (String candidate : accepted) {
            if (candidate.equals(name)) {
                return name;
            }
        }
        throw refused("_class_name", "expected " + String.join(" or ", accepted));
    }

    /** An exception for the value of a key, which is not as expected. */
    public CheckpointException refused(String key, String expectation) {
        JsonNode value = root.get(key);
        return new CheckpointException(
                path + ": " + key + " is " + (value == null ? "absent" : shown(value.toString())) + ", " + expectation);
    }

    private int integer(String key, JsonNode value, int min, int max) throws CheckpointException {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw refused(key, "expected a whole number from " + min + " to " + max);
        }
        return value.intValue();
    }

    private double number(String key, JsonNode value, double min, double max) throws CheckpointException {
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= min && number <= max)) {
            throw refused(key, "expected a number from " + min + " to " + max);
        }
        return number;
    }

    private boolean flag(String key, JsonNode value) throws CheckpointException {
        if (!value.isBoolean()) {
            throw refused(key, "expected true or false");
        }
        return value.booleanValue();
    }

    private interface ItemReader<T> {
        T read(JsonNode item) throws CheckpointException;
    }

    private <T> List<T> list(String key, List<T> absent, ItemReader<T> reader) throws CheckpointException {
        if (!has(key)) {
            return absent;
        }
        JsonNode array = root.get(key);
        if (!array.isArray() || array.size() > MAX_ITEMS) {
            throw refused(key, "expected a list of at most " + MAX_ITEMS);
        }
        List<T> items = new ArrayList<>();
        for (JsonNode item : array) {
            items.add(reader.read(item));
        }
        return List.copyOf(items);
    }
}
