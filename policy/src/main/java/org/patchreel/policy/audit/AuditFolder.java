package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of a log: {@code SEQUENCE-DAY.jsonl}, named for the sequence of their first record, so that the order of the names is that of
 * the records whatever the clock does; {@code head}, which says how far the log goes; {@code lock}, which one process at a time
 * holds while it writes. Nobody but the account of the process may read them.
 *
 * @param path of the folder
 * @param patience how long to wait for another process
 */
record AuditFolder(Path path, Duration patience) {

    private static final Pattern NAME = Pattern.compile("[0-9]{12}-([0-9]{4}-[0-9]{2}-[0-9]{2})\\.jsonl");
    private static final Pattern TORN = Pattern.compile("[0-9]{12}-[0-9-]{10}\\.jsonl\\.[0-9-]+\\.torn");
    private static final Pattern HEAD = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})\n");
    private static final int HEAD_BYTES = 84;

    /** Where the day begins in a name: behind twelve digits and a hyphen. */
    private static final int DAY_AT = 13;

    private static final int POLL_MILLIS = 5;

    /** One for all: closing a file releases the locks that other threads of the process have on it. */
    private static final ReentrantLock THREADS = new ReentrantLock(true);

    /**
     * How far a log goes.
     *
     * @param sequence of its last record; 0 if there is none
     * @param hash of that record
     */
    record Head(long sequence, String hash) {

        /** There is no record. */
        static final Head NONE = new Head(0, AuditRecord.NOTHING);
    }

    /** Held while records are written or files replaced. */
    interface Lock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** Makes the folder if it is missing, and waits until no other process and no other thread writes. */
    Lock lock() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, attributes("rwx------"));
        }
        long end = System.nanoTime() + patience.toNanos();
        FileChannel channel = null;
        boolean locked = false;
        try {
            if (!THREADS.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw isLocked();
            }
            locked = true;
            channel = open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new Held(channel, await(channel, end));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw close(channel, locked, new IOException("interrupted while the audit log " + path + " was locked", e));
        } catch (IOException e) {
            throw close(channel, locked, e);
        }
    }

    private FileLock await(FileChannel channel, long end) throws IOException, InterruptedException {
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // held by this bundle before it was updated
            }
            if (System.nanoTime() > end) {
                throw isLocked();
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private IOException isLocked() {
        return new IOException("the audit log " + path + " has been locked for " + patience.toSeconds()
                + " s by another process or thread");
    }

    private static IOException close(@Nullable FileChannel channel, boolean locked, IOException cause) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        } finally {
            if (locked) {
                THREADS.unlock();
            }
        }
        return cause;
    }

    private record Held(FileChannel channel, FileLock fileLock) implements Lock {
        @Override
        public void close() throws IOException {
            try (channel) {
                fileLock.release();
            } finally {
                THREADS.unlock();
            }
        }
    }

    /** What is done while nobody else writes. */
    @FunctionalInterface
    interface Work<T> {

        /** {@return its result} */
        T run() throws IOException;
    }

    /** Does something while nobody else writes; must not be called by what is done so. */
    <T> T locked(Work<T> work) throws IOException {
        Lock lock = lock();
        try {
            return work.run();
        } finally {
            lock.close();
        }
    }

    /** {@return the files with records, in their order; none if there is no folder} */
    List<Path> files() throws IOException {
        return named(NAME);
    }

    /** {@return the files with what a process has left of a record while it ended} */
    List<Path> torn() throws IOException {
        return named(TORN);
    }

    private List<Path> named(Pattern pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (pattern.matcher(entry.getFileName().toString()).matches()) {
                    files.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (NotDirectoryException e) {
            throw new IOException("the audit log " + path + " is not a folder", e);
        } catch (DirectoryIteratorException e) {
            throw new IOException("the audit log " + path + " cannot be read: " + e.getMessage(), e);
        }
        files.sort(null);
        return files;
    }

    /** {@return the day on which a file was begun} */
    static String day(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException("no file of an audit log: " + file);
        }
        return name.group(1);
    }

    /** {@return a file that begins with a record} */
    Path file(long firstSequence, LocalDate day) {
        return path.resolve(String.format(Locale.ROOT, "%012d-%s.jsonl", firstSequence, day));
    }

    /** {@return how far the log goes, as it was noted; empty if nothing, or nothing readable, is noted} */
    Optional<Head> head() throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(path.resolve("head"));
            Matcher head = HEAD.matcher(new String(bytes, US_ASCII));
            return head.matches()
                    ? Optional.of(new Head(Long.parseLong(head.group(1)), head.group(2)))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Notes how far the log goes: one write of fixed length, after the record is safe. */
    void head(Head head) throws IOException {
        byte[] line = String.format(Locale.ROOT, "%018d %s\n", head.sequence(), head.hash())
                .getBytes(US_ASCII);
        if (line.length != HEAD_BYTES) {
            throw new IllegalArgumentException("not a hash: " + head.hash());
        }
        try (FileChannel file = open(path.resolve("head"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            write(file, ByteBuffer.wrap(line), 0);
        }
    }

    /** Opens a file that nobody else may read. */
    static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes("rw-------"));
    }

    static void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    /** {@return the day on which the file was begun that a torn record was in} */
    static String dayOfTorn(Path torn) {
        return torn.getFileName().toString().substring(DAY_AT, DAY_AT + "2026-12-01".length());
    }

    /** Makes names durable that have come, where the file system has that. */
    void forceNames() {
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Windows opens no folders, and needs this not
        }
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
