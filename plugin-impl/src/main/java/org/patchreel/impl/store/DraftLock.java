package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that the maker of a draft lives: an exclusive lock on a file beside the draft. The operating system gives it up
 * when the process ends, however that happens.
 */
final class DraftLock implements AutoCloseable {
    /**
     * The locks of this process. POSIX drops a process's lock when the process closes any descriptor of the file, so one
     * that is held here must not even be opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final Logger LOG = LoggerFactory.getLogger(DraftLock.class);

    private final Path file;
    private final FileChannel channel;

    private DraftLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock unless a living process has it.
     *
     * @param file absolute; created if it is missing
     * @return the lock, or empty if another has it
     * @throws IOException if the file cannot be created
     */
    static Optional<DraftLock> tryAcquire(Path file) throws IOException {
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        @Nullable FileChannel channel = null;
        boolean acquired = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            acquired = lock != null;
            return acquired ? Optional.of(new DraftLock(file, channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } finally {
            if (!acquired) {
                HELD.remove(file);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /** Deletes the file, then lets go. A file that cannot be deleted does no harm: the next start removes it. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{}: cannot be deleted: {}", file, e.toString());
        } finally {
            HELD.remove(file);
        }
    }
}
