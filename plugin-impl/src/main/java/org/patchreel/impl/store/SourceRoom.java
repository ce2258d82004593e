package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much a file may take that arrives in the source store, whose size is not known before its end. Copies that may be fetched
 * again make room for it, one after the other. Used by one thread.
 */
final class SourceRoom {

    private static final Logger LOG = LoggerFactory.getLogger(SourceRoom.class);

    private final Deque<Path> copies;
    private long bytes;

    /**
     * Begins with what is free.
     *
     * @param bytes that are free; negative if there is more than there should be
     * @param copies that may be deleted, the one that was not used for the longest time first
     */
    SourceRoom(long bytes, List<Path> copies) {
        this.bytes = bytes;
        this.copies = new ArrayDeque<>(copies);
    }

    /**
     * Makes room.
     *
     * @param size of what has arrived of the file, in bytes
     * @return whether there is room for it now
     * @throws IOException if a copy cannot be deleted
     */
    boolean fits(long size) throws IOException {
        while (size > bytes && !copies.isEmpty()) {
            Path oldest = copies.remove();
            long freed = Files.exists(oldest) ? Files.size(oldest) : 0;
            Files.deleteIfExists(oldest);
            LOG.debug("The copy {} makes room for another source", oldest);
            bytes += freed;
        }
        return size <= bytes;
    }
}
