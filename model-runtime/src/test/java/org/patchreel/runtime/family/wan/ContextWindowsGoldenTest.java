package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.patchreel.runtime.denoise.ContextWindows;
import org.patchreel.runtime.denoise.Denoiser;
import org.patchreel.runtime.denoise.Guidance;
import org.patchreel.runtime.denoise.Level;
import org.patchreel.runtime.denoise.Start;
import org.patchreel.runtime.denoise.TwoPasses;
import org.patchreel.runtime.denoise.VelocityField;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.sampler.SchedulerConfig;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.spi.GenerationMonitor;

/** Clips that are longer than what the model sees. Tolerances: those of the vectors' authors. */
class ContextWindowsGoldenTest {

    private static final int LENGTH = 4;
    private static final int OVERLAP = 2;

    @Test
    void samplesAClipInOverlappingWindows() throws Exception {
        try (Golden golden = Golden.open("context_windows");
                Transformer transformer = Transformer.load(golden.folder().resolve("transformer"), Placement.CPU)) {
            NDManager scope = golden.manager();
            JsonNode meta = golden.meta();
            NDArray noise = golden.tensor("in.noise");
            Shape window = new Shape(1, noise.getShape().get(1), LENGTH, 4, 6);
            NDArray positions = transformer.positions(window, 0, scope);
            VelocityField field = new ContextWindows(
                    new Guidance(
                            new TwoPasses(
                                    field(transformer, golden.tensor("in.prompt_embeds"), positions, scope),
                                    field(transformer, golden.tensor("in.negative_prompt_embeds"), positions, scope)),
                            meta.path("guidance_scale").asDouble()),
                    LENGTH,
                    OVERLAP,
                    0);
            try (Scheduler scheduler = SchedulerConfig.read(golden.folder().resolve("scheduler"), TimestepGrid.CURRENT)
                    .create(meta.path("num_inference_steps").asInt(), scope)) {
                NDArray latents = Denoiser.run(
                        Start.fromNoise(noise),
                        scheduler,
                        field,
                        (level, x) -> assertClose(
                                "latents after step " + level.step(),
                                golden.tensor("static_pyramid.mid.latents_after_step")
                                        .get(level.step()),
                                x,
                                1e-3),
                        scope);
                assertClose("latents", golden.tensor("static_pyramid.out.latents"), latents, 1e-3);
            }
        }
    }

    private static VelocityField field(Transformer transformer, NDArray prompt, NDArray positions, NDManager scope) {
        return new TransformerField(
                transformer,
                transformer.context(prompt, Optional.empty(), scope),
                positions,
                GenerationMonitor.UNWATCHED);
    }

    @Test
    void mixesPredictionsByTheirPlaceInTheWindow() throws Exception {
        try (Golden golden = Golden.open("context_windows")) {
            Deque<NDArray> predictions = new ArrayDeque<>();
            NDArray given = golden.tensor("blend.in.predictions");
            for (int i = 0; i < given.getShape().get(0); i++) {
                predictions.add(given.get(i));
            }
            ContextWindows windows = new ContextWindows(
                    (x, level, scope) -> {
                        NDArray next = predictions.remove();
                        next.attach(scope);
                        return next;
                    },
                    LENGTH,
                    OVERLAP,
                    0);
            NDArray blended = windows.velocity(golden.tensor("in.noise"), new Level(0, 1000), golden.manager());
            assertClose("blend", golden.tensor("blend.out.pyramid"), blended, 1e-5);
        }
    }

    @Test
    void choosesTheWindowsOfTheReference() throws Exception {
        JsonNode schedules = new ObjectMapper()
                .readTree(Files.readString(Golden.root().resolve("context_windows/schedules.json")))
                .path("schedules");
        int compared = 0;
        for (JsonNode each : schedules) {
            if (each.path("schedule").asText().equals("static_standard")) {
                ContextWindows windows = new ContextWindows(
                        (x, level, scope) -> x,
                        each.path("length").asInt(),
                        each.path("overlap").asInt(),
                        0);
                List<Integer> expected = new ArrayList<>();
                each.path("windows")
                        .forEach(window -> expected.add(window.get(0).asInt()));
                assertEquals(expected, windows.starts(each.path("frames").asInt()), each.toString());
                compared++;
            }
        }
        assertEquals(true, compared > 0);
    }

    @Test
    void tellsEachWindowWhichOfItsFramesAreClean() throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            Deque<Set<Integer>> seen = new ArrayDeque<>();
            ContextWindows windows = new ContextWindows(
                    (x, level, scope) -> {
                        seen.add(level.cleanFrames());
                        return x.mul(1);
                    },
                    3,
                    1,
                    0);
            NDArray x = manager.create(new float[] {1, 2, 3, 4, 5}, new Shape(1, 1, 5, 1, 1));
            assertArrayEquals(
                    new float[] {1, 2, 3, 4, 5},
                    windows.velocity(x, new Level(0, 500, Set.of(0, 3)), manager)
                            .toFloatArray());
            assertEquals(List.of(Set.of(0), Set.of(1)), List.copyOf(seen));
        }
    }

    @Test
    void showsEachWindowTheLeadingFramesAndGivesThemTheMeanOfWhatIsPredicted() throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            Deque<float[]> seen = new ArrayDeque<>();
            Deque<Set<Integer>> clean = new ArrayDeque<>();
            ContextWindows windows = new ContextWindows(
                    (x, level, scope) -> {
                        seen.add(x.toFloatArray());
                        clean.add(level.cleanFrames());
                        NDArray predicted = x.add(seen.size() - 1);
                        predicted.attach(scope);
                        return predicted;
                    },
                    3,
                    1,
                    2);
            NDArray x = manager.create(new float[] {-2, -1, 1, 2, 3, 4, 5}, new Shape(1, 1, 7, 1, 1));
            float[] velocity = windows.velocity(x, new Level(0, 500, Set.of(1, 2, 5)), manager)
                    .toFloatArray();
            assertArrayEquals(new float[] {-2, -1, 1, 2, 3}, seen.remove());
            assertArrayEquals(new float[] {-2, -1, 3, 4, 5}, seen.remove());
            assertEquals(List.of(Set.of(1, 2), Set.of(1, 3)), List.copyOf(clean));
            assertArrayEquals(new float[] {-1.5f, -0.5f, 1, 2, 3.5f, 5, 6}, velocity, 1e-6f);
        }
    }

    @Test
    void refusesWindowsThatDoNotMove() {
        assertThrows(IllegalArgumentException.class, () -> new ContextWindows((x, level, scope) -> x, 4, 4, 0));
    }
}
