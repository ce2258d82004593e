package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.ObjIntConsumer;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.family.wan.dit.TransformerConfig;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.torch.FiniteNumbers;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/** The denoising loop: from noise to latents, step by step, with one expert or two. */
final class Denoiser {
    private static final int TRAINING_TIMESTEPS = 1000;
    private static final String REMEDY =
            "its weights may be damaged (compare their digests with the publisher's), or precision bf16 too narrow (try"
                    + " fp32), or the guidance scale too high";

    private final WanCheckpoint checkpoint;
    private final boolean batchedGuidance;

    Denoiser(WanCheckpoint checkpoint, boolean batchedGuidance) {
        this.checkpoint = checkpoint;
        this.batchedGuidance = batchedGuidance;
    }

    /**
     * Denoises.
     *
     * @param noise (1, z, F, h, w)
     * @param conditioning what to denoise towards
     * @param steps 1 to 1000
     * @param scale of the guidance
     * @param secondScale of the guidance while the second expert works
     * @param monitor asked before each step, told after it
     * @param afterStep is given the latents after each step, and its index
     * @param scope will own the result
     * @return (1, z, F, h, w), normalised
     * @throws GenerationException with {@link GenerationException.Reason#NOT_FINITE} after the step that computed NaN or
     *     infinity
     */
    NDArray denoise(
            NDArray noise,
            Conditioning conditioning,
            int steps,
            double scale,
            double secondScale,
            GenerationMonitor monitor,
            ObjIntConsumer<NDArray> afterStep,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        try (NDManager run = scope.newSubManager();
                NDManager history = run.newSubManager();
                Scheduler scheduler = checkpoint.scheduler().create(steps, history)) {
            float[] timesteps = scheduler.timesteps();
            double boundary = checkpoint.boundaryRatio() * TRAINING_TIMESTEPS;
            Guidance first = new Guidance(checkpoint.transformer(), scale, batchedGuidance, conditioning, run);
            Guidance second = checkpoint
                    .secondTransformer()
                    .map(expert -> new Guidance(expert, secondScale, batchedGuidance, conditioning, run))
                    .orElse(first);
            NDArray positions = checkpoint.transformer().positions(noise.getShape(), run);
            Shape tokens = tokens(checkpoint.transformer(), noise.getShape());

            NDArray latents = noise.duplicate();
            latents.attach(history);
            for (int i = 0; i < steps; i++) {
                monitor.checkCancelled();
                Guidance expert = timesteps[i] >= boundary ? first : second;
                try (NDManager step = run.newSubManager()) {
                    NDArray before = latents;
                    before.attach(step);
                    NDArray input = conditioning.image().input(before, step);
                    NDArray times = conditioning.image().timesteps(timesteps[i], tokens, step);
                    NDArray velocity = expert.velocity(input, times, positions, monitor, step);
                    latents = scheduler.step(i, velocity, before);
                }
                FiniteNumbers.require(latents, expertIn(i, steps, expert == first), REMEDY);
                afterStep.accept(latents, i);
                monitor.progress(new GenerationProgress(Stage.SAMPLING, i + 1, steps));
            }
            NDArray result = conditioning.image().result(latents, history);
            result.attach(scope);
            return result;
        }
    }

    /** For a message: {@code the transformer for low noise levels in step 3 of 8}. */
    private String expertIn(int step, int steps, boolean first) {
        String expert = checkpoint.secondTransformer().isEmpty()
                ? "the transformer"
                : "the transformer " + (first ? "for high noise levels" : "for low noise levels");
        return expert + " in step " + (step + 1) + " of " + steps;
    }

    /** Patches of (frame, row, column). */
    private static Shape tokens(Transformer transformer, Shape latents) {
        TransformerConfig.Patch patch = transformer.config().patch();
        return new Shape(
                latents.get(2) / patch.time(), latents.get(3) / patch.height(), latents.get(4) / patch.width());
    }
}
