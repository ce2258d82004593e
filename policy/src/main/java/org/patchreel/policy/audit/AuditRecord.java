package org.patchreel.policy.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line of the log: a JSON object with {@code sequence}, {@code time}, {@code host}, {@code type}, {@code subject}, {@code facts}, {@code
 * previous} (the hash of the line before), {@code commitments} and {@code personal}.
 *
 * <p>The content of a line is the SHA-256 of its {@linkplain CanonicalJson canonical form} without {@code previous} and {@code personal},
 * the hash of a line the SHA-256 of {@code previous} and its content, both in hexadecimal digits: so that it can be proved that a record
 * is in a log without showing the others. {@code personal} has values that may be erased, each beside a random salt; what the content
 * covers is the commitment, the SHA-256 of salt and value. So a value can be erased and the chain still be verified; the salt, erased
 * with it, keeps the value from being guessed.
 */
final class AuditRecord {

    static final String REQUESTER = "requester";

    /** What stands before the first line. */
    static final String NOTHING = "0".repeat(64);

    /** Of a line, in bytes: a request of many shots with all its texts has less. */
    static final int MAX_LINE = 4 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;
    private static final List<String> TEXTS = List.of("time", "host", "type", "subject", "previous");
    private static final List<String> OBJECTS = List.of("facts", "commitments", "personal");

    private final ObjectNode line;

    private AuditRecord(ObjectNode line) {
        this.line = line;
    }

    /**
     * What happened, without its place in the chain.
     *
     * @param time when
     * @param host where
     * @param type of the action
     * @param subject what it is about
     * @param facts that stay
     * @param personal values that may be erased
     */
    record Entry(
            Instant time, String host, String type, String subject, Map<String, ?> facts, Map<String, ?> personal) {}

    /** Puts an entry at its place in the chain, with salts of its own. */
    static AuditRecord of(Entry entry, long sequence, String previous) {
        ObjectNode line = JSON.createObjectNode()
                .put("sequence", sequence)
                .put("time", entry.time().toString())
                .put("host", wellFormed(entry.host()))
                .put("type", entry.type())
                .put("subject", wellFormed(entry.subject()))
                .put("previous", previous);
        line.set("facts", node(entry.facts()));
        ObjectNode commitments = line.putObject("commitments");
        ObjectNode personal = line.putObject("personal");
        entry.personal().forEach((name, value) -> {
            byte[] salt = new byte[SALT_BYTES];
            RANDOM.nextBytes(salt);
            String hex = HexFormat.of().formatHex(salt);
            JsonNode kept = node(value);
            commitments.put(name, commitment(hex, kept));
            personal.putObject(name).put("salt", hex).set("value", kept);
        });
        return new AuditRecord(line);
    }

    /** Values as the file will have them: half a character, which UTF-8 cannot write, becomes a question mark. */
    private static JsonNode node(Object value) {
        try {
            return JSON.readTree(wellFormed(JSON.writeValueAsString(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a value of a record: " + e.getOriginalMessage(), e);
        }
    }

    private static String wellFormed(String text) {
        return text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String commitment(String salt, JsonNode value) {
        return CanonicalJson.sha256(salt + CanonicalJson.write(value));
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none; the message says why, without its content
     */
    static AuditRecord parse(String text) {
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
        if (!(line instanceof ObjectNode object)) {
            throw new IllegalArgumentException("not a JSON object");
        }
        if (!object.path("sequence").isIntegralNumber()
                || !object.path("sequence").canConvertToLong()) {
            throw new IllegalArgumentException("it has no sequence");
        }
        for (String name : TEXTS) {
            if (!object.path(name).isTextual()) {
                throw new IllegalArgumentException("it has no " + name);
            }
        }
        for (String name : OBJECTS) {
            if (!object.path(name).isObject()) {
                throw new IllegalArgumentException("it has no " + name);
            }
        }
        return new AuditRecord(object);
    }

    /** {@return the line without its end} */
    String text() {
        return CanonicalJson.write(line);
    }

    /** {@return the line, for reports} */
    ObjectNode json() {
        return line.deepCopy();
    }

    long sequence() {
        return line.get("sequence").longValue();
    }

    String previous() {
        return line.get("previous").textValue();
    }

    String type() {
        return line.get("type").textValue();
    }

    String subject() {
        return line.get("subject").textValue();
    }

    JsonNode facts() {
        return line.get("facts");
    }

    /** {@return as the line has it} */
    String time() {
        return line.get("time").textValue();
    }

    /**
     * {@return when it happened}
     *
     * @throws IllegalArgumentException if the line does not say it
     */
    Instant instant() {
        try {
            return Instant.parse(time());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("record " + sequence() + " has no time: " + time(), e);
        }
    }

    /** {@return the user who did it, if the record has one that was not erased} */
    Optional<String> user() {
        return Optional.ofNullable(
                line.at("/personal/" + REQUESTER + "/value/user").textValue());
    }

    /** {@return a personal value, if it is there and was not erased} */
    Optional<JsonNode> personal(String name) {
        return Optional.ofNullable(line.get("personal").path(name).get("value"));
    }

    /** {@return the hash of what the line says, without its place in the chain and what may be erased} */
    String content() {
        ObjectNode covered = line.deepCopy();
        covered.remove(List.of("personal", "previous"));
        return CanonicalJson.sha256(CanonicalJson.write(covered));
    }

    /** {@return the hash that the next line has} */
    String hash() {
        return hash(previous(), content());
    }

    /** {@return the hash of a line with this content behind the one with that hash: who has both needs not read the line} */
    static String hash(String previous, String content) {
        return CanonicalJson.sha256(previous + content);
    }

    /** {@return whether there is a personal value that was not erased} */
    boolean hasPersonal() {
        for (JsonNode value : line.get("personal")) {
            if (value.has("value")) {
                return true;
            }
        }
        return false;
    }

    /** {@return what is wrong with the personal values: each must be the one that was committed to, or erased} */
    Optional<String> personalFault() {
        JsonNode commitments = line.get("commitments");
        JsonNode personal = line.get("personal");
        List<String> names = new ArrayList<>();
        personal.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!commitments.path(name).isTextual()) {
                return Optional.of(name + " was added");
            }
        }
        for (Iterator<String> each = commitments.fieldNames(); each.hasNext(); ) {
            String name = each.next();
            JsonNode value = personal.path(name);
            if (value.has("value")) {
                String salt = value.path("salt").asText();
                if (!commitments.path(name).asText().equals(commitment(salt, value.get("value")))) {
                    return Optional.of(name + " was changed");
                }
            } else if (!value.path("erased").isTextual()) {
                return Optional.of(name + " was removed without a note of its erasure");
            }
        }
        return Optional.empty();
    }

    /**
     * Replaces all personal values by a note.
     *
     * @param time of the erasure
     * @param cause {@code request} or {@code retention}
     * @return the record, with the same hash
     */
    AuditRecord erased(Instant time, String cause) {
        ObjectNode erased = line.deepCopy();
        ObjectNode personal = erased.putObject("personal");
        for (Map.Entry<String, JsonNode> each : line.get("personal").properties()) {
            if (each.getValue().has("value")) {
                personal.putObject(each.getKey()).put("erased", time.toString()).put("cause", cause);
            } else {
                personal.set(each.getKey(), each.getValue());
            }
        }
        return new AuditRecord(erased);
    }
}
