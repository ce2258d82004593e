package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the header of a safetensors file: eight bytes of length (little endian), then a JSON object that gives type,
 * shape and offsets of every tensor; the rest of the file is their data, without holes.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
final class SafetensorsHeader {
    private static final int LENGTH_BYTES = 8;
    private static final String METADATA = "__metadata__";
    /** The limit of the reference implementation. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /** How the text begins that Git LFS leaves in place of a file that was not fetched. */
    private static final String LFS_POINTER = "version h";

    private static final int MAX_RANK = 64;

    /** Bits of an element by type name. Data of other types than {@link WeightType}'s must still be accounted for. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E4M3FNUZ", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E5M2FNUZ", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("U16", 16),
            Map.entry("I16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("U32", 32),
            Map.entry("I32", 32),
            Map.entry("F32", 32),
            Map.entry("U64", 64),
            Map.entry("I64", 64),
            Map.entry("F64", 64),
            Map.entry("C64", 64));

    private final Path path;
    private final long dataStart;
    private final List<StoredTensor> tensors = new ArrayList<>();

    private SafetensorsHeader(Path path, long dataStart) {
        this.path = path;
        this.dataStart = dataStart;
    }

    /** {@return the bits of an element of a known type} */
    static int bits(String type) {
        return Objects.requireNonNull(BITS.get(type), type);
    }

    /** The tensors of an open file in the order of their data. */
    static List<StoredTensor> read(Path path, FileChannel channel) throws IOException {
        long fileSize = channel.size();
        long length = headerLength(path, channel, fileSize);
        SafetensorsHeader header = new SafetensorsHeader(path, LENGTH_BYTES + length);
        header.parse(channel, length);
        header.checkLayout(fileSize);
        return List.copyOf(header.tensors);
    }

