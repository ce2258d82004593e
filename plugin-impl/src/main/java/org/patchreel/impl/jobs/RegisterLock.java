package org.patchreel.impl.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Makes a process the one host of a register: it alone takes over what others have left. The system releases the lock when the
 * process dies.
 */
final class RegisterLock implements AutoCloseable {

    /** The longest text in the file that is read. */
    private static final int MAX_TEXT = 64;

    private static final String PROPERTY = "org.patchreel.jobs.lock.";

    private final String property;
    private final FileChannel channel;

    private RegisterLock(String property, FileChannel channel) {
        this.property = property;
        this.channel = channel;
    }

    /**
     * Acquires the lock.
     *
     * @param register whose folder exists
     * @return the lock
     * @throws IOException if another one has it, or it cannot be made; the message names the register and the other process
     */
    static RegisterLock acquire(Path register) throws IOException {
        Path file = register.resolveSibling(register.getFileName() + ".lock");
        String property = PROPERTY + file;
        // A second framework in this process must not even open the file: closing it would release the lock of the
        // first one.
        if (System.getProperties().putIfAbsent(property, "") != null) {
            throw new IOException(used(register, "another framework in this process"));
        }
        @Nullable FileChannel channel = null;
        boolean acquired = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new IOException(used(register, "process " + holder(file)));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8)));
            acquired = true;
            return new RegisterLock(property, channel);
        } catch (OverlappingFileLockException e) {
            throw new IOException(used(register, "this process"), e);
        } finally {
            if (!acquired) {
                System.clearProperty(property);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static String used(Path register, String by) {
        return register + ": is the job register of " + by
                + "; stop that, or give this one a home folder or a register of its own";
    }

    private static String holder(Path file) throws IOException {
        String text = Files.size(file) > MAX_TEXT ? "" : Files.readString(file);
        return text.matches("\\d+") ? text : "of another container or machine";
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.clearProperty(property);
        }
    }
}
