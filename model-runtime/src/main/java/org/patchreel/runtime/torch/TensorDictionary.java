package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.runtime.weights.WeightType;

/**
 * The weights of a network, ready to be passed to its script. float32 weights on the CPU stay where they are, in the
 * mapped file, and are paged in by use; all others are converted into memory of their own.
 */
public final class TensorDictionary implements AutoCloseable {
    private static final long FLOAT32 = Placement.Precision.FP32.scalarType();

    // Owns the tensors, and through them the mappings: they must live as long as the dictionary.
    private final NDManager manager;
    private final IValue value;
    private final long bytes;

    private TensorDictionary(NDManager manager, Map<String, PtNDArray> tensors, long bytes) {
        this.manager = manager;
        this.value = IValue.stringMapFrom(tensors);
        this.bytes = bytes;
    }

    /**
     * Maps and converts weights.
     *
     * @param files checked weights
     * @param placement where to put them and in which type
     * @param inFloat32 names of tensors that stay in float32 whatever the placement's precision
     * @throws IOException if a file cannot be mapped
     */
    public static TensorDictionary load(WeightFiles files, Placement placement, Predicate<String> inFloat32)
            throws IOException {
        NDManager manager = TorchEngine.newManager(placement.device());
        try (ScriptModule conversions = ScriptModule.load("tensors.py", "Tensors", Kernels.of(placement))) {
            Map<String, PtNDArray> tensors = new HashMap<>();
            long bytes = 0;
            for (TensorInfo info : files.tensors().values()) {
                long type = inFloat32.test(info.name())
                        ? FLOAT32
                        : placement.precision().scalarType();
                NDArray tensor = place(files, info, type, placement, manager, conversions);
                tensors.put(info.name(), (PtNDArray) tensor);
                bytes += tensor.size() * (type == FLOAT32 ? 4 : 2);
            }
            return new TensorDictionary(manager, tensors, bytes);
        } catch (IOException | RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    private static NDArray place(
            WeightFiles files,
            TensorInfo info,
            long type,
            Placement placement,
            NDManager manager,
            ScriptModule conversions)
            throws IOException {
        if (info.type() == WeightType.F32
                && type == FLOAT32
                && !placement.device().isGpu()
                && info.byteCount() <= Integer.MAX_VALUE) {
            return manager.create(files.map(info.name()), shape(info.shape()), DataType.FLOAT32);
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray stored = stored(files, info, scope);
            NDArray here = stored.toDevice(placement.device(), false);
            NDArray converted = here;
            if (info.type() == WeightType.BF16) {
                converted = conversions
                        .call("convert_bfloat16")
                        .with(here)
                        .with(type)
                        .tensor(scope);
            } else if (info.type() == WeightType.F16 || type != FLOAT32) {
                converted = conversions.call("convert").with(here).with(type).tensor(scope);
            }
            converted.attach(manager);
            return converted;
        }
    }

    /** The bytes of the file as a tensor on the CPU, bfloat16 read as float16; mapped, or joined from pieces. */
    private static NDArray stored(WeightFiles files, TensorInfo info, NDManager scope) throws IOException {
        DataType type = info.type() == WeightType.F32 ? DataType.FLOAT32 : DataType.FLOAT16;
        if (info.byteCount() <= Integer.MAX_VALUE) {
            return scope.create(files.map(info.name()), shape(info.shape()), type);
        }
        long rows = info.shape().get(0);
        long rowBytes = info.byteCount() / rows;
        long rowsAtOnce = Math.max(1, Integer.MAX_VALUE / rowBytes);
        NDList pieces = new NDList();
        for (long row = 0; row < rows; row += rowsAtOnce) {
            long count = Math.min(rowsAtOnce, rows - row);
            long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
            shape[0] = count;
            pieces.add(scope.create(files.map(info.name(), row, count), new Shape(shape), type));
        }
        return NDArrays.concat(pieces);
    }

    private static Shape shape(List<Long> shape) {
        return new Shape(shape);
    }

    IValue value() {
        return value;
    }

    /** {@return the size of the weights in memory, in bytes} */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        value.close();
        manager.close();
    }
}
