package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * APG, guidance against too strong colours: what moves the prediction with the prompt along itself, which mostly makes it larger,
 * is left out or made less.
 *
 * @see <a href="https://arxiv.org/abs/2410.02416">Sadat et al., Eliminating Oversaturation and Artifacts of High Guidance Scales
 *     in Diffusion Models</a>
 */
public final class ProjectedGuidance implements GuidanceRule {
    private static final int[] ALL_BUT_BATCH = {1, 2, 3, 4};

    private final double parallel;
    private final double momentum;
    private final double maxNorm;
    private final NDManager run;
    private @Nullable NDArray average;

    /**
     * Creates a rule, without momentum yet.
     *
     * @param parallel share of the parallel part that is kept; 1 for all
     * @param momentum weight of the differences of earlier steps; negative to move away from them, 0 for none
     * @param maxNorm what the norm of the difference is scaled down to; 0 for no limit
     * @param run owns the momentum
     */
    public ProjectedGuidance(double parallel, double momentum, double maxNorm, NDManager run) {
        this.parallel = parallel;
        this.momentum = momentum;
        this.maxNorm = maxNorm;
        this.run = run;
    }

    @Override
    public NDArray combine(NDArray with, NDArray without, double scale, Level level, NDManager scope) {
        try (NDManager work = scope.newSubManager()) {
            with.tempAttach(work);
            without.tempAttach(work);
            NDArray difference = averaged(with.sub(without));
            if (maxNorm > 0) {
                difference = difference.mul(limit(norm(difference)));
            }
            NDArray direction = with.toType(DataType.FLOAT64, true);
            direction = direction.div(norm(direction).maximum(1e-12));
            NDArray exact = difference.toType(DataType.FLOAT64, true);
            NDArray along = direction.mul(exact.mul(direction).sum(ALL_BUT_BATCH, true));
            NDArray update = exact.sub(along).add(along.mul(parallel)).toType(DataType.FLOAT32, true);
            NDArray guided = without.add(update.mul(scale));
            guided.attach(scope);
            return guided;
        }
    }

    private NDArray averaged(NDArray difference) {
        if (momentum == 0) {
            return difference;
        }
        @Nullable NDArray before = average;
        NDArray now = before == null ? difference : difference.add(before.mul(momentum));
        NDArray kept = now.duplicate();
        kept.attach(run);
        if (before != null) {
            before.close();
        }
        average = kept;
        return now;
    }

    /** What scales a norm down to the largest one; at most 1. */
    private NDArray limit(NDArray norm) {
        return norm.maximum(maxNorm).pow(-1).mul(maxNorm);
    }

    private static NDArray norm(NDArray array) {
        return array.square().sum(ALL_BUT_BATCH, true).sqrt();
    }
}
