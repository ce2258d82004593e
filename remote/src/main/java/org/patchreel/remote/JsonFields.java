package org.patchreel.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameRate;
import org.patchreel.api.VideoFormat;

/**
 * The fields of an object in an answer. Those that nobody asks for are ignored: a newer version may have them. Those that are
 * missing or of another type are a {@link RemoteFailure}, which names them.
 */
final class JsonFields {

    private static final double NANOS = 1e9;

    private final JsonNode object;
    private final String place;

    /**
     * Begins to read.
     *
     * @param object of an answer
     * @param place what it is, for messages
     */
    JsonFields(JsonNode object, String place) {
        this.object = object;
        this.place = place;
    }

    /** {@return the failure that a field is wrong} */
    RemoteFailure wrong(String name, String expected) {
        return RemoteFailure.lasting(
                place + ": " + name + " is " + Failures.line(String.valueOf(object.get(name))) + ", expected "
                        + expected + "; is the generator of another version?",
                null);
    }

    private <T> Optional<T> value(String name, String expected, Predicate<JsonNode> fits, Function<JsonNode, T> reading)
            throws RemoteFailure {
        @Nullable JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!fits.test(value)) {
            throw wrong(name, expected);
        }
        return Optional.of(reading.apply(value));
    }

    private <T> T required(String name, String expected, Optional<T> value) throws RemoteFailure {
        if (value.isEmpty()) {
            throw wrong(name, expected);
        }
        return value.get();
    }

    Optional<String> optionalText(String name) throws RemoteFailure {
        return value(name, "text", JsonNode::isTextual, JsonNode::textValue);
    }

    String text(String name) throws RemoteFailure {
        return required(name, "text", optionalText(name));
    }

    boolean has(String name) {
        return object.has(name);
    }

    boolean isText(String name) {
        return object.path(name).isTextual();
    }

    Optional<Integer> optionalInteger(String name) throws RemoteFailure {
        return value(
                name, "a whole number", node -> node.isIntegralNumber() && node.canConvertToInt(), JsonNode::intValue);
    }

    int integer(String name) throws RemoteFailure {
        return required(name, "a whole number", optionalInteger(name));
    }

    long wide(String name) throws RemoteFailure {
        return required(
                name,
                "a whole number",
                value(
                        name,
                        "a whole number",
                        node -> node.isIntegralNumber() && node.canConvertToLong(),
                        JsonNode::longValue));
    }

    Optional<Double> optionalNumber(String name) throws RemoteFailure {
        return value(name, "a number", JsonNode::isNumber, JsonNode::doubleValue);
    }

    BigDecimal decimal(String name) throws RemoteFailure {
        return required(name, "a number", value(name, "a number", JsonNode::isNumber, JsonNode::decimalValue));
    }

    double number(String name) throws RemoteFailure {
        return required(name, "a number", optionalNumber(name));
    }

    boolean flag(String name) throws RemoteFailure {
        return required(
                name, "true or false", value(name, "true or false", JsonNode::isBoolean, JsonNode::booleanValue));
    }

    Duration seconds(String name) throws RemoteFailure {
        return Duration.ofNanos(Math.round(number(name) * NANOS));
    }

    Optional<Instant> time(String name) throws RemoteFailure {
        Optional<String> text = optionalText(name);
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException e) {
            throw wrong(name, "a time");
        }
    }

    /** {@return the constant of a label; a word that a newer version may have is refused with its name} */
    <E> E word(String name, List<E> all, Function<E, String> label) throws RemoteFailure {
        String word = text(name);
        for (E each : all) {
            if (label.apply(each).equals(word)) {
                return each;
            }
        }
        throw wrong(name, "one of " + all.stream().map(label).toList());
    }

    /** {@return the same; empty if the field is null or missing} */
    <E> Optional<E> optionalWord(String name, List<E> all, Function<E, String> label) throws RemoteFailure {
        return has(name) ? Optional.of(word(name, all, label)) : Optional.empty();
    }

    JsonFields object(String name) throws RemoteFailure {
        return new JsonFields(
                required(name, "an object", value(name, "an object", JsonNode::isObject, node -> node)),
                place + "/" + name);
    }

    /** {@return the object of a field; empty if it is null or missing} */
    Optional<JsonFields> optionalObject(String name) throws RemoteFailure {
        return value(name, "an object", JsonNode::isObject, node -> new JsonFields(node, place + "/" + name));
    }

    List<JsonFields> objects(String name) throws RemoteFailure {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode each : array(name)) {
            if (!each.isObject()) {
                throw wrong(name, "an array of objects");
            }
            objects.add(new JsonFields(each, place + "/" + name + "/" + objects.size()));
        }
        return objects;
    }

    List<String> texts(String name) throws RemoteFailure {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array(name)) {
            if (!each.isTextual()) {
                throw wrong(name, "an array of texts");
            }
            texts.add(each.textValue());
        }
        return texts;
    }

    /** {@return the values by their names, all of which are texts} */
    Map<String, String> allTexts() throws RemoteFailure {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            texts.put(name, text(name));
        }
        return texts;
    }

    private JsonNode array(String name) throws RemoteFailure {
        return required(name, "an array", value(name, "an array", JsonNode::isArray, node -> node));
    }

    /** {@return size and timing} */
    VideoFormat format(String name) throws RemoteFailure {
        JsonFields fields = object(name);
        String rate = required(
                "frameRate",
                "a number",
                fields.value(
                        "frameRate",
                        "a number",
                        JsonNode::isNumber,
                        node -> node.decimalValue().toString()));
        return fields.made(() -> new VideoFormat(
                fields.integer("width"),
                fields.integer("height"),
                fields.integer("frames"),
                FrameRate.parse("frameRate", rate)));
    }

    /** Makes something of fields. */
    interface Making<T> {
        T make() throws RemoteFailure;
    }

    /** {@return what is made of the fields; an IllegalArgumentException is the answer's fault} */
    <T> T made(Making<T> making) throws RemoteFailure {
        try {
            return making.make();
        } catch (IllegalArgumentException e) {
            throw RemoteFailure.lasting(place + ": " + e.getMessage(), e);
        }
    }
}
