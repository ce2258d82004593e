package org.patchreel.runtime.model;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.family.Resident;

/**
 * Memory for one checkpoint, of whatever family. A generation leases it: if another checkpoint, or none, is in memory, it is
 * replaced first. One lease at a time, in the order in which they are asked for. May be used by any thread.
 */
public final class ResidentSlot {

    /** Reads a checkpoint's weights. */
    @FunctionalInterface
    interface Loader {
        Resident load() throws Exception;
    }

    private final ReentrantLock lock = new ReentrantLock(true);
    private volatile @Nullable CheckpointModel owner;
    private volatile @Nullable Resident resident;

    /**
     * Waits for exclusive use and loads the model's checkpoint unless it is in memory.
     *
     * @return to be closed by the same thread when the generation ends
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws Exception what the loader throws; nothing is in memory then
     */
    Lease acquire(CheckpointModel model, Loader loader) throws Exception {
        lock.lockInterruptibly();
        try {
            Resident current = resident;
            if (current == null || owner != model) {
                unload();
                current = loader.load();
                resident = current;
                owner = model;
            }
            return new Lease(this, current);
        } catch (Exception | Error e) {
            lock.unlock();
            throw e;
        }
    }

    boolean holds(CheckpointModel model) {
        return owner == model;
    }

    /** Size of the weights in memory, in bytes. */
    long bytes() {
        Resident current = resident;
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
        CheckpointModel model = owner;
        return model != null && model.closed();
    }

    private void unload() {
        Resident current = resident;
        owner = null;
        resident = null;
        if (current != null) {
            current.close();
        }
    }

    /**
     * Exclusive use of the checkpoint in memory, until it is closed.
     *
     * @param slot that it is a lease of
     * @param resident the checkpoint
     */
    record Lease(ResidentSlot slot, Resident resident) implements AutoCloseable {
        @Override
        public void close() {
            slot.lock.unlock();
            slot.unloadClosed();
        }
    }
}
