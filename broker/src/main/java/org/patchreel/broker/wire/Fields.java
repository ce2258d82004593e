package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.patchreel.api.AssetId;

/** Reads the fields of a JSON object, each with a check. */
final class Fields {

    /** Of people and machines: what is longer names nothing. */
    private static final int MAX_NAME = 200;

    private static final int MAX_LINE = 1000;
    private static final int MAX_ITEMS = 10_000;

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final JsonNode json;

    Fields(JsonNode json) throws WireException {
        if (!json.isObject()) {
            throw new WireException("not an object: " + shown(json));
        }
        this.json = json;
    }

    static String shown(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    private JsonNode value(String name) throws WireException {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            throw new WireException(name + " is missing");
        }
        return value;
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    String text(String name) throws WireException {
        JsonNode value = value(name);
        if (!value.isTextual()) {
            throw new WireException(name + " is not a text: " + shown(value));
        }
        return value.textValue();
    }

    /** A text of people, or a name: short, without control characters. */
    String name(String name) throws WireException {
        String text = text(name);
        if (text.isBlank() || text.length() > MAX_NAME || text.chars().anyMatch(Character::isISOControl)) {
            throw new WireException(name + " is empty, too long or has control characters: " + shown(text));
        }
        return text;
    }

    /** A message for people, in one line; the end of a long one is left out. */
    String line(String name) throws WireException {
        String line = text(name).replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "…" : line;
    }

    Optional<String> optionalText(String name) throws WireException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** An ID of a job, an attempt or a party: it becomes part of paths and of names of queues. */
    String id(String name) throws WireException {
        String text = text(name);
        if (!AssetId.isValid(text)) {
            throw new WireException(name + " is not 1 to 64 letters and digits: " + shown(text));
        }
        return text;
    }

    String sha256(String name) throws WireException {
        String text = text(name);
        if (!SHA256.matcher(text).matches()) {
            throw new WireException(name + " is no SHA-256: " + shown(text));
        }
        return text;
    }

    boolean flag(String name) throws WireException {
        JsonNode value = value(name);
        if (!value.isBoolean()) {
            throw new WireException(name + " is neither true nor false: " + shown(value));
        }
        return value.booleanValue();
    }

    long number(String name, long min, long max) throws WireException {
        JsonNode value = value(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new WireException(name + " is not a whole number: " + shown(value));
        }
        long number = value.longValue();
        if (number < min || number > max) {
            throw new WireException(name + " is not from " + min + " to " + max + ": " + number);
        }
        return number;
    }

    int integer(String name, int min, int max) throws WireException {
        return (int) number(name, min, max);
    }

    double real(String name) throws WireException {
        JsonNode value = value(name);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new WireException(name + " is not a number: " + shown(value));
        }
        return value.doubleValue();
    }

    <E extends Enum<E>> E option(String name, E[] values) throws WireException {
        String text = text(name);
        for (E value : values) {
            if (label(value).equals(text)) {
                return value;
            }
        }
        throw new WireException(name + " is unknown: " + shown(text));
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Fields object(String name) throws WireException {
        return new Fields(value(name));
    }

    /** Reads each element of a list. */
    interface Element<T> {
        T read(Fields element) throws WireException;
    }

    <T> List<T> list(String name, Element<T> element) throws WireException {
        List<T> list = new ArrayList<>();
        for (JsonNode each : array(name)) {
            list.add(element.read(new Fields(each)));
        }
        return List.copyOf(list);
    }

    List<String> texts(String name) throws WireException {
        List<String> list = new ArrayList<>();
        for (JsonNode each : array(name)) {
            if (!each.isTextual()) {
                throw new WireException(name + " has an entry that is not a text: " + shown(each));
            }
            list.add(each.textValue());
        }
        return List.copyOf(list);
    }

    private JsonNode array(String name) throws WireException {
        JsonNode value = value(name);
        if (!value.isArray() || value.size() > MAX_ITEMS) {
            throw new WireException(name + " is not a list of at most " + MAX_ITEMS + " entries");
        }
        return value;
    }

    /** The names and texts of an object. */
    List<String> keys(String name) throws WireException {
        JsonNode value = value(name);
        if (!value.isObject() || value.size() > MAX_ITEMS) {
            throw new WireException(name + " is not an object of at most " + MAX_ITEMS + " fields");
        }
        List<String> keys = new ArrayList<>();
        value.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
