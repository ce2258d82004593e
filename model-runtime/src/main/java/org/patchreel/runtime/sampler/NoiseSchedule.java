package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** The noise levels of one run, the final 0 included, and the times that the transformer is told for them. */
final class NoiseSchedule {
    private static final int MAX_STEPS = 1000;

    private final float[] sigmas;
    private final float[] timesteps;

    /** Takes the levels before the final 0 and as many timesteps. */
    NoiseSchedule(float[] levels, float[] timesteps) {
        this.sigmas = new float[levels.length + 1];
        System.arraycopy(levels, 0, sigmas, 0, levels.length);
        this.timesteps = timesteps.clone();
        for (int i = 0; i < levels.length; i++) {
            if (!(sigmas[i] > sigmas[i + 1])) {
                throw new IllegalArgumentException("too many steps for this schedule: of " + levels.length + ", step "
                        + i + " would go from noise level " + sigmas[i] + " to " + sigmas[i + 1]);
            }
        }
    }

    static void checkSteps(int steps) {
        if (steps < 1 || steps > MAX_STEPS) {
            throw new IllegalArgumentException("steps must be 1 to " + MAX_STEPS + ": " + steps);
        }
    }

    /** Checks the arguments of a step. */
    void check(int index, NDArray modelOutput, NDArray sample) {
        if (index < 0 || index >= steps()) {
            throw new IllegalArgumentException("step index must be 0 to " + (steps() - 1) + ": " + index);
        }
        if (sample.getDataType() != DataType.FLOAT32 || modelOutput.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException("sample and model output must be float32: " + sample.getDataType() + ", "
                    + modelOutput.getDataType());
        }
        if (!sample.getShape().equals(modelOutput.getShape())) {
            throw new IllegalArgumentException(
                    "model output has shape " + modelOutput.getShape() + ", the sample " + sample.getShape());
        }
    }

    int steps() {
        return timesteps.length;
    }

    float sigma(int index) {
        return sigmas[index];
    }

    float[] sigmas() {
        return sigmas.clone();
    }

    float[] timesteps() {
        return timesteps.clone();
    }
}
