package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoFrame;

/** Passes progress on, measures how long each stage takes and keeps what is noted. Used by one thread. */
final class StageTimer implements GenerationMonitor {
    static final String ENCODING = "encoding";

    private final GenerationMonitor monitor;
    private final LongSupplier nanoTime;
    private final EnumMap<Stage, Duration> spent = new EnumMap<>(Stage.class);
    private final List<String> notes = new ArrayList<>();
    private Duration encoding = Duration.ZERO;
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
    public void note(String text) {
        notes.add(text);
        monitor.note(text);
    }

    /** {@return what was noted, in its order} */
    List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public boolean cancelled() {
        return monitor.cancelled();
    }

    /** {@return the sink, the wait for which counts as {@value #ENCODING} and not as decoding} */
    FrameSink timed(FrameSink sink) {
        return new ForwardingFrameSink(sink) {
            @Override
            public void accept(VideoFrame frame) throws IOException {
                long begin = nanoTime.getAsLong();
                try {
                    super.accept(frame);
                } finally {
                    encoding = encoding.plusNanos(nanoTime.getAsLong() - begin);
                }
            }

            @Override
            public void close() throws IOException {
                long begin = nanoTime.getAsLong();
                try {
                    super.close();
                } finally {
                    encoding = encoding.plusNanos(nanoTime.getAsLong() - begin);
                }
            }
        };
    }

    /**
     * The stages that ran, in their order, up to now, keyed by their labels; after decoding stands {@value #ENCODING}: for how
     * long the model's frames waited to be scaled and encoded.
     */
    Map<String, Duration> timings() {
        account();
        Map<String, Duration> timings = new LinkedHashMap<>();
        spent.forEach((stage, duration) -> {
            if (stage == Stage.DECODING) {
                timings.put(stage.label(), duration.minus(encoding));
                timings.put(ENCODING, encoding);
            } else {
                timings.put(stage.label(), duration);
            }
        });
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
