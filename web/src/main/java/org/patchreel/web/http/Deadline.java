package org.patchreel.web.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts the thread that made it when the time is up. After it is closed that thread is not interrupted any more, neither
 * by it nor because of it.
 */
public final class Deadline {
    private final Thread thread = Thread.currentThread();
    private final CompletableFuture<Void> timer = new CompletableFuture<>();
    private boolean closed;
    private boolean passed;

    /**
     * Starts the time.
     *
     * @param time until this thread is interrupted
     */
    public Deadline(Duration time) {
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

    /** Ends it; to be called by the thread that made it. */
    public void close() {
        synchronized (this) {
            closed = true;
            if (passed) {
                Thread.interrupted();
            }
        }
        timer.complete(null);
    }
}
