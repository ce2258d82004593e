package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Euler's method: follows the velocity in a straight line to the next noise level. Remembers nothing. */
final class FlowMatchEuler implements Scheduler {
    private final NoiseSchedule schedule;
    private final NDManager results;

    FlowMatchEuler(NoiseSchedule schedule, NDManager results) {
        this.schedule = schedule;
        this.results = results;
    }

    @Override
    public float[] timesteps() {
        return schedule.timesteps();
    }

    @Override
    public float[] sigmas() {
        return schedule.sigmas();
    }

    @Override
    public NDArray step(int index, NDArray modelOutput, NDArray sample) {
        schedule.check(index, modelOutput, sample);
        try (NDArray move = modelOutput.mul(schedule.sigma(index + 1) - schedule.sigma(index))) {
            NDArray next = sample.add(move);
            next.attach(results);
            return next;
        }
    }

    @Override
    public void close() {}
}