    /** The texts of an open file under {@code __metadata__}, by their keys; what is no text there is passed over. */
    static Map<String, String> metadata(Path path, FileChannel channel) throws IOException {
        long length = headerLength(path, channel, channel.size());
        Map<String, String> texts = new LinkedHashMap<>();
        try (InputStreamReader text = new InputStreamReader(
                        new ChannelSection(channel, LENGTH_BYTES, length), StandardCharsets.UTF_8.newDecoder());
                JsonParser json = JsonText.FACTORY.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean metadata = json.currentName().equals(METADATA);
                if (json.nextToken() != JsonToken.START_OBJECT || !metadata) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String key = json.currentName();
                    if (json.nextToken() == JsonToken.VALUE_STRING) {
                        texts.put(key, json.getText());
                    } else {
                        json.skipChildren();
                    }
                }
            }
        } catch (CharacterCodingException e) {
            throw new CheckpointException("header of " + path + " is not UTF-8 text", e);
        } catch (JsonProcessingException e) {
            throw CheckpointException.invalidJson("header of " + path, e);
        }
        return texts;
    }

    private static long headerLength(Path path, FileChannel channel, long fileSize) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(LENGTH_BYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
        while (start.hasRemaining() && channel.read(start, start.position()) > 0) {
            // until full or at the end of the file
        }
        if (start.hasRemaining()) {
            throw new CheckpointException(path + " is not a safetensors file: it has only " + fileSize + " bytes");
        }
        if (new String(start.array(), StandardCharsets.ISO_8859_1).equals(LFS_POINTER)) {
            throw new CheckpointException(path + " is a pointer of Git LFS in place of the weights: git lfs pull");
        }
        long length = start.getLong(0);
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new CheckpointException(path + " is not a safetensors file: its header would have "
                    + Long.toUnsignedString(length) + " bytes, the limit is " + MAX_HEADER_BYTES);
        }
        if (length > fileSize - LENGTH_BYTES) {
            throw new CheckpointException(
                    path + " is truncated: its header alone has " + length + " bytes, the file has " + fileSize);
        }
        if (length == 0 || start.get(LENGTH_BYTES) != '{') {
            throw new CheckpointException(path + " is not a safetensors file: its header is not a JSON object");
        }
        return length;
    }

    private void parse(FileChannel channel, long length) throws IOException {
        try (InputStreamReader text = new InputStreamReader(
                        new ChannelSection(channel, LENGTH_BYTES, length), StandardCharsets.UTF_8.newDecoder());
                JsonParser json = JsonText.FACTORY.createParser(text)) {
            json.nextToken(); // the brace, checked before
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals(METADATA)) {
                    json.skipChildren();
                } else {
                    tensors.add(tensor(name, json));
                }
            }
            if (json.nextToken() != null) {
                throw new CheckpointException("header of " + path + " goes on after its JSON object");
            }
        } catch (CharacterCodingException e) {
            throw new CheckpointException("header of " + path + " is not UTF-8 text", e);
        } catch (JsonProcessingException e) {
            throw CheckpointException.invalidJson("header of " + path, e);
        }
    }

    private StoredTensor tensor(String name, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw broken(name, "is not described by a JSON object");
        }
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "dtype" -> {
                    if (value != JsonToken.VALUE_STRING) {
                        throw broken(name, "has no type name under dtype");
                    }
                    type = json.getText();
                }
                case "shape" -> shape = numbers(name, key, json);
                case "data_offsets" -> offsets = numbers(name, key, json);
                default -> json.skipChildren();
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw broken(name, "lacks one of dtype, shape, data_offsets");
        }
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw broken(name, "has data_offsets " + offsets + ", expected begin and end");
        }
        long length = offsets.get(1) - offsets.get(0);
        long expected = byteCount(name, type, shape);
        if (length != expected) {
            throw broken(
                    name, "has " + length + " bytes of data, " + type + " of shape " + shape + " needs " + expected);
        }
        return new StoredTensor(name, type, shape, offsets.get(0), length);
    }

    private List<Long> numbers(String name, String key, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw broken(name, "has no list under " + key);
        }
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || numbers.size() == MAX_RANK) {
                throw broken(name, "has something else than up to " + MAX_RANK + " whole numbers under " + key);
            }
            long number = json.getLongValue();
            if (number < 0) {
                throw broken(name, "has " + number + " under " + key);
            }
            numbers.add(number);
        }
        return List.copyOf(numbers);
    }

    private long byteCount(String name, String type, List<Long> shape) throws CheckpointException {
        Integer bits = BITS.get(type);
        if (bits == null) {
            throw broken(name, "has the unknown type " + shown(type));
        }
        long total;
        try {
            total = shape.stream().reduce((long) bits, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw broken(name, "has the impossible shape " + shape);
        }
        if (total % 8 != 0) {
            throw broken(name, "of type " + type + " and shape " + shape + " does not end at a byte");
        }
        return total / 8;
    }

    /** Sorts the tensors by their data, which must fill the rest of the file exactly; makes offsets absolute. */
    private void checkLayout(long fileSize) throws CheckpointException {
        tensors.sort(Comparator.comparingLong(StoredTensor::position).thenComparingLong(StoredTensor::length));
        long end = 0;
        for (int i = 0; i < tensors.size(); i++) {
            StoredTensor t = tensors.get(i);
            if (t.position() < end) {
                throw broken(t.name(), "begins at byte " + t.position() + " of the data and overlaps another");
            }
            if (t.position() > end) {
                throw broken(t.name(), "begins at byte " + t.position() + " of the data after a hole, expected " + end);
            }
            end += t.length(); // cannot overflow: begin + length was a header's number
            tensors.set(i, new StoredTensor(t.name(), t.type(), t.shape(), dataStart + t.position(), t.length()));
        }
        long dataSize = fileSize - dataStart;
        if (end > dataSize) {
            throw new CheckpointException(
                    path + " is truncated: its header describes " + end + " bytes of data, the file has " + dataSize);
        }
        if (end < dataSize) {
            throw new CheckpointException(path + " has " + (dataSize - end) + " bytes after its last tensor: expected "
                    + end + " bytes of data, found " + dataSize);
        }
    }

    private CheckpointException broken(String tensor, String problem) {
        return CheckpointException.ofTensor(tensor, path, problem);
    }
}
