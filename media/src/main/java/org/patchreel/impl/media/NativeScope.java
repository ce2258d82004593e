package org.patchreel.impl.media;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What an object holds natively, freed in the reverse order of its allocation. Lets a constructor that fails halfway free
 * exactly what it had allocated.
 */
final class NativeScope implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    /** Registers how to free what was just allocated. */
    void onClose(Runnable release) {
        releases.push(release);
    }

    @Override
    public void close() {
        for (Runnable release = releases.poll(); release != null; release = releases.poll()) {
            release.run();
        }
    }
}
