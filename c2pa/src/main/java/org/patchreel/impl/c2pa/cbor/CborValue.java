package org.patchreel.impl.c2pa.cbor;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A decoded data item. {@code undefined} is read as null. */
public sealed interface CborValue {

    // Comparable are the two that may be keys: a hostile map whose keys' hash codes collide then stays fast.

    /** A whole number from -2⁶³ to 2⁶³-1. */
    record Int(long value) implements CborValue, Comparable<Int> {
        @Override
        public int compareTo(Int other) {
            return Long.compare(value, other.value);
        }
    }

    /** A whole number outside of that range; nothing in C2PA needs its value. */
    record BigInt(boolean negative, long bits) implements CborValue {}

    /** A floating-point number. */
    record Real(double value) implements CborValue {}

    /** A byte string; read-only. */
    record Bytes(ByteBuffer value) implements CborValue {
        /** {@return a copy} */
        public byte[] toArray() {
            byte[] copy = new byte[value.remaining()];
            value.duplicate().get(copy);
            return copy;
        }
    }

    /** A text string. */
    record Text(String value) implements CborValue, Comparable<Text> {
        @Override
        public int compareTo(Text other) {
            return value.compareTo(other.value);
        }
    }

    /** An array. */
    record Array(List<CborValue> items) implements CborValue {}

    /** A tagged item. */
    record Tagged(long tag, CborValue item) implements CborValue {}

    /** True or false. */
    record Bool(boolean value) implements CborValue {}

    /** A simple value without a meaning of its own. */
    record Simple(int value) implements CborValue {}

    /** Null or undefined. */
    record Null() implements CborValue {}

    /** A map in the order of its encoding; keys are text or whole numbers. The look-ups find nothing where the value is null or of another kind. */
    record Dictionary(Map<CborValue, CborValue> entries) implements CborValue {

        /** {@return the value under a text key, unless it is null} */
        public Optional<CborValue> get(String key) {
            return get(new Text(key));
        }

        /** {@return the value under a key, unless it is null} */
        public Optional<CborValue> get(CborValue key) {
            return Optional.ofNullable(entries.get(key)).filter(value -> !(value instanceof Null));
        }

        /** {@return whether there is an entry under a text key, be it null} */
        public boolean has(String key) {
            return entries.containsKey(new Text(key));
        }

        /** {@return the text under a text key, a tag (as of a date) removed} */
        public Optional<String> text(String key) {
            return get(key).map(value -> value instanceof Tagged tagged ? tagged.item() : value)
                    .filter(Text.class::isInstance)
                    .map(value -> ((Text) value).value());
        }

        /** {@return the whole number under a text key} */
        public Optional<Long> number(String key) {
            return get(key).filter(Int.class::isInstance).map(value -> ((Int) value).value());
        }

        /** {@return the byte string under a text key} */
        public Optional<byte[]> bytes(String key) {
            return get(key).filter(Bytes.class::isInstance).map(value -> ((Bytes) value).toArray());
        }

        /** {@return the truth value under a text key} */
        public Optional<Boolean> bool(String key) {
            return get(key).filter(Bool.class::isInstance).map(value -> ((Bool) value).value());
        }

        /** {@return the items of the array under a text key} */
        public Optional<List<CborValue>> array(String key) {
            return get(key).filter(Array.class::isInstance).map(value -> ((Array) value).items());
        }

        /** {@return the map under a text key} */
        public Optional<Dictionary> dictionary(String key) {
            return get(key).filter(Dictionary.class::isInstance).map(Dictionary.class::cast);
        }
    }
}
