package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records to the log of a folder. Keeps nothing in memory: before each record the end of the log is read again, so that several
 * processes write one chain, one at a time. What it finds damaged there it records, and goes on. Safe for use from any thread.
 */
final class AuditLog {

    /** Type of the records that say what was found damaged. */
    static final String DAMAGE = "damaged";

    /** A record was being written when its process or its machine ended. Nobody was told that it was recorded. */
    static final String TORN_LINE = "torn-line";

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final AuditFolder folder;
    private final String host;
    private final InstantSource clock;
    private final long maxSize;

    /**
     * Creates one; nothing is opened yet.
     *
     * @param folder of the log
     * @param host name of this machine
     * @param clock says which day it is
     * @param maxSize of a file in bytes; a record beyond begins another one, as the first one of a day (UTC) does
     */
    AuditLog(AuditFolder folder, String host, InstantSource clock, long maxSize) {
        this.folder = folder;
        this.host = host;
        this.clock = clock;
        this.maxSize = maxSize;
    }

    /** The end of a log: its last file, how far it is whole, and the record there. */
    private record End(Optional<Path> file, long size, AuditFolder.Head head) {}

    /**
     * Appends a record. When this returns, it is on the disk.
     *
     * @return the record, and whether it is the first one of a file
     * @throws IOException if it cannot be written; the log ends with a whole record then, or the next call finds that it does not
     */
    Appended append(AuditRecord.Entry entry) throws IOException {
        return folder.locked(() -> append(entry, sound(end(), folder.head())));
    }

    /**
     * What was appended.
     *
     * @param record as it was written
     * @param beginsFile whether it is the first one of a file
     */
    record Appended(AuditRecord record, boolean beginsFile) {}

    /**
     * How far the log goes.
     *
     * @param sequence of the last record; {@link Long#MAX_VALUE} if the last line cannot be read
     * @param noted what the log has noted of its end
     */
    record Extent(long sequence, Optional<AuditFolder.Head> noted) {}

    /** {@return how far the log goes now, for verification while others write} */
    Extent extent() throws IOException {
        return folder.locked(() -> {
            long last = end().head().sequence();
            return new Extent(last < 0 ? Long.MAX_VALUE : last, folder.head());
        });
    }

    String host() {
        return host;
    }

    private Appended append(AuditRecord.Entry entry, End end) throws IOException {
        AuditRecord record =
                AuditRecord.of(entry, end.head().sequence() + 1, end.head().hash());
        byte[] line = (record.text() + "\n").getBytes(UTF_8);
        if (line.length > AuditRecord.MAX_LINE) {
            throw new IOException("a record of " + line.length + " bytes is too long for the audit log, which takes "
                    + AuditRecord.MAX_LINE);
        }
        LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Optional<Path> current = end.file()
                .filter(file -> AuditFolder.day(file).equals(day.toString()) && end.size() + line.length <= maxSize);
        if (current.isPresent()) {
            write(current.get(), end.size(), line, false);
        } else {
            if (end.head().sequence() > 0) {
                LOG.info(
                        "The audit log {} begins another file after record {} with hash {}",
                        folder.path(),
                        end.head().sequence(),
                        end.head().hash());
            }
            write(folder.file(record.sequence(), day), 0, line, true);
            folder.forceNames();
        }
        folder.head(new AuditFolder.Head(record.sequence(), record.hash()));
        return new Appended(record, current.isEmpty());
    }

    private static void write(Path file, long position, byte[] line, boolean fresh) throws IOException {
        try (FileChannel channel = fresh
                ? AuditFolder.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                : AuditFolder.open(file, StandardOpenOption.WRITE)) {
            try {
                AuditFolder.write(channel, ByteBuffer.wrap(line), position);
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(position);
                throw e;
            }
        }
    }

    /** Reads the end of the last file that has a whole record. */
    private End end() throws IOException {
        List<Path> files = folder.files();
        for (int i = files.size() - 1; i >= 0; i--) {
            Path file = files.get(i);
            long size = wholeSize(file);
            Optional<byte[]> line = lastLine(file, size);
            if (line.isPresent()) {
                AuditFolder.Head head;
                try {
                    AuditRecord record = new Lines.Line(line.get(), Optional.empty()).toRecord();
                    head = new AuditFolder.Head(record.sequence(), record.hash());
                } catch (IllegalArgumentException e) {
                    head = new AuditFolder.Head(-1, ""); // somebody has changed it
                }
                return new End(Optional.of(files.get(files.size() - 1)), wholeSize(files.get(files.size() - 1)), head);
            }
        }
        return new End(
                files.isEmpty() ? Optional.empty() : Optional.of(files.get(files.size() - 1)),
                0,
                AuditFolder.Head.NONE);
    }

