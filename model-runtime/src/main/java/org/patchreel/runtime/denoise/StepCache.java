package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.GenerationCancelledException;

/**
 * EasyCache: leaves out passes of a network whose result can be estimated from the last one, which saw latents x₀ and gave the
 * velocity v₀. While the velocity is estimated to have changed little since then, it is taken to be v₀ + (x − x₀). Its change is
 * estimated from how it changed with the latents between the last two passes. Where the field predicts for a batch, the first
 * prediction decides for all.
 *
 * <p>Keeps state: for one run, one network and one window of latents. What is kept has three times the size of the latents, four
 * times for a batch of 2.
 *
 * @see <a href="https://arxiv.org/abs/2507.02860">Zhou et al., Less is Enough: Training-Free Video Diffusion Acceleration via
 *     Runtime-Adaptive Caching</a>
 */
public final class StepCache implements VelocityField {
    private final VelocityField field;
    private final double threshold;
    private final int first;
    private final int last;
    private final NDManager run;

    /** The latents of the step before, left out or not, (1, z, F, h, w). */
    private @Nullable NDArray previous;

    private @Nullable Pass computed;

    /** Change of the velocity for a change of the latents; not a number while it is not known. */
    private double slope = Double.NaN;

    /** Estimated relative change of the velocity since the last computed step. */
    private double error;

    /**
     * A pass of the network.
     *
     * @param input (1, z, F, h, w)
     * @param velocities (B, z, F, h, w)
     */
    private record Pass(NDArray input, NDArray velocities) implements AutoCloseable {
        @Override
        public void close() {
            input.close();
            velocities.close();
        }
    }

    /**
     * Creates a cache, empty.
     *
     * @param field whose predictions are reused; channels of x behind those that it predicts must be the same in every step
     * @param threshold of the estimated relative change of the velocity, above which it is computed
     * @param first step from which on steps may be left out
     * @param last step, which is always computed
     * @param run owns what is kept
     */
    public StepCache(VelocityField field, double threshold, int first, int last, NDManager run) {
        this.field = field;
        this.threshold = threshold;
        this.first = first;
        this.last = last;
        this.run = run;
    }

    @Override
    public NDArray velocity(NDArray x, Level level, NDManager scope) throws GenerationCancelledException {
        @Nullable Pass known = computed;
        try (NDManager work = scope.newSubManager()) {
            NDArray velocities;
            if (known != null && reusable(known, x, level)) {
                velocities = latents(x, known.velocities, work).sub(known.input).add(known.velocities);
            } else {
                velocities = field.velocity(x, level, work);
                remember(new Pass(kept(latents(x, velocities, work)), kept(velocities)));
            }
            NDArray seen = kept(latents(x, velocities, work));
            if (previous != null) {
                previous.close();
            }
            previous = seen;
            velocities.attach(scope);
            return velocities;
        }
    }

    /** Adds to the error what this step changes. */
    private boolean reusable(Pass known, NDArray x, Level level) {
        if (previous == null || level.step() < first || level.step() >= last) {
            return false;
        }
        try (NDManager work = run.newSubManager()) {
            NDArray latents = latents(x, known.velocities, work);
            double size = mean(decisive(known.velocities, work), work);
            error += slope * distance(latents, previous, work) / size;
        }
        return error < threshold; // false for what is not a number
    }

    private void remember(Pass now) {
        error = 0;
        @Nullable Pass before = computed;
        if (before != null) {
            try (NDManager work = run.newSubManager()) {
                slope = distance(decisive(now.velocities, work), decisive(before.velocities, work), work)
                        / distance(now.input, before.input, work);
            }
            before.close();
        }
        computed = now;
    }

    private NDArray kept(NDArray array) {
        NDArray copy = array.duplicate();
        copy.attach(run);
        return copy;
    }

    /** The channels of x that the network predicts. */
    private static NDArray latents(NDArray x, NDArray velocities, NDManager work) {
        NDArray latents = x.get(":, :" + velocities.getShape().get(1));
        latents.attach(work);
        return latents;
    }

    private static NDArray decisive(NDArray velocities, NDManager work) {
        NDArray first = velocities.get("0:1");
        first.attach(work);
        return first;
    }

    private static double distance(NDArray one, NDArray other, NDManager work) {
        NDArray difference = one.sub(other);
        difference.attach(work);
        return mean(difference, work);
    }

    /** Of the absolute values. */
    private static double mean(NDArray array, NDManager work) {
        NDArray sizes = array.abs();
        sizes.attach(work);
        try (NDArray mean = sizes.mean()) {
            return mean.toFloatArray()[0];
        }
    }
}
