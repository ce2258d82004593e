package org.patchreel.runtime.weights;

import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the dimensions of a network from the shapes of its tensors, for files that come without a configuration.
 *
 * @param weights open; its headers are read
 */
public record TensorSides(WeightFiles weights) {
    private static final int MAX_SIDE = 1 << 24;
    private static final int MAX_LAYERS = 1000;

    /**
     * {@return one side of a tensor, 1 to 2²⁴}
     *
     * @param name of the tensor
     * @param index of the side
     * @throws CheckpointException if the tensor is missing, of a type that is not read, or of another shape
     */
    public int of(String name, int index) throws CheckpointException {
        TensorInfo tensor = weights.tensors().get(name);
        if (tensor == null) {
            String type = weights.unsupportedTensors().get(name);
            throw new CheckpointException(weights.directory()
                    + (type == null
                            ? " has no tensor " + name
                            : ": tensor " + name + " has type " + CheckpointException.shown(type)
                                    + ", which is not read"));
        }
        if (tensor.shape().size() <= index
                || tensor.shape().get(index) < 1
                || tensor.shape().get(index) > MAX_SIDE) {
            throw new CheckpointException(weights.directory() + ": tensor " + name + " has shape " + tensor.shape()
                    + ", which no network has");
        }
        return Math.toIntExact(tensor.shape().get(index));
    }

    /** {@return the same; empty if there is no such tensor} */
    public OptionalInt optional(String name, int index) throws CheckpointException {
        return weights.names().contains(name) ? OptionalInt.of(of(name, index)) : OptionalInt.empty();
    }

    /**
     * {@return the number of layers, 1 to 1000}
     *
     * @param prefix what names of tensors have before the number of their layer
     * @throws CheckpointException if there are none, or their numbers leave gaps
     */
    public int layers(String prefix) throws CheckpointException {
        Pattern numbered = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,4})\\..*");
        Set<Integer> numbers = new TreeSet<>();
        for (String name : weights.names()) {
            Matcher matcher = numbered.matcher(name);
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        int layers = numbers.size();
        if (layers < 1 || layers > MAX_LAYERS || !numbers.contains(0) || !numbers.contains(layers - 1)) {
            throw new CheckpointException(weights.directory() + " has " + layers + " layers " + prefix
                    + "N, expected 1 to " + MAX_LAYERS + ", without gaps");
        }
        return layers;
    }
}
