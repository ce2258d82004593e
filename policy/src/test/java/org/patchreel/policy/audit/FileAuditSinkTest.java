package org.patchreel.policy.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Requester;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditEvent;
import org.patchreel.spi.HomeFolder;

class FileAuditSinkTest {

    private static final Requester ANNA =
            new Requester(Optional.of("anna"), Set.of("press", "editors"), Optional.of("spring"), Optional.empty());
    private static final AuditAction SUBMITTED = new AuditAction.Submitted(
            "ab".repeat(32),
            "starter",
            Optional.of("Apache-2.0"),
            List.of("a red ball"),
            List.of("cd".repeat(32) + " 01JD"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path home;

    private Instant now = Instant.parse("2026-12-01T10:00:00Z");

    private FileAuditSink sink(Map<String, Object> properties) {
        return new FileAuditSink(
                new HomeFolder(Optional.of(home)), new Configured(properties), properties, "dam1", () -> now, null);
    }

    private AuditEvent event(AuditAction action) {
        return new AuditEvent(now, ANNA, "01JE", action);
    }

    private List<String> lines() throws IOException {
        return new TestLog(home.resolve("audit")).lines();
    }

    private AuditRecord onlyRecord() throws IOException {
        List<String> lines = lines();
        assertEquals(1, lines.size());
        return AuditRecord.parse(lines.get(0));
    }

    @Test
    void recordsWhoWhenWhereAndWhatWithTheDigestOfThePrompt() throws IOException {
        sink(Map.of()).record(event(SUBMITTED));
        AuditRecord record = onlyRecord();
        assertEquals("submitted", record.type());
        assertEquals("01JE", record.subject());
        assertEquals(now, record.instant());
        assertEquals("dam1", record.json().get("host").textValue());
        assertEquals("starter", record.facts().get("model").textValue());
        assertEquals("Apache-2.0", record.facts().get("licence").textValue());
        assertEquals(
                "{\"groups\":[\"editors\",\"press\"],\"project\":\"spring\",\"user\":\"anna\"}",
                CanonicalJson.write(record.personal("requester").orElseThrow()));
        assertEquals(
                "[\"" + CanonicalJson.sha256("a red ball") + "\"]",
                CanonicalJson.write(record.personal("promptSha256").orElseThrow()));
        assertFalse(lines().get(0).contains("red ball"));
    }

    @Test
    void keepsTheTextOfPromptsIfThatIsConfigured() throws IOException {
        sink(Map.of("prompts", "text")).record(event(SUBMITTED));
        assertEquals(
                "[\"a red ball\"]",
                CanonicalJson.write(onlyRecord().personal("prompts").orElseThrow()));
    }

    @Test
    void ofTextsThatAreTooLongTheDigestIsKept() throws IOException {
        String endless = "x".repeat(300_000);
        sink(Map.of("prompts", "text"))
                .record(event(new AuditAction.Submitted(
                        "ab".repeat(32), "starter", Optional.of("Apache-2.0"), List.of(endless), List.of())));
        assertTrue(onlyRecord().personal("promptSha256").isPresent());
    }

    @Test
    void twoSubmissionsOfOnePromptHaveOtherCommitments() throws IOException {
        FileAuditSink sink = sink(Map.of());
        sink.record(event(SUBMITTED));
        sink.record(event(SUBMITTED));
        List<String> commitments = lines().stream()
                .map(line -> AuditRecord.parse(line)
                        .json()
                        .at("/commitments/requester")
                        .textValue())
                .distinct()
                .toList();
        assertEquals(2, commitments.size());
    }

    @Test
    void whatIsSwitchedOffWritesNothing() throws IOException {
        FileAuditSink sink = sink(Map.of("enabled", false));
        sink.record(event(SUBMITTED));
        assertFalse(Files.exists(home.resolve("audit")));
        assertEquals(Optional.empty(), sink.verify(List.of()).broken());
        assertFalse(Files.exists(home.resolve("audit")));
    }

    @Test
    void aFolderThatCannotBeWrittenIsAProblemUntilItCan() throws IOException {
        Path audit = Files.writeString(home.resolve("audit"), "a file");
        FileAuditSink sink = sink(Map.of());
        assertThrows(IOException.class, () -> sink.record(event(SUBMITTED)));
        assertTrue(sink.problem().orElseThrow().description().startsWith("the last event was not recorded: "));
        Files.delete(audit);
        sink.record(event(SUBMITTED));
        assertEquals(Optional.empty(), sink.problem());
    }

    @Test
    void wrongConfigurationsAreRefusedByKeyAndValue() {
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                        "folder", " ", "prompts", "all", "retention", -1, "max.size", 0)
                .entrySet()) {
            String line = sink(Map.of(wrong.getKey(), wrong.getValue()))
                    .problem()
                    .orElseThrow()
                    .line();
            assertTrue(line.contains(wrong.getKey() + " = " + wrong.getValue()), line);
        }
        assertThrows(IOException.class, () -> sink(Map.of("retention", -1)).record(event(SUBMITTED)));
    }

    @Test
    void theFirstRecordOfADayErasesWhatIsOlderThanConfigured() throws IOException {
        FileAuditSink sink = sink(Map.of("retention", 30));
        sink.record(event(SUBMITTED));
        now = now.plus(Duration.ofDays(29));
        sink.record(event(SUBMITTED));
        assertTrue(AuditRecord.parse(lines().get(0)).hasPersonal());
        now = now.plus(Duration.ofDays(2));
        sink.record(event(SUBMITTED));
        assertFalse(AuditRecord.parse(lines().get(0)).hasPersonal());
        assertTrue(AuditRecord.parse(lines().get(1)).hasPersonal());
        AuditChain.Verification found = sink.verify(List.of());
        assertEquals(Optional.empty(), found.broken());
        assertEquals(1, found.erased());
        assertEquals(4, found.records());
    }

    @Test
    void twoHostsOnOneFolderWriteOneChain() throws IOException {
        FileAuditSink one = sink(Map.of());
        FileAuditSink other = sink(Map.of());
        for (int i = 0; i < 5; i++) {
            one.record(event(SUBMITTED));
            other.record(event(SUBMITTED));
        }
        assertEquals(10, one.verify(List.of()).records());
        assertEquals(Optional.empty(), other.verify(List.of()).broken());
    }
}
