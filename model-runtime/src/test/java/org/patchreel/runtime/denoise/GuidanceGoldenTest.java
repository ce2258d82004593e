package org.patchreel.runtime.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.patchreel.runtime.golden.Golden;

/** Guidance against diffusers' guiders, three steps of a batch of 2. Tolerance: that of the vectors. */
class GuidanceGoldenTest {

    @Test
    void plainGuidanceIsThatOfTheReference() throws Exception {
        compare("cfg", (meta, run) -> GuidanceRule.PLAIN);
    }

    @Test
    void zeroStarFitsThePredictionWithoutThePromptAndLeavesTheFirstStepOut() throws Exception {
        compare(
                "zero_star",
                (meta, run) ->
                        new ZeroStarGuidance(meta.path("zero_star_zero_steps").asInt()));
    }

    @Test
    void apgWithAllItsPartsIsThatOfTheReference() throws Exception {
        compare("apg_full", (meta, run) -> {
            JsonNode apg = meta.path("apg_full");
            return new ProjectedGuidance(
                    apg.path("eta").asDouble(),
                    apg.path("momentum").asDouble(),
                    apg.path("norm_threshold").asDouble(),
                    run);
        });
    }

    @Test
    void apgWithoutTheParallelPartIsThatOfTheReference() throws Exception {
        compare("apg_eta0", (meta, run) -> new ProjectedGuidance(0, 0, 0, run));
    }

    @Test
    void apgThatLeavesNothingOutIsPlainGuidance() throws Exception {
        compare("apg_plain", (meta, run) -> new ProjectedGuidance(1, 0, 0, run));
    }

    @FunctionalInterface
    private interface Rules {
        GuidanceRule of(JsonNode meta, NDManager run);
    }

    private static void compare(String name, Rules rules) throws Exception {
        try (Golden golden = Golden.open("guidance");
                NDManager run = golden.manager().newSubManager()) {
            GuidanceRule rule = rules.of(golden.meta(), run);
            double scale = golden.meta().path("guidance_scale").asDouble();
            double tolerance = golden.meta().path("tolerance").asDouble();
            for (int step = 0; step < 3; step++) {
                try (NDManager scope = run.newSubManager()) {
                    NDArray guided = rule.combine(
                            golden.tensor("in.cond").get(step),
                            golden.tensor("in.uncond").get(step),
                            scale,
                            new Level(step, 500),
                            scope);
                    assertClose(name + " " + step, golden.tensor(name + ".out").get(step), guided, tolerance);
                    assertEquals(List.of(guided), scope.getManagedArrays(), "what is left in the scope of a step");
                }
            }
        }
    }

    @Test
    void stepsOutsideOfTheIntervalAreNotGuided() throws Exception {
        try (NDManager scope = NDManager.newBaseManager()) {
            VelocityField field = new GuidanceInterval((x, level, s) -> x.mul(2), (x, level, s) -> x.mul(1), 1, 3);
            float[] factors = new float[5];
            for (int step = 0; step < 5; step++) {
                NDArray x = scope.create(new float[] {1}, new Shape(1, 1, 1, 1, 1));
                factors[step] = field.velocity(x, new Level(step, 500), scope).toFloatArray()[0];
            }
            assertArrayEquals(new float[] {1, 2, 2, 1, 1}, factors);
        }
    }
}
