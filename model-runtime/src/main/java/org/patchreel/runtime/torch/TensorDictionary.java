package org.patchreel.runtime.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.runtime.weights.WeightType;

/**
 * The weights of a network, ready to be passed to its script. float32 weights on the CPU stay where they are, in the
 * mapped file, and are paged in by use; so do the codes of quantized layers, which become numbers when a layer runs. All others are
 * converted into memory of their own.
 */
public final class TensorDictionary implements AutoCloseable {
    private static final long FLOAT32 = Placement.Precision.FP32.scalarType();
    private static final String WEIGHT = ".weight";

    // Owns the tensors, and through them the mappings: they must live as long as the dictionary.
    private final NDManager manager;
    private final Map<String, PtNDArray> tensors;
    private final Set<WeightType> codes;
    private final IValue value;
    private final long bytes;

    private TensorDictionary(NDManager manager, Map<String, PtNDArray> tensors, Set<WeightType> codes, long bytes) {
        this.manager = manager;
        this.tensors = tensors;
        this.codes = Set.copyOf(codes);
        this.value = IValue.stringMapFrom(tensors);
        this.bytes = bytes;
    }

    /**
     * Maps and converts weights, also quantized ones.
     *
     * @param files checked weights
     * @param placement where to put them and in which type
     * @param inFloat32 names of tensors that stay in float32 whatever the placement's precision
     * @throws IOException if a file cannot be mapped
     */
    public static TensorDictionary load(WeightFiles files, Placement placement, Predicate<String> inFloat32)
            throws IOException {
        return load(files, placement, inFloat32, name -> false);
    }

    /**
     * Maps and converts weights.
     *
     * @param files checked weights
     * @param placement where to put them and in which type
     * @param inFloat32 names of tensors that stay in float32 whatever the placement's precision
     * @param inCodes names of matrices that stay quantized if they are: those that the script reads by {@code weights.linear}
     * @throws IOException if a file cannot be mapped
     */
    public static TensorDictionary load(
            WeightFiles files, Placement placement, Predicate<String> inFloat32, Predicate<String> inCodes)
            throws IOException {
        return load(files, placement, inFloat32, inCodes, name -> false);
    }

