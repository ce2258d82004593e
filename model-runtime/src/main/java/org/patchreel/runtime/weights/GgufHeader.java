package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a GGUF file, version 2 or 3, little endian: metadata, then name, shape, type and offset of every
 * tensor, then their data.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
final class GgufHeader {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final long MAX_HEADER_BYTES = 100_000_000;
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_METADATA = 10_000;
    private static final int MAX_NAME_BYTES = 1024;
    private static final int MAX_RANK = 8;
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_ALIGNMENT = 1 << 16;

    /** The networks whose names are translated; files of others have other tensors. */
    private static final Set<String> ARCHITECTURES = new TreeSet<>(Set.of("wan", "t5encoder", "t5"));

    /** Of a tensor whose shape ggml cannot have: it has four dimensions, and rows of whole blocks. */
    private static final String ORIGINAL_SHAPE = "comfy.gguf.orig_shape.";

    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int MAX_VALUE_TYPE = 12;

    /** Bytes of a metadata value by its type; 0 for those of other lengths. */
    private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final Path path;
    private final DataInputStream in;
    private final long fileSize;
    private long read;
    private int alignment = DEFAULT_ALIGNMENT;
    private final Map<String, List<Long>> originalShapes = new HashMap<>();

    private record Entry(String name, String type, List<Long> shape, long offset, long length) {}

    private GgufHeader(Path path, DataInputStream in, long fileSize) {
        this.path = path;
        this.in = in;
        this.fileSize = fileSize;
    }

    /** The tensors of an open file in the order of their data. */
    static List<StoredTensor> read(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        DataInputStream in = new DataInputStream(
                new BufferedInputStream(new ChannelSection(channel, 0, Math.min(size, MAX_HEADER_BYTES)), 1 << 16));
        try {
            return new GgufHeader(path, in, size).parse();
        } catch (EOFException e) {
            throw new CheckpointException(
                    size > MAX_HEADER_BYTES
                            ? path + " is not a GGUF file: its header has more than " + MAX_HEADER_BYTES + " bytes"
                            : path + " is truncated: its header goes on behind its " + size + " bytes",
                    e);
        }
    }

