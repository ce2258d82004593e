package org.patchreel.impl.c2pa;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Writes an empty file from its first byte to its last through one buffer, and hashes what it writes on the way. A large
 * file goes past the system's page cache where the file system allows it, which takes half of the CPU time of a copy and
 * leaves in memory what others need more. Not for several threads.
 */
final class SequentialOutput implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final FileChannel target;

    /** Takes whole buffers only; closed with this. */
    private final Optional<FileChannel> uncached;

    private final ByteBuffer buffer;
    private boolean usesUncached = true;
    private long written;

    private SequentialOutput(FileChannel target, Optional<FileChannel> uncached, ByteBuffer buffer) {
        this.target = target;
        this.uncached = uncached;
        this.buffer = buffer;
    }

    /**
     * Writes by way of the page cache.
     *
     * @param target empty, stays open
     */
    static SequentialOutput cached(FileChannel target) {
        return new SequentialOutput(target, Optional.empty(), ByteBuffer.allocateDirect(BUFFER));
    }

    /**
     * Writes past the page cache if that can be done.
     *
     * @param target empty, stays open
     * @param file that the channel is of
     */
    static SequentialOutput uncached(FileChannel target, Path file) {
        try {
            int blockSize = Math.toIntExact(Files.getFileStore(file).getBlockSize());
            if (BUFFER % blockSize == 0) {
                FileChannel uncached =
                        FileChannel.open(file, StandardOpenOption.WRITE, com.sun.nio.file.ExtendedOpenOption.DIRECT);
                ByteBuffer buffer =
                        ByteBuffer.allocateDirect(BUFFER + blockSize - 1).alignedSlice(blockSize);
                return new SequentialOutput(target, Optional.of(uncached), buffer);
            }
        } catch (IOException | ArithmeticException | UnsupportedOperationException | NoClassDefFoundError e) {
            // a file system that cannot, or a framework that hides the option: the page cache is always there
        }
        return cached(target);
    }

    /** {@return where the next byte goes} */
    long position() {
        return written + buffer.position();
    }

    /**
     * Writes zeros.
     *
     * @throws IOException if they cannot be written
     */
    void skip(int count) throws IOException {
        write(new byte[count]);
    }

    /**
     * Writes bytes.
     *
     * @throws IOException if they cannot be written
     */
    void write(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            int count = Math.min(bytes.length - from, buffer.remaining());
            buffer.put(bytes, from, count);
            from += count;
            writeIfFull();
        }
    }

    /**
     * Writes what another file holds.
     *
     * @param from position of the first byte
     * @param to position behind the last one
     * @param digest gets the same bytes
     * @throws EOFException if the other file ends before
     * @throws IOException if it cannot be read, or the bytes cannot be written
     */
    void transfer(FileChannel source, long from, long to, Optional<MessageDigest> digest) throws IOException {
        for (long position = from; position < to; ) {
            int start = buffer.position();
            int limit = buffer.limit();
            buffer.limit((int) Math.min(limit, start + to - position));
            int count = source.read(buffer, position);
            if (count < 0) {
                throw new EOFException("was cut off at byte " + position);
            }
            buffer.limit(limit);
            digest.ifPresent(hash -> hash.update(buffer.duplicate().flip().position(start)));
            position += count;
            writeIfFull();
        }
    }

    private void writeIfFull() throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.flip();
            if (uncached.isPresent() && usesUncached) {
                try {
                    writeOut(uncached.get());
                } catch (IOException e) {
                    // there are file systems that allow to open a file so and refuse to write it; a disk that is full
                    // is
                    // found out once more below
                    usesUncached = false;
                }
            }
            writeOut(target);
            buffer.clear();
        }
    }

    private void writeOut(FileChannel channel) throws IOException {
        while (buffer.hasRemaining()) {
            written += channel.write(buffer, written);
        }
    }

    /**
     * Writes what is left.
     *
     * @throws IOException if it cannot be written
     */
    void finish() throws IOException {
        buffer.flip();
        writeOut(target);
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        if (uncached.isPresent()) {
            uncached.get().close();
        }
    }
}
