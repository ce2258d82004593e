package org.patchreel.policy.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    @TempDir
    Path folder;

    @Test
    void eachRecordHasTheHashOfTheOneBefore() throws IOException {
        TestLog log = new TestLog(folder.resolve("audit"));
        AuditRecord first = log.append("submitted", "a", "anna");
        AuditRecord second = log.append("made", "a", "anna");
        assertEquals(1, first.sequence());
        assertEquals(AuditRecord.NOTHING, first.previous());
        assertEquals(first.hash(), second.previous());
        assertEquals(List.of(first.text(), second.text()), log.lines());
        AuditChain.Verification found = log.verify();
        assertEquals(Optional.empty(), found.broken());
        assertEquals(new AuditFolder.Head(2, second.hash()), found.head());
    }

    @Test
    void nobodyElseMayReadTheFiles() throws IOException {
        TestLog log = new TestLog(folder.resolve("audit")).filled(1);
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log.path)));
        try (var files = Files.list(log.path)) {
            for (Path file : files.toList()) {
                assertEquals(
                        java.util.Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE),
                        Files.getPosixFilePermissions(file),
                        file.toString());
            }
        }
    }

    @Test
    void aDayAndASizeBeginAnotherFileWhoseFirstLineHasTheLastHash() throws IOException {
        TestLog log = new TestLog(folder.resolve("audit"), 2000).filled(6);
        int filesOfADay = log.folder.files().size();
        assertTrue(filesOfADay > 1, log.folder.files().toString());
        log.now = log.now.plus(Duration.ofDays(1));
        log.append("made", "x", "anna");
        assertEquals(filesOfADay + 1, log.folder.files().size());
        assertEquals(
                "000000000007-2026-12-02.jsonl",
                log.folder.files().get(filesOfADay).getFileName().toString());
        assertEquals(Optional.empty(), log.broken());
        assertEquals(7, log.verify().records());
    }

    @Test
    void aChangedFactIsFound() throws IOException {
        TestLog log = new TestLog(folder).filled(5);
        List<String> lines = new ArrayList<>(log.lines());
        lines.set(1, lines.get(1).replace("starter", "another"));
        log.rewrite(lines);
        assertEquals(
                Optional.of(
                        "000000000001-2026-12-01.jsonl, line 3: record 2 is not as it was when record 3 was written"),
                log.broken());
    }

    @Test
    void aChangedLastRecordIsFoundAndStaysKnownWhenMoreIsWritten() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        List<String> lines = new ArrayList<>(log.lines());
        lines.set(2, lines.get(2).replace("starter", "another"));
        log.rewrite(lines);
        assertTrue(
                log.broken().orElseThrow().contains("record 3 has the hash"),
                log.broken().toString());
        log.append("made", "x", "anna");
        assertTrue(
                log.broken().orElseThrow().contains("record-changed"),
                log.broken().toString());
    }

    @Test
    void aChangedPersonalValueIsFound() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        List<String> lines = new ArrayList<>(log.lines());
        lines.set(1, lines.get(1).replace("anna", "carl"));
        log.rewrite(lines);
        assertTrue(
                log.broken().orElseThrow().endsWith("record 2: personal value requester was changed"),
                log.broken().toString());
    }

    @Test
    void aPersonalValueThatWasRemovedWithoutANoteIsFound() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        List<String> lines = new ArrayList<>(log.lines());
        lines.set(1, lines.get(1).replaceFirst("\"personal\":\\{.*?\\}\\}\\}", "\"personal\":{}"));
        log.rewrite(lines);
        assertTrue(
                log.broken().orElseThrow().contains("requester was removed"),
                log.broken().toString());
    }

    @Test
    void aRemovedRecordIsFound() throws IOException {
        TestLog log = new TestLog(folder).filled(5);
        List<String> lines = new ArrayList<>(log.lines());
        lines.remove(2);
        log.rewrite(lines);
        assertEquals(
                Optional.of("000000000001-2026-12-01.jsonl, line 3: record 3 is missing before record 4"),
                log.broken());
    }

    @Test
    void recordsInAnotherOrderAreFound() throws IOException {
        TestLog log = new TestLog(folder).filled(5);
        List<String> lines = new ArrayList<>(log.lines());
        java.util.Collections.swap(lines, 2, 3);
        log.rewrite(lines);
        assertTrue(
                log.broken().orElseThrow().contains("line 3: record 3 is missing"),
                log.broken().toString());
    }

    @Test
    void anInsertedRecordIsFound() throws IOException {
        TestLog log = new TestLog(folder).filled(4);
        List<String> lines = new ArrayList<>(log.lines());
        lines.add(2, lines.get(1));
        log.rewrite(lines);
        assertEquals(
                Optional.of("000000000001-2026-12-01.jsonl, line 3: record 2 stands where record 3 should be"),
                log.broken());
    }

    @Test
    void aRemovedFileIsFound() throws IOException {
        TestLog log = new TestLog(folder, 2000).filled(9);
        Files.delete(log.folder.files().get(1));
        assertTrue(
                log.broken().orElseThrow().contains("missing before record"),
                log.broken().toString());
    }

    @Test
    void aShortenedLogIsFoundAndStaysKnownWhenMoreIsWritten() throws IOException {
        TestLog log = new TestLog(folder).filled(5);
        log.rewrite(log.lines().subList(0, 3));
        assertEquals(Optional.of("the log ends with record 3; it had records up to 5"), log.broken());
        log.append("made", "x", "anna");
        assertEquals(
                Optional.of("000000000001-2026-12-01.jsonl, line 4: records 4 to 5 are missing before record 6"),
                log.broken());
    }

    @Test
    void aMissingHeadIsFoundAndStaysKnownWhenMoreIsWritten() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        Files.delete(folder.resolve("head"));
        assertTrue(
                log.broken().orElseThrow().contains("head is missing"),
                log.broken().toString());
        log.append("made", "x", "anna");
        assertTrue(
                log.broken().orElseThrow().contains("head-missing"),
                log.broken().toString());
    }

    @Test
    void aLogThatWasWrittenAnewAsAWholeDoesNotHaveTheHeadThatWasKeptElsewhere() throws IOException {
        TestLog log = new TestLog(folder.resolve("one")).filled(3);
        AuditFolder.Head kept = log.verify().head();
        TestLog forged = new TestLog(folder.resolve("other")).filled(4);
        assertEquals(Optional.empty(), forged.broken());
        assertTrue(forged.verify(kept).broken().orElseThrow().problem().contains("record 3 has the hash"));
        log.filled(2);
        assertEquals(Optional.empty(), log.verify(kept).broken());
    }

    @Test
    void aTornLastLineIsSetAsideAndRecordedAndTheChainGoesOn() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        String torn = "{\"commitments\":{\"requ";
        Files.writeString(log.onlyFile(), torn, StandardOpenOption.APPEND);
        assertEquals(Optional.empty(), log.broken());
        AuditRecord next = log.append("made", "x", "anna");
        assertEquals(5, next.sequence());
        AuditRecord note = AuditRecord.parse(log.lines().get(3));
        assertEquals(AuditLog.DAMAGE, note.type());
        assertEquals(AuditLog.TORN_LINE, note.facts().get("problem").textValue());
        assertEquals(
                torn, Files.readString(folder.resolve(note.facts().get("keptIn").textValue())));
        AuditChain.Verification found = log.verify();
        assertEquals(Optional.empty(), found.broken());
        assertEquals(1, found.tornLines());
    }

    @Test
    void aTornFirstLineIsSetAside() throws IOException {
        TestLog log = new TestLog(folder);
        Files.writeString(folder.resolve("000000000001-2026-12-01.jsonl"), "{\"seq");
        log.append("made", "x", "anna");
        assertEquals(Optional.empty(), log.broken());
        assertEquals(2, log.lines().size());
    }

    @Test
    void anUnreadableLastLineIsRecordedAndFound() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        Files.writeString(log.onlyFile(), "what is this\n", StandardOpenOption.APPEND);
        assertTrue(log.broken().isPresent());
        log.append("made", "x", "anna");
        assertEquals(
                Optional.of("000000000001-2026-12-01.jsonl, line 4: the line cannot be read: not JSON"), log.broken());
    }

    @Test
    void aHeadThatIsOneBehindIsWhatACrashLeaves() throws IOException {
        TestLog log = new TestLog(folder).filled(3);
        byte[] head = Files.readAllBytes(folder.resolve("head"));
        log.filled(1);
        Files.write(folder.resolve("head"), head);
        assertEquals(Optional.empty(), log.broken());
        assertEquals(5, log.append("made", "x", "anna").sequence());
        assertEquals(Optional.empty(), log.broken());
    }

    @Test
    void hostileLinesAreRefusedWithoutTheirContent() throws IOException {
        for (String line : List.of("", "[]", "{}", "null", "{\"sequence\":1.5}", "\"x\"", "{\"a\":1,\"a\":2}")) {
            String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> AuditRecord.parse(line))
                    .getMessage());
            assertFalse(message.isEmpty(), line);
        }
        TestLog log = new TestLog(folder).filled(2);
        Files.writeString(log.onlyFile(), "x".repeat(AuditRecord.MAX_LINE + 10), StandardOpenOption.APPEND);
        log.append("made", "x", "anna");
        assertEquals(Optional.empty(), log.broken());
    }

    @Test
    void aNumberThatIsNotWholeIsNoValue() {
        TestLog log = new TestLog(folder);
        assertThrows(
                IllegalArgumentException.class,
                () -> log.log()
                        .append(new AuditRecord.Entry(log.now, "h", "made", "x", Map.of("similarity", 0.5), Map.of())));
    }

    @Test
    void halfACharacterIsWrittenAsAQuestionMark() throws IOException {
        TestLog log = new TestLog(folder);
        log.append("made", "x", "an\ud83dna");
        assertEquals(Optional.of("an?na"), AuditRecord.parse(log.lines().get(0)).user());
        assertEquals(Optional.empty(), log.broken());
    }

    @Test
    void manyThreadsWriteOneChain() throws Exception {
        TestLog log = new TestLog(folder, 5000);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<AuditRecord>> tasks = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                int number = i;
                tasks.add(() -> log.append("made", "job" + number, "anna"));
            }
            for (Future<AuditRecord> each : threads.invokeAll(tasks)) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(Optional.empty(), log.broken());
        assertEquals(80, log.verify().records());
    }

    @Test
    void whoWaitsTooLongForAnotherWriterIsTold() throws Exception {
        AuditFolder impatient = new AuditFolder(folder, Duration.ofMillis(50));
        new TestLog(folder).filled(1);
        AuditFolder.Lock held = impatient.lock();
        Thread other = new Thread(() -> {
            IOException e = assertThrows(IOException.class, impatient::lock);
            failure = String.valueOf(e.getMessage());
        });
        other.start();
        other.join();
        held.close();
        assertTrue(failure.contains("has been locked"), failure);
        impatient.lock().close();
    }

    private volatile String failure = "";

    @Test
    void aFileInPlaceOfTheFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("audit"), "");
        IOException e = assertThrows(IOException.class, () -> new TestLog(file).filled(1));
        assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), e.toString());
    }

    @Test
    void anOpenFileIsNotNeededBetweenRecords() throws IOException {
        TestLog log = new TestLog(folder).filled(1);
        try (FileChannel lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE)) {
            assertTrue(lock.tryLock() != null);
        }
        log.filled(1);
        assertEquals(Optional.empty(), log.broken());
    }
}
