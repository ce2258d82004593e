package org.patchreel.impl.c2pa.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Array;
import org.patchreel.impl.c2pa.cbor.CborValue.BigInt;
import org.patchreel.impl.c2pa.cbor.CborValue.Bool;
import org.patchreel.impl.c2pa.cbor.CborValue.Bytes;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Int;
import org.patchreel.impl.c2pa.cbor.CborValue.Null;
import org.patchreel.impl.c2pa.cbor.CborValue.Real;
import org.patchreel.impl.c2pa.cbor.CborValue.Simple;
import org.patchreel.impl.c2pa.cbor.CborValue.Tagged;
import org.patchreel.impl.c2pa.cbor.CborValue.Text;

/**
 * Turns the content of a manifest into values of JSON (crJSON 2.4, 3.6.3), and counts what these take, so that a document of a
 * hostile file has a limited size. Not for several threads.
 */
final class JsonValues {
    /** Deeper than any assertion; documents are read by programs that recurse. */
    private static final int MAX_DEPTH = 64;

    /** A character that is written by its number. */
    private static final int ESCAPE = 6;

    /** For the quotation marks or brackets and the comma around a value. */
    private static final int PUNCTUATION = 4;

    private static final int MAX_NUMBER_LENGTH = 24;

    private static final JsonFactory JSON = new JsonFactory();

    /** The rest of the document has no room. */
    static final class NoRoomException extends Exception {
        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("no room is left in the document");
        }
    }

    private long left;

    /**
     * Begins a document.
     *
     * @param room characters of JSON that it may take
     */
    JsonValues(long room) {
        this.left = room;
    }

    /** {@return the characters that are left} */
    long left() {
        return left;
    }

    /** Gives back what values took that are left out. */
    void resetTo(long before) {
        left = before;
    }

    private void take(long characters) throws NoRoomException {
        left -= characters;
        if (left < 0) {
            throw new NoRoomException();
        }
    }

    /** {@return the text, counted} */
    String text(String text) throws NoRoomException {
        long escapes = text.chars()
                .filter(c -> c < ' ' || c > '~' || c == '"' || c == '\\')
                .count();
        take(PUNCTUATION + text.length() + escapes * (ESCAPE - 1));
        return text;
    }

    /** {@return bytes in the form of crJSON} */
    String bytes(byte[] bytes) throws NoRoomException {
        take(2L * PUNCTUATION + 4L * bytes.length / 3);
        return "b64'" + Base64.getEncoder().encodeToString(bytes) + "'";
    }

    /** {@return a map with its keys as texts: a number as its digits, of two that are then alike the first} */
    Map<String, @Nullable Object> object(Dictionary map) throws NoRoomException {
        take(PUNCTUATION);
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (Map.Entry<CborValue, CborValue> entry : map.entries().entrySet()) {
            String key = entry.getKey() instanceof Text text
                    ? text.value()
                    : Long.toString(((Int) entry.getKey()).value()); // the reader accepts no others
            if (!object.containsKey(key)) {
                object.put(text(key), value(entry.getValue()));
            }
        }
        return object;
    }

    /** {@return the items of an array} */
    List<@Nullable Object> list(List<CborValue> items) throws NoRoomException {
        take(PUNCTUATION);
        List<@Nullable Object> list = new ArrayList<>();
        for (CborValue item : items) {
            list.add(value(item));
        }
        return list;
    }

    /** {@return any value; a tag, as of a date, is left out} */
    @Nullable
    Object value(CborValue value) throws NoRoomException {
        take(MAX_NUMBER_LENGTH);
        if (value instanceof Dictionary map) {
            return object(map);
        } else if (value instanceof Array array) {
            return list(array.items());
        } else if (value instanceof Tagged tagged) {
            return value(tagged.item());
        } else if (value instanceof Text text) {
            return text(text.value());
        } else if (value instanceof Bytes bytes) {
            return bytes(bytes.toArray());
        } else if (value instanceof Int number) {
            return number.value();
        } else if (value instanceof BigInt number) {
            BigInteger bits = new BigInteger(Long.toUnsignedString(number.bits()));
            return number.negative() ? bits.not() : bits;
        } else if (value instanceof Real number) {
            return number(number.value());
        } else if (value instanceof Bool truth) {
            return truth.value();
        } else if (value instanceof Null || value instanceof Simple) {
            return null;
        }
        throw new IllegalStateException("no JSON for " + value.getClass());
    }

    /** JSON has no infinite numbers. */
    private static @Nullable Object number(double value) {
        return Double.isFinite(value) ? (Object) value : null;
    }

    /**
     * Reads JSON.
     *
     * @throws IOException if it is none, or too deep
     */
    @Nullable
    Object json(ByteBuffer content) throws IOException, NoRoomException {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        try (JsonParser parser = JSON.createParser(bytes)) {
            parser.nextToken();
            Object value = json(parser, 0);
            if (parser.nextToken() != null) {
                throw new IOException("something follows");
            }
            return value;
        }
    }

    private @Nullable Object json(JsonParser parser, int depth) throws IOException, NoRoomException {
        if (depth > MAX_DEPTH) {
            throw new IOException("nested more than " + MAX_DEPTH + " deep");
        }
        take(MAX_NUMBER_LENGTH);
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("nothing is there");
        }
        switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = text(parser.currentName());
                    parser.nextToken();
                    object.put(name, json(parser, depth + 1));
                }
                return object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(json(parser, depth + 1));
                }
                return list;
            }
            case VALUE_STRING -> {
                return text(parser.getText());
            }
            case VALUE_NUMBER_INT -> {
                take(parser.getTextLength());
                return parser.getNumberValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return number(parser.getDoubleValue());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> throw new IOException("not a value: " + token);
        }
    }
}
