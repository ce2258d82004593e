package org.patchreel.runtime.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One folder of golden vectors: outputs of the reference implementations for random weights. The folder that holds them
 * all is {@code src/test/golden}, or the one named by the system property {@code patchreel.golden}.
 */
public final class Golden implements AutoCloseable {
    private static final Map<String, DataType> TYPES = Map.of(
            "F32", DataType.FLOAT32,
            "F64", DataType.FLOAT64,
            "F16", DataType.FLOAT16,
            "I64", DataType.INT64,
            "I32", DataType.INT32,
            "I8", DataType.INT8,
            "U8", DataType.UINT8,
            "BOOL", DataType.BOOLEAN);

    private final Path folder;
    private final NDManager manager;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();
    private final JsonNode meta;

    private Golden(Path folder) throws IOException {
        this.folder = folder;
        this.manager = NDManager.newBaseManager();
        this.meta = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("meta.json")));
        Path vectors = folder.resolve("golden.safetensors");
        if (Files.exists(vectors)) {
            read(vectors);
        }
    }

    /** Not by DJL's own reader, which ends the process where a tensor is empty. Types that DJL lacks are left out. */
    private void read(Path vectors) throws IOException {
        byte[] bytes = Files.readAllBytes(vectors);
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(file.getLong(0));
        JsonNode entries = new ObjectMapper().readTree(bytes, Long.BYTES, header);
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            JsonNode tensor = entry.getValue();
            int start = tensor.path("data_offsets").path(0).asInt();
            int length = tensor.path("data_offsets").path(1).asInt() - start;
            DataType type = TYPES.get(tensor.path("dtype").asText());
            if (type == null || length == 0) {
                continue;
            }
            List<Long> shape = new ArrayList<>();
            tensor.path("shape").forEach(side -> shape.add(side.asLong()));
            ByteBuffer data = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
            data.put(file.slice(Long.BYTES + header + start, length)).rewind();
            tensors.put(entry.getKey(), manager.create(data, new Shape(shape), type));
        }
    }

    public static Path root() {
        return Path.of(System.getProperty("patchreel.golden", "src/test/golden"));
    }

    public static Golden open(String name) throws IOException {
        return new Golden(root().resolve(name));
    }

    /**
     * Copies the checkpoint of a folder of vectors, or a part of it, without the vectors; replaces what is there.
     *
     * @param from within {@link #root}
     * @param to a folder
     */
    public static void copyCheckpoint(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (!name.equals("meta.json") && !name.equals("golden.safetensors")) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    public Path folder() {
        return folder;
    }

    public JsonNode meta() {
        return meta;
    }

    public NDManager manager() {
        return manager;
    }

    /** The tensor of a name such as {@code in.latents}; fails if there is none. */
    public NDArray tensor(String name) {
        NDArray array = tensors.get(name);
        assertTrue(array != null, () -> folder + " has no tensor " + name + ", only " + tensors.keySet());
        return array;
    }

    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** The largest absolute difference that the reference's authors expect of a correct fp32 implementation. */
    public double tolerance() {
        return meta.path("expected_fp32_max_abs_diff").asDouble();
    }

    /** Fails if shapes differ or any element differs by more than the tolerance; NaN always fails. */
    public static void assertClose(String what, NDArray expected, NDArray actual, double tolerance) {
        assertEquals(expected.getShape(), actual.getShape(), what);
        float[] e = expected.toType(DataType.FLOAT32, false).toFloatArray();
        float[] a = actual.toType(DataType.FLOAT32, false).toFloatArray();
        double worst = 0;
        for (int i = 0; i < e.length; i++) {
            double difference = Math.abs((double) e[i] - a[i]);
            worst = difference <= worst ? worst : difference; // keeps NaN
            if (Double.isNaN(difference)) {
                break;
            }
        }
        double measured = worst;
        assertTrue(measured <= tolerance, () -> what + ": max abs difference " + measured + " > " + tolerance);
    }

    @Override
    public void close() {
        manager.close();
    }
}
