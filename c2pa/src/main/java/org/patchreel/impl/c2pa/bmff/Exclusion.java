package org.patchreel.impl.c2pa.bmff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;

/**
 * Which boxes, or parts of them, are not hashed (C2PA 2.2, 18.6.2.1).
 *
 * @param xpath path of the boxes
 * @param length that they must have
 * @param version that they must have
 * @param flags three bytes that they must have
 * @param exact whether the flags must be the same; else it is enough that they have none but these
 * @param data bytes that they must hold
 * @param subsets what of them is left out; empty for the whole
 */
record Exclusion(
        String xpath,
        Optional<Long> length,
        Optional<Long> version,
        Optional<Integer> flags,
        boolean exact,
        List<Data> data,
        Optional<List<Subset>> subsets) {
    private static final int MAX_DATA = 1 << 10;
    private static final int MAX_PARTS = 100;

    /** Bytes at an offset from the start of a box. */
    record Data(long offset, ByteBuffer value) {}

    /** A part of a box; a length of 0 extends to its end. */
    record Subset(long offset, long length) {}

    static Exclusion of(CborValue item) throws BmffException {
        if (!(item instanceof Dictionary map)) {
            throw new BmffException("an exclusion that is not a map");
        }
        if (map.array("data").orElse(List.of()).size() > MAX_PARTS
                || map.array("subset").orElse(List.of()).size() > MAX_PARTS) {
            throw new BmffException("an exclusion of more than " + MAX_PARTS + " parts");
        }
        List<Data> data = new ArrayList<>();
        for (CborValue value : map.array("data").orElse(List.of())) {
            if (!(value instanceof Dictionary entry)) {
                throw new BmffException("an exclusion's data that are not a map");
            }
            byte[] bytes =
                    entry.bytes("value").orElseThrow(() -> new BmffException("an exclusion's data without a value"));
            if (bytes.length > MAX_DATA) {
                throw new BmffException("an exclusion's data of " + bytes.length + " bytes");
            }
            data.add(new Data(number(entry, "offset"), ByteBuffer.wrap(bytes)));
        }
        Optional<List<Subset>> subsets = Optional.empty();
        if (map.array("subset").isPresent()) {
            List<Subset> parts = new ArrayList<>();
            for (CborValue value : map.array("subset").get()) {
                if (!(value instanceof Dictionary entry)) {
                    throw new BmffException("an exclusion's subset that is not a map");
                }
                parts.add(new Subset(number(entry, "offset"), number(entry, "length")));
            }
            subsets = Optional.of(parts);
        }
        return new Exclusion(
                map.text("xpath").orElseThrow(() -> new BmffException("an exclusion without a path")),
                map.number("length"),
                map.number("version"),
                map.bytes("flags").filter(bytes -> bytes.length >= 3).map(Exclusion::flags),
                map.bool("exact").orElse(true),
                data,
                subsets);
    }

    private static long number(Dictionary map, String key) throws BmffException {
        return map.number(key)
                .filter(value -> value >= 0)
                .orElseThrow(() -> new BmffException("an exclusion without a number " + key));
    }

    private static int flags(byte[] bytes) {
        return ((bytes[0] & 0xFF) << 16) | ((bytes[1] & 0xFF) << 8) | (bytes[2] & 0xFF);
    }

    /** {@return whether its subsets are in order and do not overlap} */
    boolean isOrdered() {
        List<Subset> parts = subsets.orElse(List.of());
        for (int i = 1; i < parts.size(); i++) {
            Subset before = parts.get(i - 1);
            if (before.length() > parts.get(i).offset() - before.offset()) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether it is one that C2PA 2.2 prescribes for every file (18.6.2.1)} */
    boolean isMandatory() {
        return switch (xpath) {
            case "/ftyp", "/mfra" -> true;
            case "/uuid" ->
                data.stream()
                        .anyMatch(entry -> entry.offset() == 8 && entry.value().remaining() == 16);
            default -> false;
        };
    }

    /** {@return whether a box that lies on the path is meant} */
    boolean matches(BmffBox box, BmffFile file) throws IOException {
        if (length.isPresent() && length.get() != box.size()) {
            return false;
        }
        if ((version.isPresent() || flags.isPresent()) && box.isFullBox() && box.size() >= box.header() + 4L) {
            byte[] start = file.read(box.content(), 4);
            if (version.isPresent() && version.get() != (start[0] & 0xFF)) {
                return false;
            }
            if (flags.isPresent()) {
                int actual = flags(Arrays.copyOfRange(start, 1, 4));
                if (exact ? actual != flags.get() : (actual | flags.get()) != flags.get()) {
                    return false;
                }
            }
        }
        for (Data entry : data) {
            long start = box.offset() + entry.offset();
            if (start < 0
                    || start > file.size() - entry.value().remaining()
                    || !ByteBuffer.wrap(file.read(start, entry.value().remaining()))
                            .equals(entry.value())) {
                return false;
            }
        }
        return true;
    }
}
