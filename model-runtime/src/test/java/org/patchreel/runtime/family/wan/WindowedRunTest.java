package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingPlan.Method;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.KeptWindows;
import org.patchreel.runtime.family.wan.vae.VideoAutoencoder;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.model.RecordingSink;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.spi.GenerationMonitor;

/** What a clip in windows holds in native memory. */
class WindowedRunTest {

    /** 5 windows of 3 latent frames, of which the last is the first of the next. */
    private static final WindowPlan PLAN = new WindowPlan(
            Method.ROLLING,
            List.of(
                    new WindowPlan.Run(0, 3, 0, false),
                    new WindowPlan.Run(2, 3, 1, false),
                    new WindowPlan.Run(4, 3, 1, false),
                    new WindowPlan.Run(6, 3, 1, false),
                    new WindowPlan.Run(8, 3, 1, false)),
            3,
            1);

    private final List<NDManager> scopes = new ArrayList<>();
    private final List<NDArray> sampled = new ArrayList<>();
    private final List<NDArray> left = new ArrayList<>();

    @Test
    void holdsNoMoreThanTheWindowBeforeAndTheFirst() throws Exception {
        run(5);
        assertEquals(5, sampled.size());
        assertAllReleased();
    }

    @Test
    void holdsNothingAfterAFailure() {
        GenerationException failure = assertThrows(GenerationException.class, () -> run(2));
        assertEquals("window 2", failure.getMessage());
        assertEquals(2, sampled.size());
        assertAllReleased();
    }

    private void run(int failing) throws Exception {
        VideoFormat format = new VideoFormat(64, 32, 41, 8);
        try (VideoAutoencoder vae =
                        VideoAutoencoder.load(Golden.root().resolve("pipeline_ti2v5b_t2v/vae"), Placement.CPU);
                NDManager clip = NDManager.newBaseManager()) {
            int spatial = vae.config().scaleFactorSpatial();
            Shape shape = new Shape(1, vae.config().zDim(), 11, 32 / spatial, 64 / spatial);
            RecordingSink sink = new RecordingSink();
            new WindowedRun(PLAN, format, 1, vae, Optional.empty(), sink, GenerationMonitor.UNWATCHED)
                    .run(
                            shape,
                            KeptWindows.none(),
                            (index, before, progress, scope) -> {
                                if (index == failing) {
                                    throw new GenerationException(Reason.INTERNAL, "window " + index);
                                }
                                return sample(index, before, shape, scope);
                            },
                            clip);
            assertEquals(41, sink.count());
        }
    }

    private NDArray sample(int index, WindowedRun.Before before, Shape shape, NDManager scope) {
        scopes.forEach(earlier -> assertFalse(earlier.isOpen(), "the scope of a window before"));
        for (int i = 0; i < index - 1; i++) {
            NDArray array = sampled.get(i);
            assertThrows(IllegalStateException.class, array::toFloatArray, "latents of window " + i);
            NDArray frame = left.get(i);
            assertThrows(IllegalStateException.class, frame::toFloatArray, "last frame of window " + i);
        }
        if (index > 0) {
            left.add(before.lastFrame().orElseThrow());
            assertEquals(index, before.latents().orElseThrow().toFloatArray()[0]);
            assertEquals(1, before.opening().orElseThrow().toFloatArray()[0]);
            left.get(index - 1).toFloatArray();
        }
        NDArray latents = scope.full(new Shape(1, shape.get(1), 3, shape.get(3), shape.get(4)), index + 1f);
        sampled.add(latents);
        scopes.add(scope);
        return latents;
    }

    private void assertAllReleased() {
        assertTrue(scopes.stream().noneMatch(NDManager::isOpen));
        for (List<NDArray> arrays : List.of(sampled, left)) {
            arrays.forEach(each -> assertThrows(IllegalStateException.class, each::toFloatArray));
        }
    }
}