    /**
     * Maps, converts and rounds weights.
     *
     * @param files checked weights
     * @param placement where to put them and in which type
     * @param inFloat32 names of tensors that stay in float32 whatever the placement's precision
     * @param inCodes names of matrices that stay quantized if they are: those that the script reads by {@code weights.linear}
     * @param inInt8 names of those of them that become 8-bit integers, a step for each row, whatever they are in the files
     * @throws IOException if a file cannot be mapped
     */
    public static TensorDictionary load(
            WeightFiles files,
            Placement placement,
            Predicate<String> inFloat32,
            Predicate<String> inCodes,
            Predicate<String> inInt8)
            throws IOException {
        NDManager manager = TorchEngine.newManager(placement.device());
        Set<WeightType> quantized = files.tensors().values().stream()
                .map(TensorInfo::type)
                .filter(WeightType::quantized)
                .collect(Collectors.toSet());
        try (ScriptModule conversions = ScriptModule.load("tensors.py", "Tensors", Kernels.of(placement), quantized)) {
            Map<String, PtNDArray> tensors = new HashMap<>();
            Set<WeightType> codes = EnumSet.noneOf(WeightType.class);
            long bytes = 0;
            for (TensorInfo info : files.tensors().values()) {
                long type = inFloat32.test(info.name())
                        ? FLOAT32
                        : placement.precision().scalarType();
                boolean matrix = info.shape().size() == 2 && info.name().endsWith(WEIGHT);
                String layer = matrix ? info.name().substring(0, info.name().length() - WEIGHT.length()) : "";
                if (matrix && inInt8.test(info.name())) {
                    tensors.putAll(int8(files, info, layer, placement, manager, conversions));
                    codes.add(WeightType.I8);
                    bytes += info.shape().get(0) * (info.shape().get(1) + Double.BYTES);
                } else if (info.type().quantized() && matrix && inCodes.test(info.name())) {
                    tensors.putAll(codes(files, info, layer, placement, manager));
                    codes.add(info.type());
                    bytes += info.byteCount();
                } else {
                    NDArray tensor = info.type().quantized()
                            ? numbers(files, info, type, placement, manager, conversions)
                            : place(files, info, type, placement, manager, conversions);
                    tensors.put(info.name(), (PtNDArray) tensor);
                    bytes += tensor.size() * (type == FLOAT32 ? 4 : 2);
                }
            }
            return new TensorDictionary(manager, tensors, codes, bytes);
        } catch (IOException | RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** Codes, and what makes numbers of them, under the names that {@code weights.py} has for them. */
    private static Map<String, PtNDArray> codes(
            WeightFiles files, TensorInfo info, String layer, Placement placement, NDManager manager)
            throws IOException {
        Map<String, PtNDArray> parts = new HashMap<>();
        NDArray bytes = stored(files, info, DataType.UINT8, manager).toDevice(placement.device(), false);
        bytes.attach(manager);
        // the script branches by it: on the CPU, so that no GPU is waited for
        NDArray type = manager.create((long) info.type().code()).toDevice(Device.cpu(), false);
        type.attach(manager);
        parts.put(layer + ".type", (PtNDArray) type);
        parts.put(layer + ".codes", (PtNDArray) bytes);
        Optional<TensorInfo> scale = files.scale(info.name());
        if (scale.isPresent()) {
            NDArray factors = manager.create(
                            files.mapScale(info.name()), shape(scale.get().shape()), DataType.FLOAT32)
                    .toDevice(placement.device(), false);
            factors.attach(manager);
            parts.put(layer + ".scale", (PtNDArray) factors);
        }
        return parts;
    }

    /** Rounds a matrix to 8-bit integers, under the names that {@code weights.py} has for them and their steps. */
    private static Map<String, PtNDArray> int8(
            WeightFiles files,
            TensorInfo info,
            String layer,
            Placement placement,
            NDManager manager,
            ScriptModule conversions)
            throws IOException {
        try (NDManager scope = manager.newSubManager()) {
            NDArray weight = info.type().quantized()
                    ? numbers(files, info, FLOAT32, placement, scope, conversions)
                    : place(files, info, FLOAT32, placement, scope, conversions);
            NDArray step = conversions.call("step").with(weight).tensor(manager);
            NDArray integers = conversions.call("int8").with(weight).with(step).tensor(manager);
            return Map.of(layer + ".step", (PtNDArray) step, layer + ".int8", (PtNDArray) integers);
        }
    }

    /** The numbers of a quantized tensor that its script reads as such. */
    private static NDArray numbers(
            WeightFiles files,
            TensorInfo info,
            long type,
            Placement placement,
            NDManager manager,
            ScriptModule conversions)
            throws IOException {
        NDManager scope = manager.newSubManager();
        try (TensorDictionary one = new TensorDictionary(
                scope, codes(files, info, info.name(), placement, scope), Set.of(info.type()), info.byteCount())) {
            return conversions
                    .call("numbers")
                    .with(one)
                    .with(info.name())
                    .withInts(info.shape().stream().mapToLong(Long::longValue).toArray())
                    .with(type)
                    .tensor(manager);
        }
    }

    static NDArray place(
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
            // bfloat16 is read as float16: DJL knows none
            DataType read = info.type() == WeightType.F32 ? DataType.FLOAT32 : DataType.FLOAT16;
            NDArray here = stored(files, info, read, scope).toDevice(placement.device(), false);
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

    /**
     * The bytes of the file as a tensor on the CPU: mapped, or joined from pieces. Those of a quantized tensor are a matrix of
     * bytes, a row for each index of its first dimension.
     */
    private static NDArray stored(WeightFiles files, TensorInfo info, DataType type, NDManager scope)
            throws IOException {
        long rows = info.shape().isEmpty() ? 1 : info.shape().get(0);
        Shape shape =
                info.type().quantized() ? new Shape(rows, info.byteCount() / Math.max(1, rows)) : shape(info.shape());
        if (info.byteCount() <= Integer.MAX_VALUE) {
            return scope.create(files.map(info.name()), shape, type);
        }
        long rowBytes = info.byteCount() / rows;
        long rowsAtOnce = Math.max(1, Integer.MAX_VALUE / rowBytes);
        NDList pieces = new NDList();
        for (long row = 0; row < rows; row += rowsAtOnce) {
            long count = Math.min(rowsAtOnce, rows - row);
            long[] piece = shape.getShape().clone();
            piece[0] = count;
            pieces.add(scope.create(files.map(info.name(), row, count), new Shape(piece), type));
        }
        return NDArrays.concat(pieces);
    }

    private static Shape shape(List<Long> shape) {
        return new Shape(shape);
    }

    /**
     * Changes weights by LoRAs: a script that is {@linkplain ScriptModule#loadAdapted compiled for it} adds what they add to the
     * outputs of layers. The tensors of this dictionary are shared, not copied, but for those that are no matrices of layers,
     * which are small.
     *
     * @param loras checked against these weights, in the order in which they apply
     * @param placement of these weights
     * @param inFloat32 as these weights were loaded
     * @return to be closed before this dictionary
     * @throws IOException if a file cannot be read, or has a tensor with numbers that are not finite
     */
    public TensorDictionary adapted(List<AppliedLora> loras, Placement placement, Predicate<String> inFloat32)
            throws IOException {
        NDManager owner = TorchEngine.newManager(placement.device());
        try (ScriptModule conversions = ScriptModule.load("tensors.py", "Tensors", Kernels.of(placement))) {
            Map<String, PtNDArray> changed =
                    new AdaptedTensors(tensors, placement, inFloat32, conversions, owner).of(loras);
            long own = 0;
            for (Map.Entry<String, PtNDArray> tensor : changed.entrySet()) {
                own += tensor.getValue().size()
                        * (inFloat32.test(tensor.getKey())
                                ? 4
                                : placement.precision().bytes());
            }
            Map<String, PtNDArray> all = new HashMap<>(tensors);
            all.putAll(changed);
            return new TensorDictionary(owner, all, codes, bytes + own);
        } catch (IOException | RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    /** {@return the types of those that are codes} */
    Set<WeightType> codes() {
        return codes;
    }

    /** {@return the tensor of a name} */
    NDArray tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
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
