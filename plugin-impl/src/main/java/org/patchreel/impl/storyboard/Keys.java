package org.patchreel.impl.storyboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The keys of an object and their values.
 *
 * @param place before each message: where the object stands
 * @param object what stands there
 */
record Keys(String place, JsonNode object) {

    /** A refusal that says where. */
    private static final class Refusal extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }
    }

    /** How much of a value a message repeats. */
    private static final int MAX_SHOWN = 60;

    /**
     * Refuses what is no object, and keys that it may not have.
     *
     * @throws IllegalArgumentException if there is one; the message names it
     */
    void check(Set<String> known) {
        if (!object.isObject()) {
            throw refused("keys and values are expected, not " + shown(object));
        }
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw refused("unknown key " + shortened(key) + ", known: " + String.join(", ", new TreeSet<>(known)));
            }
        });
    }

    /** {@return a refusal that says where} */
    IllegalArgumentException refused(String message) {
        return new Refusal(place + message);
    }

    /** Says where in what is refused. */
    <T> T checked(Supplier<T> step) {
        try {
            return step.get();
        } catch (Refusal e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw (IllegalArgumentException)
                    refused(String.valueOf(e.getMessage())).initCause(e);
        }
    }

    /** {@return a text that is not blank; empty if there is no such key} */
    Optional<String> text(String key) {
        Optional<JsonNode> value = value(key);
        if (value.isPresent()
                && (!value.get().isTextual() || value.get().textValue().isBlank())) {
            throw refused(key + " is not a text: " + shown(value.get()));
        }
        return value.map(text -> text.textValue().strip());
    }

    /** {@return a number; empty if there is no such key} */
    OptionalDouble number(String key) {
        Optional<JsonNode> value = value(key);
        if (value.isPresent() && !value.get().isNumber()) {
            throw refused(key + " is not a number: " + shown(value.get()));
        }
        return value.isPresent() ? OptionalDouble.of(value.get().doubleValue()) : OptionalDouble.empty();
    }

    /** {@return a whole number; empty if there is no such key} */
    OptionalInt integer(String key) {
        Optional<JsonNode> value = value(key);
        if (value.isPresent() && !(value.get().canConvertToInt() && value.get().canConvertToExactIntegral())) {
            throw refused(key + " is not a whole number: " + shown(value.get()));
        }
        return value.isPresent() ? OptionalInt.of(value.get().intValue()) : OptionalInt.empty();
    }

    /** {@return the entries of a list; none if there is no such key} */
    List<JsonNode> list(String key) {
        Optional<JsonNode> value = value(key);
        if (value.isPresent() && !value.get().isArray()) {
            throw refused(key + " is not a list: " + shown(value.get()));
        }
        List<JsonNode> entries = new ArrayList<>();
        value.ifPresent(list -> list.forEach(entries::add));
        return entries;
    }

    /** {@return what stands under a key; empty if there is no such key} */
    Optional<JsonNode> value(String key) {
        return Optional.ofNullable(object.get(key));
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : shortened(value.toString());
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
