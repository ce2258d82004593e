package org.patchreel.impl.c2pa.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Decodes CBOR. Strict: text is UTF-8, no key of a map comes twice, nothing follows the item. Indefinite lengths and
 * numbers longer than need be are accepted, because some signers write them and only raw bytes are ever hashed. Bounded: by
 * depth and by the number of items, so that no input takes more memory than some fifty times its size, or 64 MiB.
 */
public final class CborReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_ITEMS = 1 << 20;

    private static final int INDEFINITE = 31;
    private static final int BREAK = 0xFF;

    private final ByteBuffer input;
    private int items;

    private CborReader(ByteBuffer input) {
        this.input = input;
    }

    /**
     * Decodes the only item of a buffer, whose position stays.
     *
     * @throws CborException if it is not one well-formed item within the bounds
     */
    public static CborValue read(ByteBuffer bytes) throws CborException {
        CborReader reader = new CborReader(bytes.slice());
        CborValue value = reader.item(0);
        if (reader.input.hasRemaining()) {
            throw reader.failure("something follows the item");
        }
        return value;
    }

    /**
     * Decodes the only item of a buffer, which must be a map.
     *
     * @throws CborException if it is not one well-formed map within the bounds
     */
    public static Dictionary readMap(ByteBuffer bytes) throws CborException {
        if (read(bytes) instanceof Dictionary map) {
            return map;
        }
        throw new CborException("not a map");
    }

    /**
     * Decodes the first item of a buffer, a map; padding may follow.
     *
     * @throws CborException if it is not a well-formed map within the bounds
     */
    public static Dictionary readPaddedMap(ByteBuffer bytes) throws CborException {
        if (new CborReader(bytes.slice()).item(0) instanceof Dictionary map) {
            return map;
        }
        throw new CborException("not a map");
    }

    private CborValue item(int depth) throws CborException {
        if (depth > MAX_DEPTH) {
            throw failure("nested more than " + MAX_DEPTH + " deep");
        }
        if (++items > MAX_ITEMS) {
            throw failure("more than " + MAX_ITEMS + " items");
        }
        int initial = octet();
        int additional = initial & 0x1F;
        return switch (initial >>> 5) {
            case 0 -> unsigned(argument(additional));
            case 1 -> negative(argument(additional));
            case 2 -> new Bytes(string(additional, 2).asReadOnlyBuffer());
            case 3 -> new Text(utf8(string(additional, 3)));
            case 4 -> array(additional, depth);
            case 5 -> map(additional, depth);
            case 6 -> new Tagged(argument(additional), item(depth + 1));
            default -> simple(additional);
        };
    }

    private static CborValue unsigned(long bits) {
        return bits < 0 ? new BigInt(false, bits) : new Int(bits);
    }

    private static CborValue negative(long bits) {
        return bits < 0 ? new BigInt(true, bits) : new Int(-1 - bits);
    }

    private CborValue simple(int additional) throws CborException {
        return switch (additional) {
            case 20 -> new Bool(false);
            case 21 -> new Bool(true);
            case 22, 23 -> new Null();
            case 24 -> {
                int value = octet();
                if (value < 32) {
                    throw failure("simple value " + value + " in two bytes");
                }
                yield new Simple(value);
            }
            case 25 -> new Real(half(integer(2)));
            case 26 -> new Real(Float.intBitsToFloat((int) integer(4)));
            case 27 -> new Real(Double.longBitsToDouble(integer(8)));
            case 28, 29, 30 -> throw failure("reserved additional information " + additional);
            case INDEFINITE -> throw failure("a break outside of an indefinite length");
            default -> new Simple(additional);
        };
    }

    /** IEEE 754 binary16 (RFC 8949, appendix D). */
    private static double half(long bits) {
        int exponent = (int) (bits >> 10) & 0x1F;
        int mantissa = (int) bits & 0x3FF;
        double magnitude = exponent == 0
                ? Math.scalb((double) mantissa, -24)
                : exponent == 31
                        ? (mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                        : Math.scalb((double) mantissa + 1024, exponent - 25);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    private CborValue array(int additional, int depth) throws CborException {
        List<CborValue> values = new ArrayList<>();
        if (additional == INDEFINITE) {
            while (!atBreak()) {
                values.add(item(depth + 1));
            }
        } else {
            for (long left = count(additional, 1); left > 0; left--) {
                values.add(item(depth + 1));
            }
        }
        return new Array(Collections.unmodifiableList(values));
    }

    private CborValue map(int additional, int depth) throws CborException {
        Map<CborValue, CborValue> entries = new LinkedHashMap<>();
        if (additional == INDEFINITE) {
            while (!atBreak()) {
                entry(entries, depth + 1);
            }
        } else {
            for (long left = count(additional, 2); left > 0; left--) {
                entry(entries, depth + 1);
            }
        }
        return new Dictionary(Collections.unmodifiableMap(entries));
    }

    private void entry(Map<CborValue, CborValue> entries, int depth) throws CborException {
        CborValue key = item(depth);
        if (!(key instanceof Text || key instanceof Int)) {
            throw failure("a key that is neither text nor a whole number");
        }
        if (entries.put(key, item(depth)) != null) {
            throw failure("key " + (key instanceof Text text ? text.value() : key.toString()) + " comes twice");
        }
    }

    /** A number of items that the rest of the input can hold. */
    private long count(int additional, int bytesEach) throws CborException {
        long count = argument(additional);
        if (count < 0 || count > input.remaining() / bytesEach) {
            throw failure(Long.toUnsignedString(count) + " items in " + input.remaining() + " bytes");
        }
        return count;
    }

    private ByteBuffer string(int additional, int majorType) throws CborException {
        if (additional != INDEFINITE) {
            long length = argument(additional);
            if (length < 0 || length > input.remaining()) {
                throw failure("a string of " + Long.toUnsignedString(length) + " in " + input.remaining() + " bytes");
            }
            ByteBuffer string = input.slice(input.position(), (int) length);
            input.position(input.position() + (int) length);
            return string;
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        while (!atBreak()) {
            int initial = octet();
            if (initial >>> 5 != majorType || (initial & 0x1F) == INDEFINITE) {
                throw failure("a string of indefinite length holds something else");
            }
            ByteBuffer part = string(initial & 0x1F, majorType);
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            joined.writeBytes(copy);
        }
        return ByteBuffer.wrap(joined.toByteArray());
    }

    private String utf8(ByteBuffer bytes) throws CborException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw failure("text is not UTF-8");
        }
    }

    private boolean atBreak() throws CborException {
        if (!input.hasRemaining()) {
            throw failure("the input ends");
        }
        if ((input.get(input.position()) & 0xFF) != BREAK) {
            return false;
        }
        input.get();
        return true;
    }

    private long argument(int additional) throws CborException {
        return switch (additional) {
            case 24 -> octet();
            case 25 -> integer(2);
            case 26 -> integer(4);
            case 27 -> integer(8);
            case 28, 29, 30 -> throw failure("reserved additional information " + additional);
            case INDEFINITE -> throw failure("an indefinite length where there is none");
            default -> additional;
        };
    }

    private long integer(int bytes) throws CborException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | octet();
        }
        return value;
    }

    private int octet() throws CborException {
        if (!input.hasRemaining()) {
            throw failure("the input ends");
        }
        return input.get() & 0xFF;
    }

    private CborException failure(String what) {
        return new CborException("at byte " + input.position() + ": " + what);
    }
}
