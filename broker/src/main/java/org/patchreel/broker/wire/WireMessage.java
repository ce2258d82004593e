package org.patchreel.broker.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What stands in a text message. */
public sealed interface WireMessage permits Announcement, Attempt, Control, Question, Answer {

    /**
     * Writes the fields of the message.
     *
     * @param json takes them
     */
    void write(ObjectNode json);

    /** {@return the kind, by which a reader knows it} */
    String type();

    /** {@return the text of a message: one line of JSON} */
    default String text() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("version", Wire.VERSION).put("type", type());
        write(json);
        return json.toString();
    }

    /**
     * Reads a message.
     *
     * @param text of the message
     * @param <T> what is expected
     * @param expected what is expected where it came
     * @return the message
     * @throws WireException if it is too long, no message, of another version or of another kind
     */
    static <T extends WireMessage> T read(String text, Class<T> expected) throws WireException {
        if (text.length() > Wire.MAX_TEXT) {
            throw new WireException(
                    "a text of " + text.length() + " characters, at most " + Wire.MAX_TEXT + " are read");
        }
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new WireException("not JSON: " + Fields.shown(e.getOriginalMessage()), e);
        }
        Fields fields = new Fields(json);
        long version = fields.number("version", 0, Long.MAX_VALUE);
        if (version != Wire.VERSION) {
            throw new WireException("version " + version + ", version " + Wire.VERSION + " is read");
        }
        String type = fields.text("type");
        WireMessage message;
        try {
            message = switch (type) {
                case Announcement.TYPE -> Announcement.read(fields);
                case "started", "progress", "finished", "failed", "returned" -> Attempt.read(type, fields);
                case "cancel", "drain", "go", "stop" -> Control.read(type, fields);
                case "plan", "source" -> Question.read(type, fields);
                case "planned", "refused" -> Answer.read(type, fields);
                default -> throw new WireException("type is unknown: " + Fields.shown(type));
            };
        } catch (IllegalArgumentException e) {
            // what the values of the API refuse
            throw new WireException(type + ": " + Fields.shown(String.valueOf(e.getMessage())), e);
        }
        if (!expected.isInstance(message)) {
            throw new WireException("a message of the type " + type + " does not belong here");
        }
        return expected.cast(message);
    }

    /** Where JSON is made and read. */
    final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();

        static {
            MAPPER.getFactory()
                    .setStreamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxStringLength(Wire.MAX_TEXT)
                            .build());
        }

        private Json() {}
    }
}
