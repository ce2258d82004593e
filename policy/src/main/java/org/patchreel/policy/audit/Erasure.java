package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.patchreel.api.Requester;

/**
 * Erases personal values from records, whose hashes stay as they are. A file is written anew beside and moved into place, while others
 * wait; what is left out is not on the disk under a name any more.
 */
final class Erasure {

    private static final String RETENTION = "retention";
    private static final String REQUEST = "request";

    private final AuditFolder folder;
    private final AuditLog log;
    private final InstantSource clock;

    Erasure(AuditFolder folder, AuditLog log, InstantSource clock) {
        this.folder = folder;
        this.log = log;
        this.clock = clock;
    }

    /**
     * Erases what was recorded of a person: all personal values of what that person has done, and of the jobs that the person has
     * submitted.
     *
     * @param user the host's ID
     * @param by who erases it, which is recorded
     * @return how many records were changed
     */
    long ofUser(String user, Requester by) throws IOException {
        Set<String> subjects = new HashSet<>();
        new AuditChain(folder).read((place, line) -> {
            try {
                AuditRecord record = line.toRecord();
                if (record.type().equals("submitted")
                        && record.user().filter(user::equals).isPresent()) {
                    subjects.add(record.subject());
                }
            } catch (IllegalArgumentException e) {
                // verification tells of it; an erasure is not held up by it
            }
            return true;
        });
        String needle = CanonicalJson.write(TextNode.valueOf(user));
        return erase(
                REQUEST,
                by,
                day -> true,
                record -> record.user().filter(user::equals).isPresent()
                        || (subjects.contains(record.subject()) && record.user().isEmpty()),
                torn -> new String(torn, UTF_8).contains(needle.substring(0, needle.length() - 1)));
    }

    /**
     * Erases what is old.
     *
     * @param age of the records
     * @return how many records were changed
     */
    long olderThan(Duration age) throws IOException {
        Instant end = clock.instant().minus(age);
        return erase(
                RETENTION,
                Requester.UNKNOWN,
                day -> !Instant.parse(day + "T00:00:00Z").isAfter(end),
                record -> record.instant().isBefore(end),
                torn -> false);
    }

    private long erase(
            String cause,
            Requester by,
            Predicate<String> days,
            Predicate<AuditRecord> records,
            Predicate<byte[]> tornFiles)
            throws IOException {
        long changed = 0;
        for (Path file : folder.files()) {
            if (days.test(AuditFolder.day(file))) {
                changed += eraseIn(file, cause, records);
            }
        }
        for (Path torn : folder.torn()) {
            boolean old = cause.equals(RETENTION) && days.test(AuditFolder.dayOfTorn(torn));
            if (Files.size(torn) > 0 && (old || tornFiles.test(Files.readAllBytes(torn)))) {
                Files.write(torn, new byte[0], StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC);
                changed++;
            }
        }
        if (changed > 0) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("cause", cause);
            facts.put("records", changed);
            log.append(new AuditRecord.Entry(
                    clock.instant(), log.host(), "erased", "log", facts, FileAuditSink.requester(by)));
        }
        return changed;
    }

    private long eraseIn(Path file, String cause, Predicate<AuditRecord> records) throws IOException {
        if (!concerns(file, records)) {
            return 0;
        }
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        return folder.locked(() -> {
            try {
                long changed = copy(file, beside, cause, records);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
                folder.forceNames();
                return changed;
            } finally {
                Files.deleteIfExists(beside);
            }
        });
    }

    /** {@return how many records are erased in the copy, which is on the disk} */
    private long copy(Path file, Path beside, String cause, Predicate<AuditRecord> records) throws IOException {
        Instant now = clock.instant();
        long changed = 0;
        Files.deleteIfExists(beside);
        try (FileChannel channel = AuditFolder.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
                Lines lines = new Lines(file)) {
            for (Optional<Lines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                Optional<AuditRecord> record = toErase(line.get(), records);
                if (record.isPresent()) {
                    changed++;
                    out.write(record.get().erased(now, cause).text().getBytes(UTF_8));
                } else {
                    out.write(line.get().bytes());
                }
                if (line.get().fault().isEmpty()) {
                    out.write('\n');
                }
            }
            out.flush();
            channel.force(true);
        }
        return changed;
    }

    private static boolean concerns(Path file, Predicate<AuditRecord> records) throws IOException {
        try (Lines lines = new Lines(file)) {
            for (Optional<Lines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (toErase(line.get(), records).isPresent()) {
                    return true;
                }
            }
            return false;
        }
    }

    /** {@return the record of a line, if it is to be erased and has something left to erase} */
    private static Optional<AuditRecord> toErase(Lines.Line line, Predicate<AuditRecord> records) {
        try {
            return Optional.of(line.toRecord()).filter(AuditRecord::hasPersonal).filter(records);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a damaged line stays as it is, for verification
        }
    }
}
