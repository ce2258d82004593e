package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.model.CheckpointModel;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.model.SampleTask;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoFrame;

/** Frames that are known before sampling: what a model cannot take is refused, and what it takes has an effect. */
class KnownFramesOfTasksTest {

    private static final ModelTask TASK =
            SampleTask.of("a cat", "", new VideoFormat(64, 32, 5, 24), new SamplingParameters(1, 1, 1));

    @TempDir
    private Path folder;

    @Test
    void aModelOfTextTakesNone() throws Exception {
        try (CheckpointModel model = model("pipeline_t2v_unipc", ImageConditioning.NONE)) {
            refuses("model m takes no image", model, known(0, 0));
        }
    }

    @Test
    void aModelThatCanStartFromAnImageTakesFramesAnywhere() throws Exception {
        try (CheckpointModel model = model("pipeline_ti2v5b_t2v", ImageConditioning.OPTIONAL)) {
            byte[] free = frames(model);
            for (int index : List.of(0, 3, 4)) {
                byte[] dark = frames(model, known(index, 0));
                assertFalse(Arrays.equals(free, dark), "frame " + index + " has no effect");
                assertFalse(Arrays.equals(dark, frames(model, known(index, 255))), "its colour has no effect");
                assertArrayEquals(dark, frames(model, known(index, 0)));
            }
            assertFalse(Arrays.equals(frames(model, known(0, 0)), frames(model, known(0, 0), known(4, 255))));
            refuses(
                    "frame 2 cannot be given beside frames 0 and 4: the model knows every 4th frame",
                    model,
                    known(0, 0),
                    known(2, 0),
                    known(4, 0));
        }
    }

    @Test
    void aModelThatNeedsAnImageIsNotRunWithoutOne() throws Exception {
        try (CheckpointModel model = model("pipeline_i2v_a14b", ImageConditioning.REQUIRED)) {
            refuses("model m needs a first frame, none is given", model);
            refuses("model m needs a first frame, none is given", model, known(4, 0));
            assertFalse(Arrays.equals(frames(model, known(0, 0)), frames(model, known(0, 0), known(4, 255))));
        }
    }

    private static byte[] frames(CheckpointModel model, KnownFrame... known) throws Exception {
        RecordingSink sink = new RecordingSink();
        model.generate(SampleTask.knowing(TASK, known), sink, GenerationMonitor.UNWATCHED);
        assertEquals(TASK.format().frameCount(), sink.count());
        return sink.bytes();
    }

    private static void refuses(String message, CheckpointModel model, KnownFrame... known) {
        GenerationException refusal = assertThrows(GenerationException.class, () -> frames(model, known));
        assertEquals(message, refusal.getMessage());
        assertEquals(Reason.UNSUPPORTED, refusal.reason());
    }

    private static KnownFrame known(int index, int level) {
        byte[] rgb = new byte[3 * TASK.format().width() * TASK.format().height()];
        Arrays.fill(rgb, (byte) level);
        return new KnownFrame(
                index,
                new VideoFrame(
                        TASK.format().width(),
                        TASK.format().height(),
                        ByteBuffer.allocateDirect(rgb.length).put(rgb).flip()));
    }

    private CheckpointModel model(String checkpoint, ImageConditioning kind) throws IOException {
        CheckpointModel model = Miniatures.model(checkpoint, folder);
        assertEquals(kind, model.descriptor().capabilities().orElseThrow().imageConditioning());
        return model;
    }
}
