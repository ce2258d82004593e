package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.spi.GenerationMonitor;

/** Passes progress on and measures how long each stage takes. Used by one thread. */
final class StageTimer implements GenerationMonitor {

    private final GenerationMonitor monitor;
    private final LongSupplier nanoTime;
    private final EnumMap<Stage, Duration> spent = new EnumMap<>(Stage.class);
    private @Nullable Stage current;
    private long since;

    StageTimer(GenerationMonitor monitor, LongSupplier nanoTime) {
        this.monitor = monitor;
        this.nanoTime = nanoTime;
    }

    @Override
    public void progress(GenerationProgress progress) {
        if (progress.stage() != current) {
            account();
            current = progress.stage();
        }
        monitor.progress(progress);
    }

    @Override
    public boolean cancelled() {
        return monitor.cancelled();
    }

    /** {@return the stages that ran, in their order, up to now, keyed by their labels} */
    Map<String, Duration> timings() {
        account();
        Map<String, Duration> timings = new LinkedHashMap<>();
        spent.forEach((stage, duration) -> timings.put(stage.label(), duration));
        return Collections.unmodifiableMap(timings);
    }

    private void account() {
        long now = nanoTime.getAsLong();
        if (current != null) {
            spent.merge(current, Duration.ofNanos(now - since), Duration::plus);
        }
        since = now;
    }
}
