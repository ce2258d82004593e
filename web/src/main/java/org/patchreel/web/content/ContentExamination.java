package org.patchreel.web.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.web.http.Deadline;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives files and has them examined, a few at a time. A file waits for its turn only after all of it has arrived, so that
 * slow senders keep nobody waiting; how long it may take to arrive, to wait and to be examined is limited, and so is the
 * space that all files take. May be used by any thread.
 */
public final class ContentExamination {

    private static final Logger LOG = LoggerFactory.getLogger(ContentExamination.class);

    /** How the names of files begin. */
    private static final String UPLOAD = "content-";

    /** Files that are examined at the same time; each keeps a processor busy for seconds. */
    private static final int FILES_AT_ONCE = 2;

    /** The space for all files, in files of the largest size. */
    private static final int MAX_LARGE_FILES = 4;

    /**
     * How long a file may take.
     *
     * @param arriving until all of it is here
     * @param waiting for its turn
     * @param examining it
     */
    public record Times(Duration arriving, Duration waiting, Duration examining) {
        /** Enough for large files over slow lines. */
        public static final Times STANDARD =
                new Times(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofMinutes(2));
    }

    private final Path folder;
    private final ProvenanceVerifier verifier;
    private final long maxUpload;
    private final Times times;
    private final Semaphore turns = new Semaphore(FILES_AT_ONCE, true);
    private final AtomicLong keptBytes = new AtomicLong();

    /**
     * Creates an examination.
     *
     * @param folder for the files
     * @param verifier examines them
     * @param maxUpload bytes of a file
     * @param times how long a file may take
     */
    public ContentExamination(Path folder, ProvenanceVerifier verifier, long maxUpload, Times times) {
        this.folder = folder;
        this.verifier = verifier;
        this.maxUpload = maxUpload;
        this.times = times;
    }

    /** Removes the files that were received before a time. */
    public static void removeLeftovers(Path folder, Instant before) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UPLOAD + "*")) {
            for (Path file : left) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("{}: what an earlier process left cannot be removed: {}", folder, e.toString());
        }
    }

    /** An answer about a file. */
    private interface Reading<T> {
        T of(Path file) throws IOException;
    }

    /**
     * Examines the video or picture of a request.
     *
     * @throws Refusal 415 if it is said to be something else, or as below
     */
    public ProvenanceReport examine(Request request) throws IOException, Refusal {
        checkType(request);
        return examine(request.body());
    }

    /**
     * Validates the manifests of the video or picture of a request.
     *
     * @throws Refusal 415 if it is said to be something else, or as below
     */
    public ContentCredentials contentCredentials(Request request) throws IOException, Refusal {
        checkType(request);
        return received(request.body(), verifier::contentCredentials);
    }

    private void checkType(Request request) throws Refusal {
        String type = request.header("Content-Type").orElse("");
        if (!type.matches("(?i)(video|image)/.*|application/octet-stream")) {
            throw new Refusal(
                            415,
                            "videos and pictures are examined, and application/octet-stream if the type is not known;"
                                    + " not \"" + type + "\"")
                    .at("Content-Type");
        }
        checkLength(request.contentLength());
    }

    /**
     * Receives a file, examines it and deletes it.
     *
     * @throws Refusal if it is too large, or takes too long to arrive, to wait or to be examined
     */
    public ProvenanceReport examine(InputStream body) throws IOException, Refusal {
        return received(body, verifier::verify);
    }

    private <T> T received(InputStream body, Reading<T> reading) throws IOException, Refusal {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, UPLOAD, "");
        try {
            receive(body, file);
            return inTurn(file, reading);
        } finally {
            keptBytes.addAndGet(-Files.size(file));
            Files.deleteIfExists(file);
        }
    }

    /**
     * Refuses a file before it is received.
     *
     * @param length in bytes that the client announced, or -1 if it did not
     * @throws Refusal if it is too large
     */
    public void checkLength(long length) throws Refusal {
        if (length > maxUpload) {
            throw new Refusal(413, "a file has at most " + maxUpload + " bytes");
        }
    }

    private void receive(InputStream body, Path file) throws IOException, Refusal {
        long start = System.nanoTime();
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        try (InputStream in = body;
                OutputStream out = Files.newOutputStream(file)) {
            for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
                length += read;
                checkLength(length);
                if (System.nanoTime() - start > times.arriving().toNanos()) {
                    throw new Refusal(
                            408, "a file must arrive within " + times.arriving().toSeconds() + " seconds");
                }
                if (keptBytes.get() + read > MAX_LARGE_FILES * maxUpload) {
                    throw Refusal.busy("there is no space left for other files");
                }
                out.write(buffer, 0, read);
                keptBytes.addAndGet(read);
            }
        }
    }

    /** That a client goes away is its own affair, and no failure. */
    private static int read(InputStream in, byte[] buffer) throws Refusal {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new Refusal(400, "the file broke off");
        }
    }

    private <T> T inTurn(Path file, Reading<T> reading) throws IOException, Refusal {
        try {
            if (!turns.tryAcquire(times.waiting().toMillis(), TimeUnit.MILLISECONDS)) {
                throw Refusal.busy("other files are being examined");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.busy("the service is being stopped");
        }
        Deadline deadline = new Deadline(times.examining());
        try {
            return reading.of(file);
        } catch (ClosedByInterruptException | CancellationException e) {
            throw new Refusal(
                    422,
                    "examining the file takes longer than " + times.examining().toSeconds() + " seconds");
        } finally {
            deadline.close();
            turns.release();
        }
    }
}
