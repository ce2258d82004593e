package org.patchreel.broker.worker;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.broker.wire.Attempt;
import org.patchreel.spi.GenerationMonitor;

/** An order that a worker has taken: its progress is passed on, and others may stop it. Safe for use from any thread. */
final class RunningOrder implements GenerationMonitor {

    /** Progress within a stage is passed on no more often than this. */
    private static final long INTERVAL_NANOS = 300_000_000L;

    private final Attempt.Of of;
    private final Consumer<GenerationProgress> listener;
    private final CompletableFuture<Boolean> permission = new CompletableFuture<>();
    private volatile boolean cancelled;
    private volatile boolean abandoned;
    private volatile int frames;

    /** Of the generating thread alone, as is the one below. */
    private Optional<Stage> stage = Optional.empty();

    private long told;

    RunningOrder(Attempt.Of of, Consumer<GenerationProgress> listener) {
        this.of = of;
        this.listener = listener;
    }

    Attempt.Of of() {
        return of;
    }

    /** Completed with whether to begin. */
    CompletableFuture<Boolean> permission() {
        return permission;
    }

    /** Nobody waits for the clip any more. */
    void cancel() {
        cancelled = true;
        permission.complete(false);
    }

    /** The worker has no time to finish it: another one shall. */
    void abandon() {
        abandoned = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** {@return the number of frames that were decoded} */
    int frames() {
        return frames;
    }

    @Override
    public void progress(GenerationProgress progress) {
        if (progress.stage() == Stage.DECODING) {
            frames = progress.done();
        }
        long now = System.nanoTime();
        boolean edge = !Optional.of(progress.stage()).equals(stage) || progress.done() == progress.total();
        if (edge || now - told >= INTERVAL_NANOS) {
            stage = Optional.of(progress.stage());
            told = now;
            listener.accept(progress);
        }
    }

    @Override
    public boolean cancelled() {
        return cancelled || abandoned;
    }
}
