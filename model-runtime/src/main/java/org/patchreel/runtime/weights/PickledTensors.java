package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.weights.StoredZip.Section;

/**
 * Reads which tensors a file of {@code torch.save} holds: a zip archive that is not compressed, in which {@code data.pkl} is a
 * {@link Pickle} and each other entry the data of one storage. A dictionary of tensors is taken as it is; of others, what is
 * under {@code state_dict}, {@code model} or {@code module}.
 *
 * @see <a href="https://docs.pytorch.org/docs/main/notes/serialization.html">PyTorch's serialisation</a>
 */
final class PickledTensors {
    private static final long MAX_PICKLE_BYTES = 64 << 20;
    private static final int MAX_NESTING = 3;
    private static final String LIST = "data.pkl";
    private static final List<String> WRAPPERS = List.of("state_dict", "model", "module");

    /** Types as in a safetensors header by PyTorch's words. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("Float", "F32"),
            Map.entry("Half", "F16"),
            Map.entry("BFloat16", "BF16"),
            Map.entry("Double", "F64"),
            Map.entry("Byte", "U8"),
            Map.entry("Char", "I8"),
            Map.entry("Short", "I16"),
            Map.entry("Int", "I32"),
            Map.entry("Long", "I64"),
            Map.entry("Bool", "BOOL"));

    private final Path path;
    private final Map<String, Section> entries;
    private final String folder;

    private PickledTensors(Path path, Map<String, Section> entries, String folder) {
        this.path = path;
        this.entries = entries;
        this.folder = folder;
    }

    /** The tensors of an open file in the order of their data. */
    static List<StoredTensor> read(Path path, FileChannel channel) throws IOException {
        Map<String, Section> entries = StoredZip.read(path, channel);
        List<Map.Entry<String, Section>> lists = entries.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("/" + LIST))
                .toList();
        if (lists.size() != 1) {
            throw new CheckpointException(
                    path + " is no archive of tensors: it has " + lists.size() + " entries " + LIST + ", expected one");
        }
        String list = lists.get(0).getKey();
        String folder = list.substring(0, list.length() - LIST.length());
        PickledTensors file = new PickledTensors(path, entries, folder);
        Section order = entries.get(folder + "byteorder");
        if (order != null
                && !new String(file.bytes(channel, order, "byteorder"), StandardCharsets.US_ASCII).equals("little")) {
            throw new CheckpointException(path + " has big-endian tensors, which are not read");
        }
        return file.tensors(Pickle.read(path, file.bytes(channel, lists.get(0).getValue(), LIST)));
    }

    private byte[] bytes(FileChannel channel, Section entry, String name) throws IOException {
        if (entry.length() > MAX_PICKLE_BYTES) {
            throw new CheckpointException("the entry " + name + " of " + path + " has " + entry.length()
                    + " bytes, the limit is " + MAX_PICKLE_BYTES);
        }
        return new ChannelSection(channel, entry.position(), entry.length()).readNBytes((int) entry.length());
    }

    private List<StoredTensor> tensors(@Nullable Object value) throws CheckpointException {
        List<StoredTensor> tensors = new ArrayList<>();
        for (Map.Entry<?, ?> entry : dictionary(value, MAX_NESTING).entrySet()) {
            if (entry.getKey() instanceof String name && entry.getValue() instanceof Pickle.Tensor tensor) {
                tensors.add(stored(name, tensor));
            }
        }
        tensors.sort(Comparator.comparingLong(StoredTensor::position).thenComparing(StoredTensor::name));
        return List.copyOf(tensors);
    }

    private Map<?, ?> dictionary(@Nullable Object value, int nesting) throws CheckpointException {
        if (value instanceof Map<?, ?> map) {
            if (map.values().stream().anyMatch(Pickle.Tensor.class::isInstance)) {
                return map;
            }
            for (String wrapper : WRAPPERS) {
                if (nesting > 1 && map.get(wrapper) instanceof Map<?, ?> wrapped) {
                    return dictionary(wrapped, nesting - 1);
                }
            }
        }
        throw new CheckpointException(path + " holds no dictionary of tensors");
    }

    private StoredTensor stored(String name, Pickle.Tensor tensor) throws CheckpointException {
        String word = tensor.storage().type();
        @Nullable String type = TYPES.get(word);
        if (type == null) {
            throw broken(name, "has the unknown type " + shown(word));
        }
        Section data = entries.get(folder + "data/" + tensor.storage().key());
        if (data == null) {
            throw broken(
                    name,
                    "has no data: the entry data/" + shown(tensor.storage().key()) + " is missing");
        }
        int size = SafetensorsHeader.bits(type) / 8;
        List<Long> shape = tensor.shape();
        List<Long> strides = tensor.strides();
        if (shape.size() != strides.size()
                || tensor.offset() < 0
                || shape.stream().anyMatch(side -> side < 0)
                || strides.stream().anyMatch(stride -> stride < 0)) {
            throw broken(name, "has the offset " + tensor.offset() + ", shape " + shape + " and strides " + strides);
        }
        try {
            long length = shape.stream().reduce((long) size, Math::multiplyExact);
            long extent = length == 0 ? 0 : Math.multiplyExact(lastElement(shape, strides) + 1, (long) size);
            long start = Math.multiplyExact(tensor.offset(), (long) size);
            if (start > data.length() || extent > data.length() - start) {
                throw broken(name, "goes on behind its data of " + data.length() + " bytes");
            }
            if (length > data.length()) { // a few bytes, repeated, could fill the memory
                throw broken(name, "of " + length + " bytes repeats its data of " + data.length() + " bytes");
            }
            boolean inARow = length == 0 || inARow(shape, strides);
            if (!inARow && (length > Integer.MAX_VALUE || extent > Integer.MAX_VALUE)) {
                throw broken(
                        name,
                        "of " + length + " bytes is a view with strides " + strides
                                + "; so large ones are read in a row only");
            }
            return new StoredTensor(
                    name,
                    type,
                    shape,
                    data.position() + start,
                    length,
                    inARow ? Optional.empty() : Optional.of(new StridedView(strides, size, extent)));
        } catch (ArithmeticException e) {
            throw broken(name, "has the impossible shape " + shape + " with strides " + strides);
        }
    }

    private static long lastElement(List<Long> shape, List<Long> strides) {
        long last = 0;
        for (int i = 0; i < shape.size(); i++) {
            last = Math.addExact(last, Math.multiplyExact(shape.get(i) - 1, strides.get(i)));
        }
        return last;
    }

    /** The stride of a dimension of one element says nothing. */
    private static boolean inARow(List<Long> shape, List<Long> strides) {
        long expected = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) != 1 && strides.get(i) != expected) {
                return false;
            }
            expected *= shape.get(i);
        }
        return true;
    }

    private CheckpointException broken(String tensor, String problem) {
        return CheckpointException.ofTensor(tensor, path, problem);
    }
}
