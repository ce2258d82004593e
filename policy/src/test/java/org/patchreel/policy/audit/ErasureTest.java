package org.patchreel.policy.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Requester;

class ErasureTest {

    @TempDir
    Path folder;

    @Test
    void nothingOfAPersonIsLeftAndTheChainIsStillVerified() throws IOException {
        TestLog log = new TestLog(folder, 2500).filled(7);
        AuditFolder.Head kept = log.verify().head();
        assertEquals(3, log.erasure().ofUser("anna", Requester.of("officer")));
        assertFalse(everything().contains("anna"));
        assertTrue(everything().contains("bob"));
        AuditChain.Verification found = log.verify(kept);
        assertEquals(Optional.empty(), found.broken());
        assertEquals(3, found.erased());
        AuditRecord note = AuditRecord.parse(log.lines().get(7));
        assertEquals("erased", note.type());
        assertEquals("request", note.facts().get("cause").textValue());
        assertEquals(3, note.facts().get("records").intValue());
        assertEquals(Optional.of("officer"), note.user());
    }

    @Test
    void whatTheInstallationHasRecordedOfAPersonsJobIsErasedToo() throws IOException {
        TestLog log = new TestLog(folder);
        log.append("submitted", "a", "anna");
        log.log()
                .append(new AuditRecord.Entry(
                        log.now,
                        "dam1",
                        "failed",
                        "a",
                        Map.of(),
                        Map.of("message", "portrait of anna.png is missing")));
        log.append("released", "a", "officer");
        assertEquals(2, log.erasure().ofUser("anna", Requester.UNKNOWN));
        assertFalse(everything().contains("anna"));
        assertTrue(everything().contains("officer"));
        assertEquals(Optional.empty(), log.broken());
    }

    @Test
    void aNameThatIsAPartOfAnotherIsAnotherPerson() throws IOException {
        TestLog log = new TestLog(folder);
        log.append("submitted", "a", "annabel");
        assertEquals(0, log.erasure().ofUser("anna", Requester.UNKNOWN));
        assertTrue(everything().contains("annabel"));
    }

    @Test
    void aTornRecordOfThePersonIsEmptied() throws IOException {
        TestLog log = new TestLog(folder).filled(1);
        Files.writeString(
                log.onlyFile(),
                "{\"personal\":{\"requester\":{\"value\":{\"user\":\"anna\"",
                StandardOpenOption.APPEND);
        log.append("made", "x", "bob");
        assertTrue(everything().contains("anna"));
        assertEquals(1, log.erasure().ofUser("anna", Requester.UNKNOWN));
        assertFalse(everything().contains("anna"));
        assertEquals(Optional.empty(), log.broken());
    }

    @Test
    void whatIsOldIsErasedOnce() throws IOException {
        TestLog log = new TestLog(folder).filled(2);
        log.now = log.now.plus(Duration.ofDays(10));
        log.append("submitted", "young", "anna");
        assertEquals(0, log.erasure().olderThan(Duration.ofDays(11)));
        assertEquals(2, log.erasure().olderThan(Duration.ofDays(5)));
        assertEquals(0, log.erasure().olderThan(Duration.ofDays(5)));
        assertFalse(everything().contains("bob"));
        assertTrue(everything().contains("anna"));
        assertEquals(Optional.empty(), log.broken());
    }

    @Test
    void anErasureThatWasForgedIsNoChangeOfTheRecord() throws IOException {
        TestLog log = new TestLog(folder).filled(2);
        log.erasure().ofUser("anna", Requester.UNKNOWN);
        List<String> lines = log.lines();
        log.rewrite(lines.stream()
                .map(line -> line.replaceFirst(
                        "\"requester\":\\{\"cause\":\"request\",\"erased\":\"[^\"]*\"\\}",
                        "\"requester\":{\"salt\":\"00\",\"value\":{\"user\":\"bob\"}}"))
                .toList());
        assertTrue(
                log.broken().orElseThrow().contains("requester was changed"),
                log.broken().toString());
    }

    private String everything() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }
}
