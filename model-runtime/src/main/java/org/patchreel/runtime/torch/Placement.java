package org.patchreel.runtime.torch;

import ai.djl.Device;

/**
 * Where and in which number type a network runs.
 *
 * @param device a CPU or a CUDA GPU
 * @param precision of the weights and of most of the arithmetic
 */
public record Placement(Device device, Precision precision) {

    /** Number types, by ATen's scalar type number. */
    public enum Precision {
        /** 32-bit floats: the reference, and the fastest on CPUs. */
        FP32(6),
        /** 32-bit floats, and 8-bit integers for the matrices of the transformer's blocks. For CPUs. */
        INT8(6),
        /** 16-bit brain floats; norms, modulation and time embedding stay in 32 bits. For GPUs. */
        BF16(15);

        private final long scalarType;

        Precision(long scalarType) {
            this.scalarType = scalarType;
        }

        int bytes() {
            return this == BF16 ? 2 : 4;
        }

        long scalarType() {
            return scalarType;
        }
    }

    /** The reference: float32 on the CPU. */
    public static final Placement CPU = new Placement(Device.cpu(), Precision.FP32);
}
