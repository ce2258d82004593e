package org.patchreel.web.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file that is being sent, and one of the places for those. */
final class Download implements SeekableByteChannel {

    private final SeekableByteChannel file;
    private final Semaphore places;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes a place over.
     *
     * @param file that is sent
     * @param places of which one was acquired; it is released when this is closed
     */
    Download(SeekableByteChannel file, Semaphore places) {
        this.file = file;
        this.places = places;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return file.read(to);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return file.write(from);
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
        file.position(to);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long to) throws IOException {
        file.truncate(to);
        return this;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            places.release();
            file.close();
        }
    }
}
