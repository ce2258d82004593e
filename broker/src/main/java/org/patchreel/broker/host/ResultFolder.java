package org.patchreel.broker.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.broker.jms.FilePart;
import org.patchreel.broker.wire.Attempt;
import org.patchreel.broker.wire.Attempt.Finished;
import org.patchreel.broker.wire.WireException;
import org.patchreel.broker.wire.WireMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of clips arrive, part by part: {@code JOB/ATTEMPT/FILE}. They outlive the process, since the broker forgets what
 * was fetched. IDs were checked when the messages were read. Used by one thread at a time for each job; what goes through the folders
 * of all jobs, or takes some away, waits for one another.
 *
 * @param folder of the jobs
 */
record ResultFolder(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(ResultFolder.class);

    private static final String COMPLETE = "finished.json";

    /** A result that nobody has asked for so long belongs to a job that is never submitted again. */
    private static final Duration KEPT = Duration.ofDays(1);

    /** Of all jobs together: parts without an end are not collected without an end. */
    private static final int MAX_ATTEMPTS = 200;

    /** A clip whose files are all there and have the digests that its worker has sent. */
    record Result(Path directory, Finished finished) {}

    /**
     * Writes a part of a file.
     *
     * @throws IOException if it cannot be written
     * @throws WireException if parts before it are missing, or there are too many attempts
     */
    void add(FilePart part) throws IOException, WireException {
        Attempt.File.requireName(part.file());
        Path attempt = attempt(part.subject(), part.attempt());
        if (!Files.isDirectory(attempt)) {
            if (attempts() >= MAX_ATTEMPTS) {
                throw new WireException("more than " + MAX_ATTEMPTS + " attempts at clips have sent files");
            }
            Files.createDirectories(attempt);
        }
        Path file = attempt.resolve(part.file());
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (part.offset() > out.size()) {
                throw new WireException(
                        "a part of " + part.file() + " at " + part.offset() + " after " + out.size() + " bytes");
            }
            out.position(part.offset());
            ByteBuffer bytes = ByteBuffer.wrap(part.bytes());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    private synchronized long attempts() throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(folder, 2)) {
            return all.filter(path -> path.getNameCount() == folder.getNameCount() + 2)
                    .count();
        }
    }

    /**
     * Checks the files of a clip, and keeps that they are complete.
     *
     * @return the clip
     * @throws WireException if a file is missing or is not as the worker says
     * @throws IOException if they cannot be read
     */
    Result finish(Finished finished) throws IOException, WireException {
        Path directory = attempt(finished.of().job(), finished.of().attempt());
        for (Attempt.File file : finished.files()) {
            check(directory.resolve(file.name()), file);
        }
        Path draft = directory.resolve(COMPLETE + ".draft");
        Files.writeString(draft, finished.text(), StandardCharsets.UTF_8);
        Files.move(draft, directory.resolve(COMPLETE), StandardCopyOption.ATOMIC_MOVE);
        return new Result(directory, finished);
    }

    private static void check(Path file, Attempt.File expected) throws IOException, WireException {
        long size;
        try {
            size = Files.size(file);
        } catch (NoSuchFileException e) {
            throw new WireException(expected.name() + " has not arrived", e);
        }
        if (size != expected.bytes()) {
            throw new WireException(
                    expected.name() + " has " + size + " bytes, its worker has sent " + expected.bytes());
        }
        if (!sha256(file).equals(expected.sha256())) {
            throw new WireException(expected.name() + " has not the SHA-256 that its worker has sent");
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Finds a clip that arrived before this process, or before it was asked for. What is of another version, or is not whole any
     * more, is deleted: it is made anew.
     */
    Optional<Result> find(String job) throws IOException {
        if (!Files.isDirectory(folder.resolve(job))) {
            return Optional.empty();
        }
        List<Path> attempts;
        try (Stream<Path> all = Files.list(folder.resolve(job))) {
            attempts = all.filter(attempt -> Files.exists(attempt.resolve(COMPLETE)))
                    .toList();
        }
        for (Path attempt : attempts) {
            try {
                Finished finished = WireMessage.read(Files.readString(attempt.resolve(COMPLETE)), Finished.class);
                for (Attempt.File file : finished.files()) {
                    check(attempt.resolve(file.name()), file);
                }
                return Optional.of(new Result(attempt, finished));
            } catch (WireException e) {
                LOG.warn("What has arrived of generation {} is discarded: {}", job, e.getMessage());
                delete(attempt);
            }
        }
        return Optional.empty();
    }

    /** Deletes what has arrived of an attempt. */
    synchronized void delete(String job, String attempt) throws IOException {
        delete(attempt(job, attempt));
    }

    /** Deletes what has arrived of a job. */
    synchronized void delete(String job) throws IOException {
        delete(folder.resolve(job));
    }

    /**
     * Deletes what belongs to no job that will be submitted again.
     *
     * @param clock tells how old it is
     * @param waiting IDs of jobs whose clips are waited for: the clock may have been set
     */
    synchronized void deleteAbandoned(InstantSource clock, Set<String> waiting) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Instant latest = clock.instant().minus(KEPT);
        List<Path> jobs;
        try (Stream<Path> all = Files.list(folder)) {
            jobs = all.toList();
        }
        for (Path job : jobs) {
            if (!waiting.contains(String.valueOf(job.getFileName()))
                    && Files.getLastModifiedTime(job).toInstant().isBefore(latest)) {
                delete(job);
            }
        }
    }

    private Path attempt(String job, String attempt) {
        return folder.resolve(job).resolve(attempt);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> all = Files.walk(tree)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
