package org.patchreel.runtime.sampler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The key-value pairs of a {@code scheduler_config.json}. A key that is missing or null has the reference's default. Every
 * refusal names the file, the key and the value.
 */
final class SchedulerJson {
    private static final int MAX_BYTES = 1 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final JsonNode root;

    private SchedulerJson(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    static SchedulerJson read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes: no scheduler configuration");
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new IOException(file + " is no JSON object");
        }
        return new SchedulerJson(file, root);
    }

    IOException refusal(String key, Object value, String reason) {
        return new IOException(file + ": " + key + " " + shortened(value) + ": " + reason);
    }

    String text(String key, String absent) throws IOException {
        JsonNode node = root.path(key);
        if (isUnset(node)) {
            return absent;
        }
        if (!node.isTextual()) {
            throw refusal(key, node, "a string is expected");
        }
        return node.textValue();
    }

    boolean bool(String key, boolean absent) throws IOException {
        JsonNode node = root.path(key);
        if (isUnset(node)) {
            return absent;
        }
        if (!node.isBoolean()) {
            throw refusal(key, node, "true or false is expected");
        }
        return node.booleanValue();
    }

    double number(String key, double absent) throws IOException {
        JsonNode node = root.path(key);
        if (isUnset(node)) {
            return absent;
        }
        if (!node.isNumber()) {
            throw refusal(key, node, "a number is expected");
        }
        return node.doubleValue();
    }

    int integer(String key, int absent) throws IOException {
        JsonNode node = root.path(key);
        return isUnset(node) ? absent : integer(key, node);
    }

    Set<Integer> integers(String key) throws IOException {
        JsonNode node = root.path(key);
        Set<Integer> values = new HashSet<>();
        if (isUnset(node)) {
            return values;
        }
        if (!node.isArray()) {
            throw refusal(key, node, "an array is expected");
        }
        for (JsonNode element : node) {
            values.add(integer(key, element));
        }
        return values;
    }

    private int integer(String key, JsonNode node) throws IOException {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw refusal(key, node, "a whole number is expected");
        }
        return node.intValue();
    }

    void require(String key, String absent, String supported) throws IOException {
        String value = text(key, absent);
        if (!value.equals(supported)) {
            throw refusal(key, value, "only " + supported + " is implemented");
        }
    }

    void requireTrue(String key, boolean absent) throws IOException {
        if (!bool(key, absent)) {
            throw refusal(key, false, "only true is implemented");
        }
    }

    void requireFalse(String key) throws IOException {
        if (bool(key, false)) {
            throw refusal(key, true, "not implemented");
        }
    }

    void requireUnset(String key) throws IOException {
        JsonNode node = root.path(key);
        if (!isUnset(node)) {
            throw refusal(key, node, "not implemented");
        }
    }

    private static boolean isUnset(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String shortened(Object value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
