package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.TreeSet;

/**
 * JSON that everybody writes in the same way: keys in order, no space, nothing escaped that need not be. Python's {@code
 * json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)} gives the same.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785, JSON Canonicalization Scheme</a>
 */
final class CanonicalJson {

    private CanonicalJson() {}

    /**
     * Writes a value.
     *
     * @throws IllegalArgumentException if it has a number that is not whole, which is written in more than one way
     */
    static String write(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    /** {@return SHA-256 of a text in UTF-8, 64 hexadecimal digits} */
    static String sha256(String text) {
        return sha256(text.getBytes(UTF_8));
    }

    /** {@return SHA-256 of bytes, 64 hexadecimal digits} */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void write(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            writeObject(value, text);
        } else if (value.isArray()) {
            text.append('[');
            for (int i = 0; i < value.size(); i++) {
                text.append(i == 0 ? "" : ",");
                write(value.get(i), text);
            }
            text.append(']');
        } else if (value.isTextual()) {
            writeText(value.textValue(), text);
        } else if (value.isIntegralNumber()) {
            text.append(value.bigIntegerValue());
        } else if (value.isBoolean() || value.isNull()) {
            text.append(value.asText());
        } else {
            throw new IllegalArgumentException("a record has text, whole numbers, true and false, not " + value);
        }
    }

    private static void writeObject(JsonNode value, StringBuilder text) {
        TreeSet<String> keys = new TreeSet<>();
        value.fieldNames().forEachRemaining(keys::add);
        text.append('{');
        for (Iterator<String> each = keys.iterator(); each.hasNext(); ) {
            String key = each.next();
            writeText(key, text);
            text.append(':');
            write(value.get(key), text);
            text.append(each.hasNext() ? "," : "");
        }
        text.append('}');
    }

    private static void writeText(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20) {
                        text.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
