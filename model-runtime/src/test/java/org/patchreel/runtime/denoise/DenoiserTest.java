package org.patchreel.runtime.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.runtime.sampler.Scheduler;
import org.patchreel.runtime.sampler.SchedulerConfig;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.spi.GenerationCancelledException;

class DenoiserTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    private Path directory;

    @AfterEach
    void release() {
        manager.close();
    }

    private Scheduler scheduler(int steps, NDManager owner) throws Exception {
        Files.writeString(
                directory.resolve("scheduler_config.json"),
                "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\", \"shift\": 3.0}");
        return SchedulerConfig.read(directory, TimestepGrid.CURRENT).create(steps, owner);
    }

    /** The flow from the noise 5 to the data 2 is straight: it arrives there in any number of steps. */
    private NDArray denoised(NDArray noise, StepListener listener) throws Exception {
        try (NDManager run = manager.newSubManager();
                Scheduler scheduler = scheduler(4, run)) {
            return Denoiser.run(
                    Start.fromNoise(noise),
                    scheduler,
                    (x, level, scope) -> scope.create(new float[] {3}),
                    listener,
                    manager);
        }
    }

    @Test
    void followsTheFieldToTheDataAndTellsOfEachStep() throws Exception {
        NDArray noise = manager.create(new float[] {5});
        List<Integer> steps = new ArrayList<>();
        NDArray result = denoised(noise, (level, latents) -> steps.add(level.step()));
        assertEquals(2, result.getFloat(), 1e-6);
        assertEquals(List.of(0, 1, 2, 3), steps);
        assertEquals(5, noise.getFloat(), "the noise is the caller's");
    }

    @Test
    void endsWhenTheListenerSaysSo() {
        List<Integer> steps = new ArrayList<>();
        StepListener stopping = (level, latents) -> {
            steps.add(level.step());
            if (level.step() == 1) {
                throw new GenerationCancelledException();
            }
        };
        assertThrows(GenerationCancelledException.class, () -> denoised(manager.create(new float[] {5}), stopping));
        assertEquals(List.of(0, 1), steps);
    }
}
