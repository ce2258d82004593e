package org.patchreel.policy.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CrashTest {

    private static final int ROUNDS = 3;
    private static final int RECORDS = 25;

    @TempDir
    Path folder;

    /** Two processes write one log and are killed in the middle of it, again and again. */
    @Test
    void nothingThatWasRecordedIsLostWhenItsProcessIsKilled() throws Exception {
        Map<Long, String> recorded = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Process> writers = new ArrayList<>();
            for (String host : List.of("a", "b")) {
                writers.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                WriterProcess.class.getName(),
                                folder.toString(),
                                host)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
            }
            try {
                for (Process writer : writers) {
                    BufferedReader said = writer.inputReader();
                    for (int i = 0; i < RECORDS; i++) {
                        String line = String.valueOf(said.readLine());
                        int space = line.indexOf(' ');
                        recorded.put(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
                    }
                }
            } finally {
                writers.forEach(Process::destroyForcibly);
                for (Process writer : writers) {
                    writer.waitFor(20, TimeUnit.SECONDS);
                }
            }
        }
        TestLog log = new TestLog(folder);
        log.append("made", "after", "anna");
        assertEquals(Optional.empty(), log.broken());
        Map<Long, String> kept = new HashMap<>();
        new AuditChain(log.folder).read((place, line) -> {
            AuditRecord record = line.toRecord();
            kept.put(record.sequence(), record.hash());
            return true;
        });
        assertEquals(2 * ROUNDS * RECORDS, recorded.size());
        recorded.forEach((sequence, hash) -> assertEquals(hash, kept.get(sequence), "record " + sequence));
        assertTrue(kept.size() >= recorded.size() + 1);
    }
}
