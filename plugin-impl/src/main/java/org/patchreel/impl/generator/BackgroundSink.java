package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoFrame;

/**
 * Passes frames to a sink on a thread of its own, so that the model makes the next frames meanwhile. The sink is opened, used
 * and closed by that thread; opening begins at once, beside the loading of the model. What the sink throws is thrown by the
 * next {@link #accept} or by {@link #close}; {@link #stopping} stops a model that has no frame yet.
 *
 * <p>At most {@value #MAX_FRAMES} frames are kept; while there are as many, {@link #accept} waits. Like every sink, it is used
 * by one thread at a time.
 */
final class BackgroundSink implements FrameSink {

    /** Opens a sink, or uses one. */
    interface Step<T> {
        T run() throws IOException;
    }

    private static final int MAX_FRAMES = 2;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread encoder = new Thread(task, "patchreel-encoder");
        encoder.setDaemon(true);
        return encoder;
    });
    private final Semaphore room = new Semaphore(MAX_FRAMES);
    private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Throwable failure;
    private boolean thrown;

    /** Of the thread alone. */
    private @Nullable FrameSink sink;

    private BackgroundSink() {}

    /**
     * Begins to open a sink.
     *
     * @param opening run by the thread
     * @return a sink to be closed, also when the other could not be opened
     */
    static BackgroundSink open(Step<FrameSink> opening) {
        BackgroundSink background = new BackgroundSink();
        background.thread.execute(() -> background.attempt(() -> background.sink = opening.run()));
        return background;
    }

    /** {@return a monitor like the given one that stops the model, too, once the sink has failed} */
    GenerationMonitor stopping(GenerationMonitor monitor) {
        return monitor.orCancelledIf(() -> failure != null);
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        throwFailure();
        room.acquireUninterruptibly();
        ByteBuffer rgb = buffer(frame.rgb().remaining()).put(frame.rgb()).flip();
        thread.execute(() -> {
            FrameSink open = sink;
            if (failure == null && open != null) {
                attempt(() -> {
                    open.accept(new VideoFrame(frame.width(), frame.height(), rgb));
                    return open;
                });
            }
            buffers.add(rgb);
            room.release();
        });
    }

    private ByteBuffer buffer(int bytes) {
        ByteBuffer used = buffers.poll();
        return used != null && used.capacity() == bytes ? used.clear() : ByteBuffer.allocateDirect(bytes);
    }

    /**
     * Waits until the sink has taken the frames, and closes it. What was thrown already is not thrown again.
     *
     * @throws IOException if the last frames cannot be written, or the output cannot be completed
     */
    @Override
    public void close() throws IOException {
        if (thread.isShutdown()) {
            return;
        }
        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                () -> {
                    FrameSink open = sink;
                    if (open != null) {
                        attempt(() -> {
                            open.close();
                            return open;
                        });
                    }
                },
                thread);
        thread.shutdown();
        closed.join();
        if (!thrown) {
            throwFailure();
        }
    }

    /**
     * Throws what the sink has thrown, if anything.
     *
     * @throws IOException if that was one
     */
    void throwFailure() throws IOException {
        Throwable cause = failure;
        if (cause == null) {
            return;
        }
        thrown = true;
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) cause;
    }

    private void attempt(Step<FrameSink> step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | Error e) {
            Throwable first = failure;
            if (first == null) {
                failure = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
        }
    }
}
