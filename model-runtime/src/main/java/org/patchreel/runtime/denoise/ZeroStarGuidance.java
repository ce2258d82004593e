package org.patchreel.runtime.denoise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * CFG-Zero*: the prediction without the prompt is scaled to fit the one with it, and the first steps, in which a network is
 * worse than no prediction at all, change nothing.
 *
 * @param zeroSteps of the schedule that change nothing
 * @see <a href="https://arxiv.org/abs/2503.18886">Fan et al., CFG-Zero*: Improved Classifier-Free Guidance for Flow Matching
 *     Models</a>
 */
public record ZeroStarGuidance(int zeroSteps) implements GuidanceRule {

    /** As in diffusers. */
    private static final double EPSILON = 1e-8;

    @Override
    public NDArray combine(NDArray with, NDArray without, double scale, Level level, NDManager scope) {
        try (NDManager work = scope.newSubManager()) {
            with.tempAttach(work);
            without.tempAttach(work);
            NDArray guided;
            if (level.step() < zeroSteps) {
                guided = with.zerosLike();
            } else {
                NDArray fit =
                        total(with.mul(without)).div(total(without.square()).add(EPSILON));
                NDArray fitted = without.mul(fit);
                guided = fitted.add(with.sub(fitted).mul(scale));
            }
            guided.attach(scope);
            return guided;
        }
    }

    /** Over everything but the batch. */
    private static NDArray total(NDArray array) {
        return array.sum(new int[] {1, 2, 3, 4}, true);
    }
}
