package org.patchreel.runtime.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The multistep predictor-corrector of <a href="https://arxiv.org/abs/2302.04867">Zhao et al., UniPC</a>, for x₀
 * prediction. A step corrects the sample that the step before predicted (UniC, algorithm 3), with the network's output at
 * it, which is there anyway, and predicts the next one from that (UniP, algorithm 4).
 */
final class UniPc implements Scheduler {
    private final UniPcConfig config;
    private final NoiseSchedule schedule;
    private final UniPcFormula formula;
    private final NDManager results;
    private final NDManager history;

    /** x₀ as estimated in the last steps, newest first, at most as many as the order. */
    private final Deque<NDArray> estimates = new ArrayDeque<>();

    /** What the last prediction started from. */
    private @Nullable NDArray lastSample;

    private int lastIndex;
    private int lastOrder;

    UniPc(UniPcConfig config, NoiseSchedule schedule, NDManager results) {
        this.config = config;
        this.schedule = schedule;
        this.formula = new UniPcFormula(schedule, config.solverType());
        this.results = results;
        this.history = results.newSubManager();
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
        if (lastSample != null && index != lastIndex + 1) {
            throw new IllegalArgumentException("step " + index + " cannot follow step " + lastIndex);
        }
        NDArray estimate = estimate(index, modelOutput, sample);
        NDArray corrected = corrected(index, estimate, sample);
        remember(estimate, corrected);

        int order = estimates.size();
        if (config.lowerOrderFinal()) {
            order = Math.min(order, schedule.steps() - index);
        }
        NDArray next = combine(formula.predictor(index, order), corrected, null);
        next.attach(results);
        lastIndex = index;
        lastOrder = order;
        return next;
    }

    private NDArray estimate(int index, NDArray modelOutput, NDArray sample) {
        try (NDArray noise = modelOutput.mul(schedule.sigma(index))) {
            NDArray estimate = sample.sub(noise);
            estimate.attach(history);
            return estimate;
        }
    }

    private NDArray corrected(int index, NDArray estimate, NDArray sample) {
        NDArray corrected = lastSample == null || config.uncorrectedSteps().contains(lastIndex)
                ? sample.duplicate()
                : combine(formula.corrector(index, lastOrder), lastSample, estimate);
        corrected.attach(history);
        return corrected;
    }

    private void remember(NDArray estimate, NDArray sample) {
        if (lastSample != null) {
            lastSample.close();
        }
        lastSample = sample;
        estimates.addFirst(estimate);
        if (estimates.size() > config.solverOrder()) {
            estimates.removeLast().close();
        }
    }

    /** Applies a formula to the sample it starts from, the remembered estimates and, for the corrector, the newest one. */
    private NDArray combine(UniPcFormula.Weights weights, NDArray sample, @Nullable NDArray target) {
        NDArray sum = sample.mul((float) weights.sample());
        int k = 0;
        for (NDArray estimate : estimates) {
            if (k == weights.order()) {
                break;
            }
            sum = plus(sum, (float) weights.estimate(k++), estimate);
        }
        return target == null ? sum : plus(sum, (float) weights.target(), target);
    }

    private static NDArray plus(NDArray sum, float weight, NDArray term) {
        try (sum;
                NDArray weighted = term.mul(weight)) {
            return sum.add(weighted);
        }
    }

    @Override
    public void close() {
        history.close();
    }
}
