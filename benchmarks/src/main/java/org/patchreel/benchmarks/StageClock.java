package org.patchreel.benchmarks;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.spi.GenerationMonitor;

/** Measures the stages of a generation by its progress. */
final class StageClock implements GenerationMonitor {
    private final EnumMap<Stage, Double> seconds = new EnumMap<>(Stage.class);
    private @Nullable Stage current;
    private long since;

    @Override
    public void progress(GenerationProgress progress) {
        stop();
        current = progress.stage();
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    /** {@return seconds of each stage up to now, in their order} */
    Map<Stage, Double> stop() {
        long now = System.nanoTime();
        if (current != null) {
            seconds.merge(current, (now - since) / 1e9, Double::sum);
        }
        since = now;
        return seconds;
    }
}
