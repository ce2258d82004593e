package org.patchreel.runtime.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.patchreel.runtime.torch.Kernels;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.torch.ScriptModule;
import org.patchreel.runtime.torch.TensorDictionary;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.runtime.weights.ExpectedTensors;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.spi.VideoFrame;

/**
 * The network MobileNet v2 with the classes and the last layers of NSFWJS, on the CPU. For one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/1801.04381">Sandler et al., MobileNetV2</a>
 */
final class MobileNet implements AutoCloseable {

    /** Pixels of a side of the square to which every picture is stretched. */
    private static final int SIDE = 224;

    private static final int FIRST_CHANNELS = 32;
    private static final int LAST_CHANNELS = 1280;

    /** How many times as many channels a block filters as it takes. */
    private static final int EXPANSION = 6;

    /** Channels that each block gives; the first one does not expand what it takes. */
    private static final int[] CHANNELS = {16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};

    /** Of the blocks behind the first one. */
    private static final long[] STRIDES = {2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1};

    private final ScriptModule script;
    private final TensorDictionary weights;

    /** For pictures, outside of the heap and used again: others would be freed by the garbage collector, much later. */
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    private MobileNet(ScriptModule script, TensorDictionary weights) {
        this.script = script;
        this.weights = weights;
    }

    /**
     * Loads the network.
     *
     * @param directory with the weights
     * @param stem name of their file, without its ending
     * @param classes number of classes
     * @throws IOException if the weights are not those of the network
     */
    static MobileNet load(Path directory, String stem, int classes) throws IOException {
        try (WeightFiles files = WeightFiles.open(directory, stem)) {
            new ExpectedTensors(shapes(classes), name -> false).verify(files);
            TensorDictionary weights = TensorDictionary.load(files, Placement.CPU, name -> false);
            try {
                return new MobileNet(
                        ScriptModule.load("mobilenet.py", "Classifier", Kernels.of(Placement.CPU)), weights);
            } catch (RuntimeException | Error e) {
                weights.close();
                throw e;
            }
        }
    }

    private static Map<String, List<Long>> shapes(int classes) {
        Map<String, List<Long>> shapes = new HashMap<>();
        convolution(shapes, "Conv1", FIRST_CHANNELS, 3, 3);
        int in = FIRST_CHANNELS;
        for (int i = 0; i < CHANNELS.length; i++) {
            String block = i == 0 ? "expanded_conv" : "block_" + i;
            int filtered = i == 0 ? in : EXPANSION * in;
            if (i > 0) {
                convolution(shapes, block + "_expand", filtered, in, 1);
            }
            convolution(shapes, block + "_depthwise", filtered, 1, 3);
            convolution(shapes, block + "_project", CHANNELS[i], filtered, 1);
            in = CHANNELS[i];
        }
        convolution(shapes, "Conv_1", LAST_CHANNELS, in, 1);
        dense(shapes, "dense_1", 256, LAST_CHANNELS);
        dense(shapes, "dense_2", 128, 256);
        dense(shapes, "dense_3", classes, 128);
        return shapes;
    }

    private static void convolution(Map<String, List<Long>> shapes, String name, long out, long in, long side) {
        layer(shapes, name, List.of(out, in, side, side), List.of(out, 1L, 1L));
    }

    private static void dense(Map<String, List<Long>> shapes, String name, long out, long in) {
        layer(shapes, name, List.of(out, in), List.of(out));
    }

    /** Weights are whole numbers; each output channel has a factor and a bias. */
    private static void layer(Map<String, List<Long>> shapes, String name, List<Long> weight, List<Long> channels) {
        shapes.put(name + ".weight", weight);
        shapes.put(name + ".factor", channels);
        shapes.put(name + ".bias", channels);
    }

    /** {@return the probability of each class} */
    float[] probabilities(VideoFrame picture) {
        ByteBuffer rgb = picture.rgb();
        if (buffer.capacity() < rgb.remaining()) {
            buffer = ByteBuffer.allocateDirect(rgb.remaining());
        }
        buffer.clear().put(rgb).flip();
        try (NDManager scope = TorchEngine.newManager(Placement.CPU.device())) {
            NDArray pixels =
                    scope.create(buffer.slice(), new Shape(picture.height(), picture.width(), 3), DataType.UINT8);
            return script.call("forward")
                    .with(pixels)
                    .with(SIDE)
                    .withInts(STRIDES)
                    .with(weights)
                    .tensor(scope)
                    .toFloatArray();
        }
    }

    @Override
    public void close() {
        weights.close();
        script.close();
    }
}
