package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Denoising;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.StepCache;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.DenoisingOptions;
import org.patchreel.runtime.family.GuidanceOptions;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.SamplingChoice;
import org.patchreel.runtime.family.StepCaching;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;

/** The starter with options of its denoising. Random weights will not do: what they predict changes too much. */
class DenoisingOptionsTest {

    private static final Path STARTER = Path.of("../models/starter/checkpoint");
    private static final DenoisingOptions FAST = new DenoisingOptions(StepCaching.FAST, GuidanceOptions.AUTHORS);

    /** Counts what is asked before each layer of a network. */
    private static final class Passes implements GenerationMonitor {
        private final List<String> notes = new ArrayList<>();
        private int asked;

        @Override
        public void progress(GenerationProgress progress) {}

        @Override
        public boolean cancelled() {
            asked++;
            return false;
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3})
    void fewerPassesGiveAnotherClipTheSameOneEachTime(double guidanceScale) throws Exception {
        ModelTask task = SampleTask.of(
                "a red ball on grass", "", new VideoFormat(96, 96, 1, 8), new SamplingParameters(1, 20, guidanceScale));
        Passes all = new Passes();
        byte[] computed = frames(DenoisingOptions.AUTHORS, task, all);
        assertEquals(List.of(), all.notes);
        Passes some = new Passes();
        byte[] reused = frames(FAST, task, some);
        assertTrue(some.asked < 0.8 * all.asked, some.asked + " of " + all.asked);
        assertFalse(Arrays.equals(computed, reused), "nothing was reused");
        assertArrayEquals(reused, frames(FAST, task, new Passes()));
        assertEquals(List.of("predictions were reused by later steps (step cache fast)"), some.notes);
        ModelTask chosen = SampleTask.of(
                task.prompt(),
                "",
                task.format(),
                new SamplingParameters(
                        1, 20, guidanceScale, new Denoising(Optional.of(StepCache.FAST), Optional.empty())));
        assertArrayEquals(reused, frames(DenoisingOptions.AUTHORS, chosen, new Passes()), "chosen by the request");
    }

    @Test
    void everyKindOfGuidanceMakesAClipOfItsOwnAndSaysSo() throws Exception {
        ModelTask task = SampleTask.of(
                "a red ball on grass", "", new VideoFormat(96, 96, 1, 8), new SamplingParameters(1, 4, 4));
        Map<GuidanceMode, List<String>> expected = Map.of(
                GuidanceMode.CFG, List.of(),
                GuidanceMode.CFG_ZERO_STAR, List.of("the clip was guided by CFG-Zero*"),
                GuidanceMode.APG, List.of("the clip was guided by APG"));
        Set<ByteBuffer> clips = new HashSet<>();
        for (GuidanceMode kind : GuidanceMode.values()) {
            Passes passes = new Passes();
            clips.add(ByteBuffer.wrap(frames(guided(kind, 0, 100), task, passes)));
            assertEquals(expected.get(kind), passes.notes);
        }
        assertEquals(GuidanceMode.values().length, clips.size());
    }

    @Test
    void whatARequestChoosesCountsBeforeTheConfiguration() {
        DenoisingOptions configured =
                new DenoisingOptions(StepCaching.FAST, new GuidanceOptions(GuidanceMode.APG, 10, 90));
        assertEquals(configured, configured.with(Denoising.DEFAULT));
        assertEquals(
                new DenoisingOptions(StepCaching.OFF, new GuidanceOptions(GuidanceMode.CFG, 10, 90)),
                configured.with(new Denoising(Optional.of(StepCache.OFF), Optional.of(GuidanceMode.CFG))));
        for (StepCache cache : StepCache.values()) {
            assertEquals(
                    cache.name(),
                    configured
                            .with(new Denoising(Optional.of(cache), Optional.empty()))
                            .stepCaching()
                            .name());
        }
    }

    @Test
    void withoutGuidanceItsKindChangesNothing() throws Exception {
        ModelTask task = SampleTask.of(
                "a red ball on grass", "", new VideoFormat(96, 96, 1, 8), new SamplingParameters(1, 2, 1));
        Passes passes = new Passes();
        assertArrayEquals(
                frames(DenoisingOptions.AUTHORS, task, new Passes()),
                frames(guided(GuidanceMode.APG, 10, 20), task, passes));
        assertEquals(List.of(), passes.notes);
    }

    @Test
    void guidanceInHalfOfTheStepsMakesAnotherClipAndSaysSo() throws Exception {
        ModelTask task = SampleTask.of(
                "a red ball on grass", "", new VideoFormat(96, 96, 1, 8), new SamplingParameters(1, 4, 4));
        Passes half = new Passes();
        byte[] partly = frames(guided(GuidanceMode.CFG, 0, 50), task, half);
        assertFalse(Arrays.equals(frames(DenoisingOptions.AUTHORS, task, new Passes()), partly), "it is the same");
        assertEquals(List.of("the clip was guided from 0 to 50 % of the steps"), half.notes);
    }

    private static DenoisingOptions guided(GuidanceMode kind, int from, int until) {
        return new DenoisingOptions(StepCaching.OFF, new GuidanceOptions(kind, from, until));
    }

    private static byte[] frames(DenoisingOptions denoising, ModelTask task, GenerationMonitor monitor)
            throws Exception {
        RuntimeOptions options = new RuntimeOptions(
                "cpu", Precision.FP32, TimestepGrid.CURRENT, true, Optional.empty(), denoising, SamplingChoice.NONE);
        try (CheckpointModel model = new CheckpointModel(
                "m", STARTER, "test", options, new ModelFamilies(List.of(new WanFamily())), new ResidentSlot())) {
            RecordingSink sink = new RecordingSink();
            model.generate(task, Optional.empty(), sink, monitor);
            return sink.bytes();
        }
    }
}
