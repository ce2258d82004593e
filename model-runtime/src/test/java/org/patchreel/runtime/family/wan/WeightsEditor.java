package org.patchreel.runtime.family.wan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The tensors of a small safetensors file, to be written anew under other names, in other types or in parts. */
public final class WeightsEditor {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A tensor as it is stored. */
    private static final class Tensor {
        final String type;
        final JsonNode shape;
        final byte[] data;

        Tensor(String type, JsonNode shape, byte[] data) {
            this.type = type;
            this.shape = shape;
            this.data = data;
        }
    }

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    public static WeightsEditor read(Path file) throws IOException {
        WeightsEditor editor = new WeightsEditor();
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode header = JSON.readTree(bytes, 8, length);
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                JsonNode offsets = entry.getValue().get("data_offsets");
                byte[] data = Arrays.copyOfRange(
                        bytes,
                        8 + length + offsets.get(0).intValue(),
                        8 + length + offsets.get(1).intValue());
                editor.tensors.put(
                        entry.getKey(),
                        new Tensor(
                                entry.getValue().get("dtype").textValue(),
                                entry.getValue().get("shape"),
                                data));
            }
        }
        return editor;
    }

    /** {@return one without tensors} */
    public static WeightsEditor empty() {
        return new WeightsEditor();
    }

    /** Adds a tensor of float32, or puts it in the place of another. */
    public WeightsEditor with(String name, List<Integer> shape, float[] values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        tensors.put(
                name,
                new Tensor(
                        "F32", shape(shape.stream().mapToInt(Integer::intValue).toArray()), data.array()));
        return this;
    }

    public WeightsEditor without(String name) {
        tensors.remove(name);
        return this;
    }

    /** Says of a tensor that its elements are of another type of the same size. */
    public WeightsEditor withType(String name, String type) {
        Tensor tensor = Objects.requireNonNull(tensors.get(name), name);
        tensors.put(name, new Tensor(type, tensor.shape, tensor.data));
        return this;
    }

    /** {@return those of the tensors whose names are wanted} */
    WeightsEditor only(Predicate<String> wanted) {
        WeightsEditor part = new WeightsEditor();
        tensors.forEach((name, tensor) -> {
            if (wanted.test(name)) {
                part.tensors.put(name, tensor);
            }
        });
        return part;
    }

    public WeightsEditor renamed(UnaryOperator<String> names) {
        WeightsEditor other = new WeightsEditor();
        tensors.forEach((name, tensor) -> other.tensors.put(names.apply(name), tensor));
        return other;
    }

    /** {@return the float32 tensors in float16} */
    WeightsEditor inHalfPrecision() {
        WeightsEditor halves = new WeightsEditor();
        tensors.forEach((name, tensor) -> halves.tensors.put(name, new Tensor("F16", tensor.shape, half(tensor.data))));
        return halves;
    }

    /** {@return the matrices with one byte an element, as in float8; which numbers they are does not matter} */
    WeightsEditor inFloat8() {
        WeightsEditor eighths = new WeightsEditor();
        tensors.forEach((name, tensor) -> eighths.tensors.put(
                name,
                tensor.shape.size() == 2
                        ? new Tensor("F8_E4M3", tensor.shape, new byte[tensor.data.length / 4])
                        : tensor));
        return eighths;
    }

    /** {@return what bitsandbytes stores of matrices: two numbers a byte, and beside them what they are multiplied by} */
    WeightsEditor inBitsandbytes(String matrix) {
        WeightsEditor quantized = new WeightsEditor();
        tensors.forEach((name, tensor) -> {
            if (!name.endsWith(matrix)) {
                quantized.tensors.put(name, tensor);
                return;
            }
            int bytes = tensor.data.length / 8;
            quantized.tensors.put(name, new Tensor("U8", shape(bytes, 1), new byte[bytes]));
            quantized.tensors.put(name + ".absmax", new Tensor("F32", shape(4), new byte[16]));
            quantized.tensors.put(name + ".quant_map", new Tensor("F32", shape(16), new byte[64]));
            quantized.tensors.put(name + ".quant_state.bitsandbytes__nf4", new Tensor("U8", shape(10), new byte[10]));
        });
        return quantized;
    }

    private static JsonNode shape(int... sides) {
        ArrayNode shape = JSON.createArrayNode();
        for (int side : sides) {
            shape.add(side);
        }
        return shape;
    }

    /** Truncates the mantissa: enough for weights of a test. Values too small for a float16 become zero. */
    private static byte[] half(byte[] floats) {
        ByteBuffer in = ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.allocate(floats.length / 2).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int bits = Float.floatToIntBits(in.getFloat());
            int exponent = ((bits >> 23) & 0xff) - 127 + 15;
            int sign = (bits >>> 16) & 0x8000;
            out.putShort((short) (exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >> 13) & 0x3ff)));
        }
        return out.array();
    }

    Iterable<String> names() {
        return tensors.keySet();
    }

    public void write(Path file) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        int position = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode described = header.putObject(entry.getKey());
            described.put("dtype", tensor.type);
            described.set("shape", tensor.shape);
            described.putArray("data_offsets").add(position).add(position + tensor.data.length);
            position += tensor.data.length;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + position).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        tensors.values().forEach(tensor -> bytes.put(tensor.data));
        Files.write(file, bytes.array());
    }
}
