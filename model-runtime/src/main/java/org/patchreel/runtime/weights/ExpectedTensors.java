package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The tensors that a network needs.
 *
 * @param shapes by name
 * @param ignored names of tensors that may be there without being needed
 */
public record ExpectedTensors(Map<String, List<Long>> shapes, Predicate<String> ignored) {

    /** Refuses weights that are not exactly these, naming every missing, surplus, mis-shaped or mis-typed tensor. */
    public void verify(WeightFiles found) throws CheckpointException {
        Quantization.refuse(found.directory(), found.names());
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        List<String> mistyped = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            TensorInfo tensor = found.tensors().get(name);
            String type = found.unsupportedTensors().get(name);
            if (type != null) {
                mistyped.add(name + " has type " + type + ", which is not read");
            } else if (tensor == null) {
                missing.add(name + " is missing, expected shape " + shape);
            } else if (!tensor.shape().equals(shape)) {
                misshaped.add(name + " has shape " + tensor.shape() + ", expected " + shape);
            }
        });
        List<String> surplus = found.names().stream()
                .filter(name -> !shapes.containsKey(name) && !ignored.test(name))
                .map(name -> shown(name) + " is surplus, " + described(name, found))
                .toList();

        List<String> problems = new ArrayList<>(missing);
        problems.addAll(misshaped);
        problems.addAll(mistyped);
        problems.addAll(surplus);
        if (!problems.isEmpty()) {
            throw new CheckpointException(
                    found.directory() + " does not fit its config: tensors missing " + missing.size()
                            + ", mis-shaped " + misshaped.size() + ", of unsupported type " + mistyped.size()
                            + ", surplus " + surplus.size() + ": " + WeightFiles.summary(problems),
                    problems);
        }
    }

    private static String described(String name, WeightFiles found) {
        TensorInfo tensor = found.tensors().get(name);
        return tensor == null ? "type " + found.unsupportedTensors().get(name) : "shape " + tensor.shape();
    }
}
