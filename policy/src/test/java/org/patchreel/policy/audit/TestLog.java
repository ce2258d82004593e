package org.patchreel.policy.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.Requester;

/** A log whose clock a test sets. */
final class TestLog {

    static final long MAX_SIZE = 1 << 20;

    final Path path;
    final AuditFolder folder;
    Instant now = Instant.parse("2026-12-01T10:00:00Z");
    private final long maxSize;

    TestLog(Path path) {
        this(path, MAX_SIZE);
    }

    TestLog(Path path, long maxSize) {
        this.path = path;
        this.maxSize = maxSize;
        folder = new AuditFolder(path, Duration.ofSeconds(20));
    }

    AuditLog log() {
        InstantSource clock = () -> now;
        return new AuditLog(folder, "dam1", clock, maxSize);
    }

    Erasure erasure() {
        return new Erasure(folder, log(), () -> now);
    }

    AuditRecord append(String type, String subject, String user) throws IOException {
        return log().append(new AuditRecord.Entry(
                        now,
                        "dam1",
                        type,
                        subject,
                        Map.of(
                                "model",
                                "starter",
                                "count",
                                3L,
                                "text",
                                "a \"quoted\"\nline \u00e9 \ud83d\ude00 \u0001"),
                        FileAuditSink.requester(Requester.of(user))))
                .record();
    }

    /** Appends some records of users in turn. */
    TestLog filled(int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            append("submitted", "job" + i, i % 2 == 0 ? "anna" : "bob");
        }
        return this;
    }

    AuditChain.Verification verify(AuditFolder.Head... kept) throws IOException {
        return new AuditChain(folder).verify(log().extent(), List.of(kept));
    }

    Optional<String> broken() throws IOException {
        return verify().broken().map(AuditChain.Broken::toString);
    }

    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : folder.files()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    Path onlyFile() throws IOException {
        List<Path> files = folder.files();
        if (files.size() != 1) {
            throw new AssertionError(files);
        }
        return files.get(0);
    }

    /** Writes the only file anew, with other lines. */
    void rewrite(List<String> lines) throws IOException {
        Files.writeString(onlyFile(), String.join("\n", lines) + "\n");
    }
}
