package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.family.ModelSummary;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.wan.WanIndex.Pipeline;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.ModelTask;

class WindowPlanTest {

    private static final FrameGrid WAN = new FrameGrid(16, 4, 81);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aClipOfTheTrainedLengthOrShorterIsMadeWhole(Kind kind) {
        for (int frames : List.of(1, 5, 77, 81)) {
            WindowPlan plan = WindowPlan.of(kind.index(), WAN, frames, false);
            int latent = WAN.latentFrames(frames);
            assertEquals(
                    new WindowPlan(Method.WHOLE, List.of(new WindowPlan.Run(0, latent, 0, false)), latent, 0),
                    plan,
                    frames + " frames");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachLatentFrameIsMadeOnceAndInItsOrder(Kind kind) {
        for (int latent = 2; latent < 300; latent++) {
            WindowPlan plan = WindowPlan.of(kind.index(), WAN, WAN.frames(latent), false);
            int made = 0;
            for (WindowPlan.Run run : plan.runs()) {
                assertEquals(made, run.first() + run.known(), plan.toString());
                assertTrue(run.known() < run.count(), plan.toString());
                made = run.end();
            }
            assertEquals(latent, made);
            assertTrue(plan.length() <= 21, plan.toString());
        }
    }

    @Test
    void rollingWindowsAreOfTheTrainedLength() {
        for (int latent = 22; latent < 300; latent++) {
            for (boolean changes : new boolean[] {false, true}) {
                WindowPlan.of(Kind.ROLLING.index(), WAN, WAN.frames(latent), changes)
                        .runs()
                        .forEach(run -> {
                            assertEquals(!changes && run.first() > 0, run.anchored(), run.toString());
                            assertEquals(21, run.count() + (run.anchored() ? 1 : 0), run.toString());
                        });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 23, 41, 42, 241})
    void chainedWindowsAreAboutAsLong(int latent) {
        List<WindowPlan.Run> runs = WindowPlan.of(Kind.CHAINED.index(), WAN, WAN.frames(latent), false)
                .runs();
        int shortest = runs.stream().mapToInt(WindowPlan.Run::count).min().orElseThrow();
        int longest = runs.stream().mapToInt(WindowPlan.Run::count).max().orElseThrow();
        assertTrue(longest - shortest <= 1, runs.toString());
        assertEquals((latent - 2) / 20 + 1, runs.size());
    }

    @Test
    void sumsItUpInFrames() {
        SamplingParameters guided = new SamplingParameters(1, 50, 5);
        assertEquals(
                new SamplingPlan(Method.BLENDED, 16, 81, 24, 50, 1600),
                WindowPlan.of(Kind.BLENDED.index(), WAN, 961, false).summary(WAN, guided));
        assertEquals(
                new SamplingPlan(Method.CHAINED, 12, 81, 1, 50, 1200),
                WindowPlan.of(Kind.CHAINED.index(), WAN, 961, false).summary(WAN, guided));
        assertEquals(
                new SamplingPlan(Method.WHOLE, 1, 41, 0, 50, 50),
                WindowPlan.of(Kind.BLENDED.index(), WAN, 41, false).summary(WAN, new SamplingParameters(1, 50, 1)));
    }

    @Test
    void aMinuteOfTheStarterIsMadeInWindowsOfItsTrainedLength() {
        FrameGrid starter = new FrameGrid(16, 4, 17);
        SamplingPlan plan = WindowPlan.of(Kind.ROLLING.index(), starter, 481, false)
                .summary(starter, new SamplingParameters(1, 8, 1));
        assertEquals(Method.ROLLING, plan.method());
        assertEquals(17, plan.windowFrames());
        assertEquals(plan.windows() * 8, plan.passes());
        int latentFramesOfAWindow = 5 - plan.overlapFrames() / 4;
        assertEquals((121 - 5 + latentFramesOfAWindow - 1) / latentFramesOfAWindow + 1, plan.windows());
    }

    @Test
    void aNetworkForPicturesHasNoWindows() {
        FrameGrid pictures = new FrameGrid(16, 4, 1);
        assertEquals(
                Method.WHOLE,
                WindowPlan.of(Kind.ROLLING.index(), pictures, 9, false).method());
        assertEquals(
                3,
                WindowPlan.of(Kind.ROLLING.index(), pictures, 9, false)
                        .runs()
                        .get(0)
                        .count());
    }

    private enum Kind {
        ROLLING(Pipeline.TEXT_TO_VIDEO, true),
        CHAINED(Pipeline.IMAGE_TO_VIDEO, false),
        BLENDED(Pipeline.TEXT_TO_VIDEO, false);

        private final Pipeline pipeline;
        private final boolean expandTimesteps;

        Kind(Pipeline pipeline, boolean expandTimesteps) {
            this.pipeline = pipeline;
            this.expandTimesteps = expandTimesteps;
        }

        WanIndex index() {
            return new WanIndex(Path.of("checkpoint"), pipeline, OptionalDouble.empty(), expandTimesteps, Map.of());
        }
    }

    @Test
    void aModelOfAFirstAndALastFrameMakesNoLongerClipThanItWasTrainedWith() throws Exception {
        ModelIndex index = ModelIndex.read(Golden.root().resolve("pipeline_flf2v_wan21_clip"));
        WanFamily family = new WanFamily();
        ModelSummary summary = family.describe(index, RuntimeOptions.CPU);
        int longest = summary.grid().windowFrames();
        assertEquals(Method.WHOLE, family.plan(index, summary, task(longest)).method());
        GenerationException refused =
                assertThrows(GenerationException.class, () -> family.plan(index, summary, task(longest + 4)));
        assertEquals(Reason.UNSUPPORTED, refused.reason());
        assertEquals(
                "the model makes frames between a first and a last one, at most " + longest + " with them: "
                        + (longest + 4),
                refused.getMessage());
    }

    private static ModelTask task(int frames) {
        return SampleTask.of("a ball", "", new VideoFormat(64, 64, frames, 16), new SamplingParameters(1, 2, 1));
    }
}
