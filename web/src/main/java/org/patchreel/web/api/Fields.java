package org.patchreel.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.web.http.Refusal;

/**
 * The fields of a JSON object from outside. A value of another type is refused, and a field that nobody has asked for; the
 * refusal names it by its <a href="https://www.rfc-editor.org/rfc/rfc6901">JSON pointer</a>. Used by one thread.
 */
final class Fields {

    private static final int WRONG = 422;

    private final JsonNode object;
    private final String place;
    private final Set<String> asked = new LinkedHashSet<>();

    /** Reads a value. */
    interface Reading<T> {
        T read() throws Refusal;
    }

    /**
     * Begins to read an object.
     *
     * @param value that should be one
     * @param place its pointer
     */
    Fields(JsonNode value, String place) throws Refusal {
        if (!value.isObject()) {
            throw wrong(place, "an object", value);
        }
        this.object = value;
        this.place = place;
    }

    private static Refusal wrong(String place, String expected, JsonNode found) {
        return new Refusal(
                        WRONG, (place.isEmpty() ? "the body" : place) + " must be " + expected + ", not " + kind(found))
                .at(place);
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "text";
            case NUMBER -> "the number " + value.asText();
            case BOOLEAN -> value.asText();
            default -> "null";
        };
    }

    private String at(String name) {
        return place + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private @Nullable JsonNode find(String name) {
        asked.add(name);
        return object.get(name);
    }

    boolean has(String name) {
        return object.has(name);
    }

    private <T> Optional<T> value(
            String name, String expected, Function<JsonNode, Boolean> fits, Function<JsonNode, T> reading)
            throws Refusal {
        JsonNode value = find(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!fits.apply(value)) {
            throw wrong(at(name), expected, value);
        }
        return Optional.of(reading.apply(value));
    }

    Optional<String> text(String name) throws Refusal {
        return value(name, "text", JsonNode::isTextual, JsonNode::textValue);
    }

    Optional<Boolean> flag(String name) throws Refusal {
        return value(name, "true or false", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    Optional<Integer> integer(String name) throws Refusal {
        return value(
                name, "a whole number", node -> node.isIntegralNumber() && node.canConvertToInt(), JsonNode::intValue);
    }

    Optional<Long> wide(String name) throws Refusal {
        return value(
                name,
                "a whole number of 64 bits",
                node -> node.isIntegralNumber() && node.canConvertToLong(),
                JsonNode::longValue);
    }

    Optional<Double> number(String name) throws Refusal {
        return value(
                name,
                "a number",
                node -> node.isNumber() && Double.isFinite(node.doubleValue()),
                JsonNode::doubleValue);
    }

    /** {@return a text, or a number as text} */
    Optional<String> textOrNumber(String name) throws Refusal {
        return value(
                name,
                "text or a number",
                node -> node.isTextual() || node.isNumber(),
                // not as a plain number: 1e999999999 has as many digits
                node -> node.isTextual()
                        ? node.textValue()
                        : node.decimalValue().toString());
    }

    String required(Optional<String> value, String name) throws Refusal {
        return value.orElseThrow(() -> missing(name));
    }

    Refusal missing(String name) {
        return new Refusal(WRONG, at(name) + " is missing").at(at(name));
    }

    Optional<Fields> object(String name) throws Refusal {
        JsonNode value = find(name);
        return value == null ? Optional.empty() : Optional.of(new Fields(value, at(name)));
    }

    /** {@return the objects of an array; none if it is missing} */
    List<Fields> objects(String name, int max) throws Refusal {
        JsonNode values = find(name);
        List<Fields> objects = new ArrayList<>();
        if (values == null) {
            return objects;
        }
        if (!values.isArray() || values.size() > max) {
            throw values.isArray()
                    ? new Refusal(WRONG, at(name) + " has " + values.size() + " entries, at most " + max + " are read")
                            .at(at(name))
                    : wrong(at(name), "an array", values);
        }
        for (int i = 0; i < values.size(); i++) {
            objects.add(new Fields(values.get(i), at(name) + "/" + i));
        }
        return objects;
    }

    /** {@return what is made of a field's value; an IllegalArgumentException is the field's fault} */
    <T> T checked(String name, Supplier<T> making) throws Refusal {
        return blaming(at(name), making);
    }

    /** {@return what is made of several fields; an IllegalArgumentException is the object's fault} */
    <T> T checked(Supplier<T> making) throws Refusal {
        return blaming(place, making);
    }

    private static <T> T blaming(String place, Supplier<T> making) throws Refusal {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw new Refusal(WRONG, String.valueOf(e.getMessage())).at(place);
        }
    }

    /** Refuses a field that was not asked for. */
    void refuseOthers() throws Refusal {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!asked.contains(name)) {
                throw new Refusal(WRONG, at(name) + " is not known here; these are: " + String.join(", ", asked))
                        .at(at(name));
            }
        }
    }
}
