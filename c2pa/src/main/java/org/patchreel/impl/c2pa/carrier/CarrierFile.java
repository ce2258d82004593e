package org.patchreel.impl.c2pa.carrier;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;

/** An open file, read at any place through a window of fixed size. Not for several threads. */
public final class CarrierFile implements Closeable {
    private static final int WINDOW = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;

    private CarrierFile(FileChannel channel) throws IOException {
        this.channel = channel;
        size = channel.size();
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read
     */
    public static CarrierFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new CarrierFile(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** {@return bytes of the file when it was opened} */
    public long size() {
        return size;
    }

    /** Brings bytes into the window; they begin at its returned index. */
    private int load(long position, int length) throws IOException {
        if (position < 0 || position > size - length) {
            throw new EOFException("the file ends at byte " + size);
        }
        if (position < windowStart || position + length > windowStart + window.limit()) {
            window.clear();
            windowStart = position;
            while (window.hasRemaining() && channel.read(window, position + window.position()) >= 0) {
                // until it is full, or the file ends
            }
            window.flip();
            if (window.limit() < length) {
                throw new EOFException("the file ends at byte " + (position + window.limit()));
            }
        }
        return (int) (position - windowStart);
    }

    /** {@return an unsigned byte} */
    int u8(long position) throws IOException {
        return window.get(load(position, 1)) & 0xFF;
    }

    /** {@return an unsigned number of 2 bytes} */
    int u16(long position, ByteOrder order) throws IOException {
        return window.order(order).getShort(load(position, 2)) & 0xFFFF;
    }

    /** {@return an unsigned number of 4 bytes} */
    long u32(long position, ByteOrder order) throws IOException {
        return window.order(order).getInt(load(position, 4)) & 0xFFFF_FFFFL;
    }

    /** {@return a number of 8 bytes, which is negative from 2⁶³ on} */
    long s64(long position, ByteOrder order) throws IOException {
        return window.order(order).getLong(load(position, 8));
    }

    /**
     * Reads bytes.
     *
     * @throws EOFException if the file ends before; nothing is allocated then
     */
    byte[] read(long position, int length) throws IOException {
        if (position < 0 || position > size - length) {
            throw new EOFException("the file ends at byte " + size);
        }
        byte[] bytes = new byte[length];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position()) < 0) {
                throw new EOFException("the file ends at byte " + (position + target.position()));
            }
        }
        return bytes;
    }

    /** {@return whether certain bytes, fewer than the window holds, stand at a place} */
    boolean has(byte[] bytes, long position) throws IOException {
        if (position > size - bytes.length) {
            return false;
        }
        int index = load(position, bytes.length);
        return Arrays.equals(window.array(), index, index + bytes.length, bytes, 0, bytes.length);
    }

    /** {@return whether certain bytes stand anywhere in the file} */
    boolean contains(byte[] bytes) throws IOException {
        long position = 0;
        while (position <= size - bytes.length) {
            int index = load(position, bytes.length);
            int last = window.limit() - bytes.length;
            for (; index <= last; index++) {
                if (window.get(index) == bytes[0]
                        && Arrays.equals(window.array(), index, index + bytes.length, bytes, 0, bytes.length)) {
                    return true;
                }
            }
            position = windowStart + index;
        }
        return false;
    }

    /** Hashes the bytes from one place to another. */
    void digest(MessageDigest digest, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            int index = load(position, 1);
            int length = (int) Math.min(window.limit() - index, to - position);
            digest.update(window.array(), index, length);
            position += length;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
