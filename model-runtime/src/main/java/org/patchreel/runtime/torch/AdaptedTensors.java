package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.patchreel.runtime.adapter.LoraChange;
import org.patchreel.runtime.adapter.LoraFile;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * The tensors that LoRAs add to a network's weights. Of a layer {@code P}: {@code P.down}, (R, I), and {@code P.up}, (O, R), the
 * matrices of all LoRAs side by side, of which {@code up} has their strengths; {@code P.delta}, (O, I), the sum of whole
 * differences. Other tensors are replaced by their sums. All is computed in float32, then converted. For one use.
 */
final class AdaptedTensors {
    private static final String WEIGHT = ".weight";
    private static final long FLOAT32 = Placement.Precision.FP32.scalarType();

    private final Map<String, PtNDArray> base;
    private final Placement placement;
    private final Predicate<String> inFloat32;
    private final ScriptModule conversions;
    private final NDManager owner;

    /**
     * Prepares.
     *
     * @param base the network's weights
     * @param placement of them
     * @param inFloat32 names of those that are in float32 whatever the precision
     * @param conversions {@code tensors.py}
     * @param owner of the result
     */
    AdaptedTensors(
            Map<String, PtNDArray> base,
            Placement placement,
            Predicate<String> inFloat32,
            ScriptModule conversions,
            NDManager owner) {
        this.base = base;
        this.placement = placement;
        this.inFloat32 = inFloat32;
        this.conversions = conversions;
        this.owner = owner;
    }

    /** A change and the LoRA that it is of. */
    private record Part(AppliedLora lora, LoraChange change) {}

    Map<String, PtNDArray> of(List<AppliedLora> loras) throws IOException {
        Map<String, List<Part>> byTarget = new TreeMap<>();
        for (AppliedLora lora : loras) {
            for (LoraChange change : lora.file().changes()) {
                byTarget.computeIfAbsent(change.target(), target -> new ArrayList<>())
                        .add(new Part(lora, change));
            }
        }
        Map<String, PtNDArray> tensors = new HashMap<>();
        for (Map.Entry<String, List<Part>> entry : byTarget.entrySet()) {
            try (NDManager work = owner.newSubManager()) {
                add(entry.getKey(), entry.getValue(), tensors, work);
            }
        }
        return tensors;
    }

    private void add(String target, List<Part> parts, Map<String, PtNDArray> tensors, NDManager work)
            throws IOException {
        boolean layer = isLayer(target, parts);
        NDList downs = new NDList();
        NDList ups = new NDList();
        NDList differences = new NDList();
        for (Part part : parts) {
            LoraFile file = part.lora.file();
            double strength = part.lora.strength();
            if (part.change instanceof LoraChange.LowRank product) {
                NDArray down = number(file, product.down(), 1, work);
                NDArray up = number(file, product.up(), strength * product.scale(), work);
                long rank = product.down().shape().get(0);
                down = down.reshape(rank, -1);
                up = up.reshape(-1, rank);
                if (layer) {
                    downs.add(down);
                    ups.add(up);
                } else {
                    differences.add(up.matMul(down).reshape(array(target).getShape()));
                }
            } else if (part.change instanceof LoraChange.Difference difference) {
                differences.add(number(file, difference.difference(), strength, work));
            }
        }
        long type = inFloat32.test(target) ? FLOAT32 : placement.precision().scalarType();
        String name = layer ? target.substring(0, target.length() - WEIGHT.length()) : target;
        if (!downs.isEmpty()) {
            tensors.put(name + ".down", converted(NDArrays.concat(downs, 0), type));
            tensors.put(name + ".up", converted(NDArrays.concat(ups, 1), type));
        }
        if (!differences.isEmpty()) {
            NDArray sum = differences.get(0);
            for (NDArray further : differences.subList(1, differences.size())) {
                sum = sum.add(further);
            }
            if (layer) {
                tensors.put(name + ".delta", converted(sum, type));
            } else {
                tensors.put(name, (PtNDArray)
                        conversions.call("sum").with(array(target)).with(sum).tensor(owner));
            }
        }
    }

    /** Layers are what scripts read by {@code weights.linear}: matrices, which may be stored as codes. */
    private static boolean isLayer(String target, List<Part> parts) {
        LoraChange change = parts.get(0).change;
        int sides = change instanceof LoraChange.LowRank product
                ? product.down().shape().size()
                : ((LoraChange.Difference) change).difference().shape().size();
        return target.endsWith(WEIGHT) && sides == 2;
    }

    private NDArray array(String name) {
        return Objects.requireNonNull(base.get(name), name);
    }

    /** A tensor of a file times a factor, in float32, in memory of its own. */
    private NDArray number(LoraFile file, TensorInfo info, double factor, NDManager work) throws IOException {
        WeightFiles files = file.files();
        NDArray stored = TensorDictionary.place(files, info, FLOAT32, placement, work, conversions);
        NDArray scaled = conversions.call("scaled").with(stored).with(factor).tensor(work);
        if (!Float.isFinite(scaled.sum().toFloatArray()[0])) {
            throw new CheckpointException(file.path() + ": the tensor " + CheckpointException.shown(info.name())
                    + " has numbers that are not finite");
        }
        return scaled;
    }

    private PtNDArray converted(NDArray tensor, long type) {
        return (PtNDArray) conversions.call("convert").with(tensor).with(type).tensor(owner);
    }
}
