package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.DenoisingOptions;
import org.patchreel.runtime.family.ModelFamilies;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.StepCaching;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.model.ResidentSlot;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;

/** The starter with reuse of predictions. Random weights will not do: what they predict changes too much. */
class StepCachingTest {

    private static final Path STARTER = Path.of("../models/starter/checkpoint");

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
        byte[] computed = frames(StepCaching.OFF, task, all);
        assertEquals(List.of(), all.notes);
        Passes some = new Passes();
        byte[] reused = frames(StepCaching.FAST, task, some);
        assertTrue(some.asked < 0.8 * all.asked, some.asked + " of " + all.asked);
        assertFalse(Arrays.equals(computed, reused), "nothing was reused");
        assertArrayEquals(reused, frames(StepCaching.FAST, task, new Passes()));
        assertEquals(List.of("predictions were reused by later steps (step cache fast)"), some.notes);
    }

    private static byte[] frames(StepCaching level, ModelTask task, GenerationMonitor monitor) throws Exception {
        RuntimeOptions options = new RuntimeOptions(
                "cpu", Precision.FP32, TimestepGrid.CURRENT, true, Optional.empty(), new DenoisingOptions(level));
        try (CheckpointModel model = new CheckpointModel(
                "m", STARTER, "test", options, new ModelFamilies(List.of(new WanFamily())), new ResidentSlot())) {
            RecordingSink sink = new RecordingSink();
            model.generate(task, Optional.empty(), sink, monitor);
            return sink.bytes();
        }
    }
}
