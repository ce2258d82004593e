package org.patchreel.impl.c2pa.cbor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes CBOR in core deterministic encoding (<a href="https://www.rfc-editor.org/rfc/rfc8949#section-4.2.1">RFC 8949,
 * 4.2.1</a>): lengths are definite and as short as can be, maps are in the bytewise order of their encoded keys.
 */
public final class CborWriter {
    private static final CBORFactory FACTORY = new CBORFactory();

    private CborWriter() {}

    /**
     * A value with a tag.
     *
     * @param number of the tag
     * @param value any value that can be written
     */
    public record Tagged(int number, Object value) {}

    /**
     * Writes a value.
     *
     * @param value null, a Boolean, an Integer, a Long, a String, a byte[], a {@link Tagged}, or a List or a Map of these;
     *     the keys of a map are Strings or Integers
     * @return its encoding
     * @throws IllegalArgumentException for other classes
     */
    public static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CBORGenerator generator = FACTORY.createGenerator(bytes)) {
            write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(CBORGenerator generator, @Nullable Object value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof Integer number) {
            generator.writeNumber(number);
        } else if (value instanceof Long number) {
            generator.writeNumber(number);
        } else if (value instanceof String text) {
            // not writeString, which splits a long text into chunks of indefinite number
            byte[] utf8 = text.getBytes(UTF_8);
            generator.writeUTF8String(utf8, 0, utf8.length);
        } else if (value instanceof byte[] bytes) {
            generator.writeBinary(bytes);
        } else if (value instanceof Tagged tagged) {
            generator.writeTag(tagged.number());
            write(generator, tagged.value());
        } else if (value instanceof List<?> list) {
            generator.writeStartArray(list, list.size());
            for (Object element : list) {
                write(generator, element);
            }
            generator.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            writeMap(generator, map);
        } else {
            throw new IllegalArgumentException("no CBOR for " + value.getClass().getName());
        }
    }

    private static void writeMap(CBORGenerator generator, Map<?, ?> map) throws IOException {
        TreeMap<byte[], Map.Entry<?, ?>> sorted = new TreeMap<>(Arrays::compareUnsigned);
        map.entrySet().forEach(entry -> sorted.put(write(entry.getKey()), entry));
        generator.writeStartObject(map, map.size());
        for (Map.Entry<?, ?> entry : sorted.values()) {
            if (entry.getKey() instanceof Integer key) {
                generator.writeFieldId(key);
            } else if (entry.getKey() instanceof String key) {
                generator.writeFieldName(key);
            } else {
                throw new IllegalArgumentException("no key of a map: " + entry.getKey());
            }
            write(generator, entry.getValue());
        }
        generator.writeEndObject();
    }
}
