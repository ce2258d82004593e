package org.patchreel.runtime.weights;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects names and shapes of a network's tensors, layer by layer, under PyTorch's names of parameters. */
public final class TensorShapes {
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

    /** A single parameter. */
    public TensorShapes add(String name, long... shape) {
        List<Long> before = shapes.put(name, Arrays.stream(shape).boxed().toList());
        if (before != null) {
            throw new IllegalArgumentException("tensor " + name + " was added twice");
        }
        return this;
    }

    /** A fully connected layer with bias. */
    public TensorShapes linear(String name, long out, long in) {
        return add(name + ".weight", out, in).add(name + ".bias", out);
    }

    /** A layer norm with weight and bias. */
    public TensorShapes layerNorm(String name, long size) {
        return add(name + ".weight", size).add(name + ".bias", size);
    }

    /** A convolution with bias; the kernel's size in two or three dimensions. */
    public TensorShapes convolution(String name, long out, long in, long... kernel) {
        long[] shape = new long[kernel.length + 2];
        shape[0] = out;
        shape[1] = in;
        System.arraycopy(kernel, 0, shape, 2, kernel.length);
        return add(name + ".weight", shape).add(name + ".bias", out);
    }

    /** In the order of their adding. */
    public Map<String, List<Long>> asMap() {
        return Collections.unmodifiableMap(shapes);
    }
}
