package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code torch.save} writes beside the data of tensors: a program for a small machine, which in general may call
 * anything. Here it can name tensors, their storages and ordered dictionaries, and nothing is called: whatever else a program
 * asks for is refused. Values are null, Boolean, Long, Double, String, {@link List}, {@link Map}, {@link Storage} and
 * {@link Tensor}.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">the operations</a>
 */
final class Pickle {

    /** Marks where the items of a list, tuple or dictionary begin. */
    private static final Object MARK = new Object();

    private static final int HIGHEST_PROTOCOL = 5;
    private static final String STORAGE_SUFFIX = "Storage";

    private final Path path;
    private final ByteBuffer program;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Map<Integer, @Nullable Object> memo = new HashMap<>();

    /** A function or class that a program names. */
    private enum Callable {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER
    }

    /** The class of a storage, such as {@code Float}. */
    private record StorageClass(String type) {}

    /**
     * Elements that tensors share.
     *
     * @param type PyTorch's word for the type, such as {@code Float}
     * @param key of the entry that holds them
     */
    record Storage(String type, String key) {}

    /**
     * A view of a storage.
     *
     * @param offset of the first element, in elements
     * @param strides for each dimension, in elements
     */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

    private Pickle(Path path, byte[] program) {
        this.path = path;
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a value.
     *
     * @param path of the file, for messages
     * @param program what to read
     * @throws CheckpointException if it is damaged or asks for anything but tensors
     */
    static @Nullable Object read(Path path, byte[] program) throws CheckpointException {
        Pickle pickle = new Pickle(path, program);
        try {
            return pickle.run();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ClassCastException e) {
            throw pickle.broken("is damaged at byte " + pickle.program.position(), e);
        }
    }

    private @Nullable Object run() throws CheckpointException {
        while (true) {
            int at = program.position();
            int operation = Byte.toUnsignedInt(program.get());
            if (operation == '.') {
                return pop();
            }
            if (!constant(operation) && !container(operation) && !memory(operation)) {
                call(operation, at);
            }
        }
    }

    private boolean constant(int operation) throws CheckpointException {
        switch (operation) {
            case 0x80 -> protocol();
            case 0x95 -> program.getLong();
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'J' -> stack.add((long) program.getInt());
            case 'K' -> stack.add((long) Byte.toUnsignedInt(program.get()));
            case 'M' -> stack.add((long) Short.toUnsignedInt(program.getShort()));
            case 0x8a -> stack.add(longInteger());
            case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(program.getLong())));
            case 'X' -> stack.add(text(program.getInt()));
            case 0x8c -> stack.add(text(Byte.toUnsignedInt(program.get())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void protocol() throws CheckpointException {
        int protocol = Byte.toUnsignedInt(program.get());
        if (protocol > HIGHEST_PROTOCOL) {
            throw broken("has the unknown protocol " + protocol, null);
        }
    }

    private long longInteger() throws CheckpointException {
        int length = Byte.toUnsignedInt(program.get());
        if (length > Long.BYTES) {
            throw broken("has a number of " + length + " bytes", null);
        }
        long value = 0;
        byte last = 0;
        for (int i = 0; i < length; i++) {
            last = program.get();
            value |= (last & 0xffL) << (8 * i);
        }
        return last < 0 && length < Long.BYTES ? value | -1L << (8 * length) : value;
    }

    private String text(int length) {
        if (length < 0 || length > program.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        program.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private boolean container(int operation) {
        switch (operation) {
            case '(' -> stack.add(MARK);
            case '}' -> stack.add(new LinkedHashMap<@Nullable Object, @Nullable Object>());
            case ']' -> stack.add(new ArrayList<@Nullable Object>());
            case ')' -> stack.add(List.of());
            case 't' -> stack.add(popToMark());
            case 0x85 -> stack.add(popLast(1));
            case 0x86 -> stack.add(popLast(2));
            case 0x87 -> stack.add(popLast(3));
            case 'a' -> {
                @Nullable Object item = pop();
                list().add(item);
            }
            case 'e' -> {
                List<@Nullable Object> items = popToMark();
                list().addAll(items);
            }
            case 's' -> putAll(popLast(2));
            case 'u' -> putAll(popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void putAll(List<@Nullable Object> items) {
        for (int i = 0; i < items.size(); i += 2) {
            // a key that is a container could be changed, or contain itself
            if (!(items.get(i) instanceof String) && !(items.get(i) instanceof Long)) {
                throw new ClassCastException("key");
            }
            dictionary().put(items.get(i), items.get(i + 1));
        }
    }

    private boolean memory(int operation) {
        switch (operation) {
            case 'q' -> memo.put(Byte.toUnsignedInt(program.get()), top());
            case 'r' -> memo.put(program.getInt(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> stack.add(remembered(Byte.toUnsignedInt(program.get())));
            case 'j' -> stack.add(remembered(program.getInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object remembered(int key) {
        if (!memo.containsKey(key)) {
            throw new IndexOutOfBoundsException(key);
        }
        return memo.get(key);
    }

    private void call(int operation, int at) throws CheckpointException {
        switch (operation) {
            case 'c' -> {
                String module = line();
                stack.add(global(module, line()));
            }
            case 0x93 -> {
                List<@Nullable Object> names = popLast(2);
                stack.add(global(String.valueOf(names.get(0)), String.valueOf(names.get(1))));
            }
            case 'Q' -> stack.add(storage(tuple(pop())));
            case 'R' -> {
                List<@Nullable Object> arguments = tuple(pop());
                stack.add(called(pop(), arguments));
            }
            // the state of an ordered dictionary: versions of modules, of no use here
            case 'b' -> {
                pop();
                dictionary();
            }
            default ->
                throw broken(
                        String.format(
                                "asks for the operation 0x%02x at byte %d, which no file of tensors needs",
                                operation, at),
                        null);
        }
    }

    private Object global(String module, String name) throws CheckpointException {
        if (module.equals("torch") && name.endsWith(STORAGE_SUFFIX)) {
            return new StorageClass(name.substring(0, name.length() - STORAGE_SUFFIX.length()));
        }
        return switch (module + "." + name) {
            case "collections.OrderedDict" -> Callable.ORDERED_DICT;
            case "torch._utils._rebuild_tensor_v2" -> Callable.REBUILD_TENSOR;
            case "torch._utils._rebuild_parameter" -> Callable.REBUILD_PARAMETER;
            default ->
                throw broken(
                        "asks for " + shown(module + "." + name)
                                + ", which is no tensor: it may contain code and is not read",
                        null);
        };
    }

    /** Of ('storage', class, key, device, number of elements). */
    private static Storage storage(List<@Nullable Object> id) {
        if (!"storage".equals(id.get(0))) {
            throw new ClassCastException("storage");
        }
        return new Storage(cast(StorageClass.class, id.get(1)).type, cast(String.class, id.get(2)));
    }

    private Object called(@Nullable Object callable, List<@Nullable Object> arguments) throws CheckpointException {
        if (!(callable instanceof Callable known)) {
            throw broken("calls what is no function of tensors", null);
        }
        return switch (known) {
            case ORDERED_DICT -> {
                if (!arguments.isEmpty()) {
                    throw broken("makes a dictionary of " + arguments.size() + " arguments, expected none", null);
                }
                yield new LinkedHashMap<@Nullable Object, @Nullable Object>();
            }
            case REBUILD_TENSOR ->
                new Tensor(
                        cast(Storage.class, arguments.get(0)),
                        cast(Long.class, arguments.get(1)),
                        numbers(arguments.get(2)),
                        numbers(arguments.get(3)));
            case REBUILD_PARAMETER -> cast(Tensor.class, arguments.get(0));
        };
    }

    private static List<Long> numbers(@Nullable Object value) {
        List<Long> numbers = new ArrayList<>();
        for (Object number : tuple(value)) {
            numbers.add(cast(Long.class, number));
        }
        return List.copyOf(numbers);
    }

    private static <T> T cast(Class<T> type, @Nullable Object value) {
        T cast = type.cast(value);
        if (cast == null) {
            throw new ClassCastException("None");
        }
        return cast;
    }

    private String line() {
        int start = program.position();
        while (program.get() != '\n') {
            // up to its end
        }
        return new String(program.array(), start, program.position() - start - 1, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked") // made here
    private static List<@Nullable Object> tuple(@Nullable Object value) {
        return cast(List.class, value);
    }

    @SuppressWarnings("unchecked") // made here
    private List<@Nullable Object> list() {
        return cast(ArrayList.class, top());
    }

    @SuppressWarnings("unchecked") // made here
    private Map<@Nullable Object, @Nullable Object> dictionary() {
        return cast(Map.class, top());
    }

    private @Nullable Object top() {
        return stack.get(stack.size() - 1);
    }

    private @Nullable Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private List<@Nullable Object> popLast(int count) {
        List<@Nullable Object> last = stack.subList(stack.size() - count, stack.size());
        List<@Nullable Object> items = new ArrayList<>(last);
        last.clear();
        return items;
    }

    private List<@Nullable Object> popToMark() {
        int mark = stack.lastIndexOf(MARK);
        List<@Nullable Object> items = popLast(stack.size() - mark - 1);
        stack.remove(mark);
        return items;
    }

    private CheckpointException broken(String problem, @Nullable Exception cause) {
        String message = "the list of tensors in " + path + " " + problem;
        return cause == null ? new CheckpointException(message) : new CheckpointException(message, cause);
    }
}
