package org.patchreel.impl.resolution;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts the thread that made it when the time is up. After it is closed that thread is not interrupted any more, neither
 * by it nor because of it.
 */
final class Deadline {
    private final Thread thread = Thread.currentThread();
    private final CompletableFuture<Void> timer = new CompletableFuture<>();
    private boolean closed;
    private boolean passed;

    Deadline(Duration time) {
        timer.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS).exceptionally(timeout -> {
            pass();
            return null;
        });
    }

    private synchronized void pass() {
        if (!closed) {
            passed = true;
            thread.interrupt();
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
            if (passed) {
                Thread.interrupted();
            }
        }
        timer.complete(null);
    }
}