    private List<StoredTensor> parse() throws IOException {
        if (u32() != MAGIC) {
            throw new CheckpointException(path + " is not a GGUF file: it does not begin with GGUF");
        }
        long version = u32();
        if (version < 2 || version > 3) {
            throw new CheckpointException(path + " is a GGUF file of version " + version + ", 2 and 3 are read");
        }
        long tensorCount = count("tensors", MAX_TENSORS);
        long metadataCount = count("metadata", MAX_METADATA);
        for (long i = 0; i < metadataCount; i++) {
            metadata();
        }
        List<Entry> entries = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            entries.add(entry());
        }
        return located(entries, (read + alignment - 1) / alignment * alignment);
    }

    private void metadata() throws IOException {
        String key = string(MAX_NAME_BYTES);
        int type = valueType(key);
        if (key.equals("general.architecture")) {
            checkArchitecture(key, type);
        } else if (key.equals("general.alignment")) {
            alignment(key, type);
        } else if (key.startsWith(ORIGINAL_SHAPE) && type == ARRAY) {
            originalShape(key);
        } else {
            skip(key, type, true);
        }
    }

    private void checkArchitecture(String key, int type) throws IOException {
        if (type != STRING) {
            throw new CheckpointException(path + " has no text under " + key);
        }
        String architecture = string(MAX_NAME_BYTES);
        if (!ARCHITECTURES.contains(architecture)) {
            throw new CheckpointException(path + " holds a network of the architecture " + shown(architecture)
                    + ", those that are read are " + String.join(", ", ARCHITECTURES));
        }
    }

    private void alignment(String key, int type) throws IOException {
        long value = type == UINT32 ? u32() : 0;
        if (value < 1 || value > MAX_ALIGNMENT || Long.bitCount(value) != 1) {
            throw new CheckpointException(
                    path + " has " + value + " under " + key + ", expected a power of two up to " + MAX_ALIGNMENT);
        }
        alignment = (int) value;
    }

    private void originalShape(String key) throws IOException {
        int type = valueType(key);
        long size = u64();
        if (type != INT32 || size < 0 || size > MAX_RANK) {
            throw new CheckpointException(path + " has no list of up to " + MAX_RANK + " int32 under " + shown(key));
        }
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            long side = u32();
            if (side > Integer.MAX_VALUE) {
                throw new CheckpointException(path + " has " + (int) side + " under " + shown(key));
            }
            shape.add(side);
        }
        originalShapes.put(key.substring(ORIGINAL_SHAPE.length()), List.copyOf(shape));
    }

    private int valueType(String key) throws IOException {
        long type = u32();
        if (type > MAX_VALUE_TYPE) {
            throw new CheckpointException(path + " has a value of the unknown type " + type + " under " + shown(key));
        }
        return (int) type;
    }

    /** Arrays of arrays are allowed by the format and used by nobody. */
    private void skip(String key, int type, boolean outermost) throws IOException {
        if (type == STRING) {
            skip(u64());
        } else if (type != ARRAY) {
            skip(VALUE_BYTES[type]);
        } else if (outermost) {
            int of = valueType(key);
            long size = u64();
            if (size < 0 || size > MAX_HEADER_BYTES) {
                throw new CheckpointException(
                        path + " has a list of " + Long.toUnsignedString(size) + " values under " + shown(key));
            }
            if (of == STRING || of == ARRAY) {
                for (long i = 0; i < size; i++) {
                    skip(key, of, false);
                }
            } else {
                skip(size * VALUE_BYTES[of]);
            }
        } else {
            throw new CheckpointException(path + " has a list of lists under " + shown(key));
        }
    }

    private Entry entry() throws IOException {
        String name = string(MAX_NAME_BYTES);
        long rank = u32();
        if (rank > MAX_RANK) {
            throw broken(name, "has " + rank + " dimensions, the limit is " + MAX_RANK);
        }
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < rank; i++) {
            long side = u64();
            if (side < 0) {
                throw broken(name, "has a side of " + Long.toUnsignedString(side));
            }
            shape.add(side);
        }
        Collections.reverse(shape);
        long number = u32();
        long offset = u64();
        @Nullable WeightType type = type(number);
        if (type == null) {
            return new Entry(name, "ggml type " + number, shape, offset, 0);
        }
        if (offset < 0 || offset % alignment != 0) {
            throw broken(
                    name,
                    "begins at byte " + Long.toUnsignedString(offset) + " of the data, expected a multiple of "
                            + alignment);
        }
        try {
            return new Entry(name, type.name(), shape, offset, type.byteCount(shape));
        } catch (ArithmeticException e) {
            throw broken(name, "has the impossible shape " + shape);
        } catch (IllegalArgumentException e) {
            throw broken(name, "of type " + type + " and shape " + shape + ": " + e.getMessage());
        }
    }

    private static @Nullable WeightType type(long number) {
        for (WeightType type : WeightType.values()) {
            if (type.code() == number) {
                return type;
            }
        }
        return null;
    }

    private List<StoredTensor> located(List<Entry> entries, long dataStart) throws CheckpointException {
        List<StoredTensor> tensors = new ArrayList<>();
        for (Entry entry : entries) {
            long dataSize = Math.max(0, fileSize - dataStart);
            if (entry.offset > dataSize || entry.length > dataSize - entry.offset) {
                throw new CheckpointException(path + " is truncated: tensor " + shown(entry.name) + " has "
                        + entry.length + " bytes from byte " + entry.offset + " of the data, the file has " + dataSize);
            }
            tensors.add(new StoredTensor(entry.name, entry.type, shape(entry), dataStart + entry.offset, entry.length));
        }
        tensors.sort(Comparator.comparingLong(StoredTensor::position).thenComparingLong(StoredTensor::length));
        long end = 0;
        for (StoredTensor tensor : tensors) {
            if (tensor.position() < end) {
                throw broken(tensor.name(), "overlaps another");
            }
            end = tensor.position() + tensor.length();
        }
        return List.copyOf(tensors);
    }

    private List<Long> shape(Entry entry) throws CheckpointException {
        List<Long> original = originalShapes.get(entry.name);
        if (original == null) {
            return entry.shape;
        }
        if (elements(original) != elements(entry.shape)) {
            throw broken(entry.name, "has the shape " + entry.shape + " and as its original one " + original);
        }
        return original;
    }

    private static long elements(List<Long> shape) {
        try {
            return shape.stream().reduce(1L, Math::multiplyExact);
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private long count(String what, int limit) throws IOException {
        long count = u64();
        if (count < 0 || count > limit) {
            throw new CheckpointException(path + " is not a GGUF file: it would have " + Long.toUnsignedString(count)
                    + " " + what + ", the limit is " + limit);
        }
        return count;
    }

    private String string(int limit) throws IOException {
        long length = u64();
        if (length < 0 || length > limit) {
            throw new CheckpointException(path + " has a text of " + Long.toUnsignedString(length)
                    + " bytes in its header, the limit is " + limit);
        }
        byte[] text = new byte[(int) length];
        in.readFully(text);
        read += length;
        return new String(text, StandardCharsets.UTF_8);
    }

    private void skip(long bytes) throws IOException {
        if (bytes < 0 || bytes > MAX_HEADER_BYTES) {
            throw new EOFException();
        }
        in.skipNBytes(bytes);
        read += bytes;
    }

    private long u32() throws IOException {
        read += 4;
        return Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
    }

    private long u64() throws IOException {
        read += 8;
        return Long.reverseBytes(in.readLong());
    }

    private CheckpointException broken(String tensor, String problem) {
        return CheckpointException.ofTensor(tensor, path, problem);
    }
}
