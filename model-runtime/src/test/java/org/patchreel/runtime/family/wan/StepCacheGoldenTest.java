package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.runtime.denoise.BatchedPass;
import org.patchreel.runtime.denoise.Denoiser;
import org.patchreel.runtime.denoise.Guidance;
import org.patchreel.runtime.denoise.Start;
import org.patchreel.runtime.denoise.StepCache;
import org.patchreel.runtime.denoise.TwoPasses;
import org.patchreel.runtime.denoise.VelocityField;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.sampler.SchedulerConfig;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.spi.GenerationMonitor;

/** EasyCache against its authors' rule: which steps are computed, exactly, and the latents. Tolerance: that of the vectors. */
class StepCacheGoldenTest {
    private static final double TOLERANCE = 2e-3;

    @ParameterizedTest
    @CsvSource({"easy.0, false", "easy.0, true", "easy.1, false", "easy.1, true"})
    void leavesOutTheStepsThatTheReferenceLeavesOut(String name, boolean batched) throws Exception {
        try (Golden golden = Golden.open("step_cache");
                Transformer transformer = Transformer.load(golden.folder().resolve("transformer"), Placement.CPU)) {
            NDManager scope = golden.manager();
            JsonNode meta = golden.meta();
            JsonNode run = meta.path("runs").path(name);
            int steps = meta.path("num_inference_steps").asInt();
            NDArray noise = golden.tensor("in.latents");
            NDArray positions = transformer.positions(noise.getShape(), 0, scope);
            Transformer.Context prompt =
                    transformer.context(golden.tensor("in.prompt_embeds"), Optional.empty(), scope);
            Transformer.Context negative =
                    transformer.context(golden.tensor("in.negative_prompt_embeds"), Optional.empty(), scope);
            VelocityField predictions = batched
                    ? new BatchedPass(field(transformer, prompt.batchedWith(negative), positions))
                    : new TwoPasses(field(transformer, prompt, positions), field(transformer, negative, positions));
            List<Integer> computed = new ArrayList<>();
            StepCache cache = new StepCache(
                    (x, level, work) -> {
                        computed.add(level.step());
                        return predictions.velocity(x, level, work);
                    },
                    run.path("threshold").asDouble(),
                    run.path("retain_steps").asInt(),
                    steps - 1,
                    scope);
            try (Scheduler scheduler = SchedulerConfig.read(golden.folder().resolve("scheduler"), TimestepGrid.CURRENT)
                    .create(steps, scope)) {
                NDArray latents = Denoiser.run(
                        Start.fromNoise(noise),
                        scheduler,
                        new Guidance(cache, meta.path("guidance_scale").asDouble()),
                        (level, x) -> assertClose(
                                "latents after step " + level.step(),
                                golden.tensor(name + ".mid.latents_after_step").get(level.step()),
                                x,
                                TOLERANCE),
                        scope);
                assertClose("latents", golden.tensor(name + ".out.latents"), latents, TOLERANCE);
            }
            List<Integer> expected = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                if (run.path("computed").path(step).asBoolean()) {
                    expected.add(step);
                }
            }
            assertEquals(expected, computed);
        }
    }

    private static VelocityField field(Transformer transformer, Transformer.Context context, NDArray positions) {
        return new TransformerField(transformer, context, positions, GenerationMonitor.UNWATCHED);
    }
}
