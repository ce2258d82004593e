package org.patchreel.runtime.wan;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one checkpoint that is in memory. Generations take it in turn: whoever needs another one waits until it is free,
 * then it is replaced.
 */
public final class LoadedModel {

    /** Reads a checkpoint's weights. */
    @FunctionalInterface
    interface Loader {
        WanCheckpoint load() throws Exception;
    }

    private final ReentrantLock lock = new ReentrantLock(true);
    private volatile @Nullable WanModel owner;
    private volatile @Nullable WanCheckpoint checkpoint;

    /**
     * Takes the turn, loading the model's checkpoint if another one, or none, is in memory.
     *
     * @return to be closed when the generation ends
     * @throws Exception what the loader throws; nothing is in memory then
     */
    Use use(WanModel model, Loader loader) throws Exception {
        lock.lockInterruptibly();
        try {
            WanCheckpoint current = checkpoint;
            if (current == null || owner != model) {
                unload();
                current = loader.load();
                checkpoint = current;
                owner = model;
            }
            return new Use(this, current);
        } catch (Exception | Error e) {
            lock.unlock();
            throw e;
        }
    }

    boolean holds(WanModel model) {
        return owner == model;
    }

    /** Size of the weights in memory, in bytes. */
    long bytes() {
        WanCheckpoint current = checkpoint;
        return current == null ? 0 : current.bytes();
    }

    /**
     * Unloads the checkpoint of a model that is closed. Returns at once: while a generation uses the checkpoint, a kernel may
     * be reading it, and it is unloaded when that generation ends.
     */
    void unloadClosed() {
        while (closedIsLoaded() && !lock.isHeldByCurrentThread() && lock.tryLock()) {
            try {
                if (closedIsLoaded()) {
                    unload();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean closedIsLoaded() {
        WanModel model = owner;
        return model != null && model.closed();
    }

    private void unload() {
        WanCheckpoint current = checkpoint;
        owner = null;
        checkpoint = null;
        if (current != null) {
            current.close();
        }
    }

    /** A generation's turn. */
    record Use(LoadedModel loaded, WanCheckpoint checkpoint) implements AutoCloseable {
        @Override
        public void close() {
            loaded.lock.unlock();
            loaded.unloadClosed();
        }
    }
}
