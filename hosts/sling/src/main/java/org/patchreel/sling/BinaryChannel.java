package org.patchreel.sling;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import javax.jcr.Binary;
import javax.jcr.RepositoryException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a binary at any position. Reading on takes one stream; going elsewhere opens another one and skips, which costs
 * Oak's blob stores nothing. Used by one thread.
 */
final class BinaryChannel implements SeekableByteChannel {

    private static final int MAX_READ = 1 << 16;

    private final ServiceSession session;
    private final Binary binary;
    private final long size;
    private @Nullable InputStream stream;
    private long streamPosition;
    private long position;
    private boolean closed;

    /**
     * Takes over a binary and its session; both are closed with the channel.
     *
     * @throws RepositoryException if the size cannot be read; nothing is taken over then
     */
    BinaryChannel(ServiceSession session, Binary binary) throws RepositoryException {
        this.size = binary.getSize();
        this.session = session;
        this.binary = binary;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        checkOpen();
        if (position >= size) {
            return -1;
        }
        byte[] bytes = new byte[(int) Math.min(Math.min(target.remaining(), MAX_READ), size - position)];
        int count = stream().readNBytes(bytes, 0, bytes.length);
        if (count < bytes.length) {
            throw new IOException("the binary ends at " + (position + count) + " instead of " + size);
        }
        target.put(bytes);
        position += count;
        streamPosition = position;
        return count;
    }

    private InputStream stream() throws IOException {
        InputStream open = stream;
        if (open != null && streamPosition == position) {
            return open;
        }
        if (open != null) {
            open.close();
            stream = null;
        }
        try {
            open = binary.getStream();
        } catch (RepositoryException e) {
            throw new IOException("the binary cannot be read: " + e.getMessage(), e);
        }
        stream = open;
        open.skipNBytes(position);
        streamPosition = position;
        return open;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
        checkOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return size;
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (stream != null) {
                stream.close();
            }
        } finally {
            binary.dispose();
            session.close();
        }
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }
}