    /** Brings a log into a state to which a record can be appended, and records what was wrong. */
    private End sound(End end, Optional<AuditFolder.Head> noted) throws IOException {
        End now = end;
        List<Map<String, Object>> damage = new ArrayList<>();
        if (end.file().isPresent() && Files.size(end.file().get()) > end.size()) {
            damage.add(setAside(end.file().get(), end.size()));
        }
        AuditFolder.Head last = end.head();
        if (noted.isPresent() && noted.get().sequence() > last.sequence()) {
            AuditFolder.Head lost = noted.get();
            Map<String, Object> problem = new LinkedHashMap<>();
            problem.put("problem", last.sequence() < 0 ? "unreadable-line" : "records-missing");
            problem.put("last", last.sequence());
            problem.put("noted", lost.sequence());
            problem.put("notedHash", lost.hash());
            damage.add(problem);
            now = new End(
                    end.file(),
                    end.size(),
                    new AuditFolder.Head(lost.sequence(), last.sequence() < 0 ? lost.hash() : last.hash()));
        } else if (last.sequence() < 0) {
            throw new IOException("the last record of the audit log " + folder.path()
                    + " cannot be read, and nothing notes where it ended: move the folder away, and keep it");
        } else if (noted.isEmpty() && last.sequence() > 1) {
            damage.add(Map.of("problem", "head-missing", "last", last.sequence()));
        } else if (noted.isPresent()
                && noted.get().sequence() == last.sequence()
                && !noted.get().hash().equals(last.hash())) {
            damage.add(Map.of(
                    "problem",
                    "record-changed",
                    "last",
                    last.sequence(),
                    "notedHash",
                    noted.get().hash()));
        }
        for (Map<String, Object> problem : damage) {
            LOG.warn("The audit log {} is damaged: {}", folder.path(), problem);
            AuditRecord record = append(
                            new AuditRecord.Entry(clock.instant(), host, DAMAGE, "log", problem, Map.of()), now)
                    .record();
            End written = end();
            now = new End(written.file(), written.size(), new AuditFolder.Head(record.sequence(), record.hash()));
        }
        return now;
    }

    /** Moves the beginning of a record that was never finished out of the way. */
    private Map<String, Object> setAside(Path file, long size) throws IOException {
        byte[] torn;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            torn = read(channel, size, (int) Math.min(channel.size() - size, AuditRecord.MAX_LINE));
        }
        Instant now = clock.instant();
        Path aside = file.resolveSibling(file.getFileName() + "." + size + "-" + now.toEpochMilli() + ".torn");
        try (FileChannel channel = AuditFolder.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            AuditFolder.write(channel, ByteBuffer.wrap(torn), 0);
            channel.force(true);
        }
        folder.forceNames();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("problem", TORN_LINE);
        problem.put("bytes", (long) torn.length);
        problem.put("sha256", CanonicalJson.sha256(torn));
        problem.put("keptIn", aside.getFileName().toString());
        return problem;
    }

    /** {@return how many bytes of a file are whole lines} */
    private static long wholeSize(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return lineEndBefore(channel, channel.size()) + 1;
        }
    }

    /** {@return the last line of those bytes, without its end; empty if there is none} */
    private static Optional<byte[]> lastLine(Path file, long size) throws IOException {
        if (size == 0) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = lineEndBefore(channel, size - 1) + 1;
            return Optional.of(read(channel, start, (int) Math.min(size - 1 - start, AuditRecord.MAX_LINE + 1L)));
        }
    }

    /** {@return where the last line end before a position is; -1 if there is none} */
    private static long lineEndBefore(FileChannel channel, long position) throws IOException {
        long end = position;
        while (end > 0) {
            long start = Math.max(0, end - (1 << 13));
            byte[] bytes = read(channel, start, (int) (end - start));
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    return start + i;
                }
            }
            end = start;
        }
        return -1;
    }

    private static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("the audit log was shortened while it was read");
            }
        }
        return bytes.array();
    }
}
