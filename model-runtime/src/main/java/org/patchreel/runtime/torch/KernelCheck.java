package org.patchreel.runtime.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the engine's kernels with slow computations in float64, on small inputs of awkward sizes: numbers of channels
 * that fill no vector register, odd heads, one row. Takes a tenth of a second. For one thread at a time.
 *
 * <p>Errors of such kernels depend on what lies in memory that they read without having written it. Blocks that are full
 * of NaN and freed before each comparison make them show.
 */
final class KernelCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelCheck.class);

    /** The convolutions that the autoencoder consists of. */
    enum ConvolutionKind {
        CUBIC,
        FIRST_FRAME,
        POINT,
        TIME,
        HALF_TIME,
        PLANE,
        HALF_PLANE,
        PLANE_POINT;

        private long[] kernel() {
            return switch (this) {
                case CUBIC -> new long[] {3, 3, 3};
                case FIRST_FRAME -> new long[] {1, 3, 3};
                case POINT -> new long[] {1, 1, 1};
                case TIME, HALF_TIME -> new long[] {3, 1, 1};
                case PLANE, HALF_PLANE -> new long[] {3, 3};
                case PLANE_POINT -> new long[] {1, 1};
            };
        }

        private long[] stride() {
            return switch (this) {
                case CUBIC, FIRST_FRAME, POINT, TIME -> new long[] {1, 1, 1};
                case HALF_TIME -> new long[] {2, 1, 1};
                case PLANE, PLANE_POINT -> new long[] {1, 1};
                case HALF_PLANE -> new long[] {2, 2};
            };
        }

        private long[] padding() {
            return switch (this) {
                case CUBIC, FIRST_FRAME -> new long[] {0, 1, 1};
                case POINT, TIME, HALF_TIME -> new long[] {0, 0, 0};
                case PLANE -> new long[] {1, 1};
                case HALF_PLANE, PLANE_POINT -> new long[] {0, 0};
            };
        }

        private long[] extent(int size) {
            return kernel().length == 2 ? new long[] {size, size + 1L} : new long[] {3, size, size + 1L};
        }
    }

    /** What rounding to 7 bits may make of a sum, relative to the sum of its absolute terms. */
    static final float ROUNDING = 0.03f;

    private static final int[] CHANNELS = {3, 12, 20, 36, 60};

    private final Placement placement;
    private final ScriptModule script;
    private final NDManager manager;
    private final NDArray like;

    KernelCheck(Kernels kernels, Placement placement) {
        this.placement = placement;
        this.script = ScriptModule.load("kernel_check.py", "KernelCheck", kernels);
        this.manager = TorchEngine.newManager(placement.device());
        try (ScriptModule conversions = ScriptModule.load("tensors.py", "Tensors", kernels)) {
            this.like = conversions
                    .call("convert")
                    .with(manager.ones(new Shape(1)))
                    .with(placement.precision().scalarType())
                    .tensor(manager);
            warmUp();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** {@return the kernels that give wrong results on this machine, or fail} */
    Set<Kernel> faults() {
        Set<Kernel> faults = EnumSet.noneOf(Kernel.class);
        for (Kernel kernel : Kernel.values()) {
            try {
                if (!isRight(kernel)) {
                    faults.add(kernel);
                }
            } catch (RuntimeException e) {
                // such as bfloat16 on a processor whose vector registers oneDNN has no code for
                LOG.debug("kernel {} failed: {}", kernel.label(), e.getMessage());
                faults.add(kernel);
            }
        }
        return faults;
    }

    private boolean isRight(Kernel kernel) {
        switch (kernel) {
            case CONVOLUTION -> {
                for (ConvolutionKind kind : ConvolutionKind.values()) {
                    for (int channels : CHANNELS) {
                        if (!isRight(convolution(kind, channels, 20, 5))) {
                            return false;
                        }
                    }
                }
                return true;
            }
            case LINEAR -> {
                return isRight(linear(36, 20, 1)) && isRight(linear(60, 12, 7)) && isRight(linear(64, 64, 33));
            }
            case INT8_LINEAR -> {
                // no other precision calls it
                return placement.precision() != Placement.Precision.INT8
                        || (isRounded(int8Linear(36, 20, 1))
                                && isRounded(int8Linear(60, 12, 7))
                                && isRounded(int8Linear(64, 64, 33)));
            }
            case ATTENTION -> {
                return isRight(attention(12, 7, 5, false))
                        && isRight(attention(20, 33, 40, true))
                        && isRight(attention(64, 40, 40, false));
            }
            case LAYER_NORM -> {
                return isRight(layerNorm(20)) && isRight(layerNorm(288));
            }
        }
        throw new IllegalArgumentException("no comparison for " + kernel);
    }

    private boolean isRight(float difference) {
        return difference <= tolerance(); // false for NaN
    }

    private static boolean isRounded(float difference) {
        return difference <= ROUNDING; // false for NaN
    }

    /**
     * Tolerance relative to the largest value: far above rounding (TF32 and bfloat16 included), far below what a wrong
     * kernel gives.
     */
    float tolerance() {
        return placement.precision() != Placement.Precision.BF16
                        && !placement.device().isGpu()
                ? 1e-4f
                : 0.1f;
    }

    /** Largest difference of a convolution, relative to the largest value. */
    float convolution(ConvolutionKind kind, int inputs, int outputs, int size) {
        int padded = (inputs + 15) / 16 * 16;
        int places = kind.kernel().length == 2 ? 1 : 3;
        spoilMemory(padded * places * size * (size + 1), padded * 32 * 9 * places, inputs * places * size * (size + 1));
        return largest(script.call("convolution")
                .with(like)
                .with(inputs)
                .with(outputs)
                .withInts(kind.kernel())
                .withInts(kind.extent(size))
                .withInts(kind.stride())
                .withInts(kind.padding()));
    }

    /** Likewise of a linear layer. */
    float linear(int inputs, int outputs, int rows) {
        spoilMemory(inputs * outputs, inputs * rows, outputs * rows);
        return largest(
                script.call("linear").with(like).with(inputs).with(outputs).with(rows));
    }

    /** Likewise of a linear layer of 8-bit integers, relative to the largest sum of absolute terms. */
    float int8Linear(int inputs, int outputs, int rows) {
        spoilMemory(inputs * outputs, inputs * rows, outputs * rows);
        return largest(
                script.call("int8_linear").with(like).with(inputs).with(outputs).with(rows));
    }

    /** Likewise of attention with heads of a size. */
    float attention(int size, int rows, int keys, boolean masked) {
        spoilMemory(2 * size * rows, 2 * size * keys, 2 * rows * keys);
        return largest(script.call("attention")
                .with(like)
                .with(size)
                .with(rows)
                .with(keys)
                .with(masked));
    }

    /** Likewise of a layer norm. */
    float layerNorm(int size) {
        spoilMemory(5 * size);
        return largest(script.call("layer_norm").with(like).with(size));
    }

    private float largest(ScriptCall call) {
        try (NDManager scope = manager.newSubManager()) {
            return call.tensor(scope).toFloatArray()[0];
        }
    }

    private void spoilMemory(int... counts) {
        for (int count : counts) {
            for (int i = 0; i < 3; i++) {
                try (NDManager scope = manager.newSubManager()) {
                    NDArray freed = scope.full(new Shape(count), Float.NaN, DataType.FLOAT32);
                    freed.detach();
                    freed.close();
                }
            }
        }
    }

    private void warmUp() {
        try (NDManager scope = manager.newSubManager()) {
            script.call("warm_up").with(like).tensor(scope).toFloatArray();
        }
    }

    @Override
    public void close() {
        manager.close();
        script.close();
    }
}
