package org.patchreel.policy.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditEvent;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.SoftBindingResolver;

class AuditCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Requester OFFICER = Requester.of("officer");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path home;

    private Instant now = Instant.parse("2026-12-01T10:00:00Z");
    private FileAuditSink sink;
    private OneWithdrawnAsset store;

    /** Has the manifest of the asset. */
    private static final SoftBindingResolver MANIFESTS = new SoftBindingResolver() {
        @Override
        public List<Algorithm> supportedWatermarks() {
            return List.of();
        }

        @Override
        public List<String> manifestIds(String algorithm, byte[] value) {
            return List.of();
        }

        @Override
        public Optional<byte[]> manifestStore(String manifestId) {
            return manifestId.equals("urn:c2pa:1") ? Optional.of("the manifest".getBytes(UTF_8)) : Optional.empty();
        }

        @Override
        public Optional<byte[]> activeManifest(String manifestId) {
            return Optional.empty();
        }
    };

    @BeforeEach
    void record() throws IOException {
        sink = new FileAuditSink(
                new HomeFolder(Optional.of(home)), new Configured(Map.of()), Map.of(), "dam1", () -> now, null);
        store = new OneWithdrawnAsset(Files.createDirectory(home.resolve("evidence")));
        for (String id : List.of("A1", OneWithdrawnAsset.ID, "A3")) {
            Requester by = Requester.of(id.equals("A3") ? "bob" : "anna");
            record(
                    by,
                    id,
                    new AuditAction.Submitted(
                            "ab".repeat(32),
                            "starter",
                            Optional.of("Apache-2.0"),
                            List.of("a ball of " + id),
                            List.of()));
            record(
                    Requester.UNKNOWN,
                    id,
                    new AuditAction.Decided(AuditAction.Stage.PROMPT, "allowed", "", "", Optional.empty()));
        }
        now = now.plusSeconds(24 * 3600);
        record(OFFICER, OneWithdrawnAsset.ID, new AuditAction.Deleted());
    }

    private void record(Requester by, String subject, AuditAction action) throws IOException {
        sink.record(new AuditEvent(now, by, subject, action));
    }

    /** Says of each file what is in it. */
    private static final class SignedFiles implements ProvenanceVerifier {

        @Override
        public ProvenanceReport verify(Path file) throws IOException {
            return new ProvenanceReport(
                    ProvenanceReport.Verdict.SIGNED,
                    "It is " + Files.readString(file) + ".",
                    ProvenanceReport.Manifest.none(),
                    new ProvenanceReport.Watermark(List.of()),
                    List.of());
        }

        @Override
        public ContentCredentials contentCredentials(Path file) {
            throw new UnsupportedOperationException();
        }
    }

    private String run(String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new AuditCommand(sink, store, new SignedFiles(), MANIFESTS)
                    .run(home, OFFICER, new PrintStream(out, true, UTF_8), arguments);
        } finally {
            printed = out.toString(UTF_8);
        }
        return printed;
    }

    private String printed = "";

    private static String refusal(org.junit.jupiter.api.function.Executable call) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void verifyPrintsTheHeadThatItTakesAgain() throws IOException {
        String head = run("verify")
                .lines()
                .filter(line -> line.startsWith("head"))
                .findFirst()
                .orElseThrow()
                .substring(10);
        assertTrue(run("verify", "--head", head).contains("whole: each record is as it was written"), printed);
        JsonNode json = JSON.readTree(run("verify", "--json"));
        assertTrue(json.get("whole").booleanValue());
        assertEquals(7, json.get("records").intValue());
        assertEquals(
                head, json.at("/head/sequence") + ":" + json.at("/head/hash").textValue());
    }

    @Test
    void verifyNamesTheFirstBrokenPlaceAndFails() throws IOException {
        Path first = sink.folder().files().get(0);
        Files.writeString(
                first, Files.readString(first).replaceFirst("\"outcome\":\"allowed\"", "\"outcome\":\"refused\""));
        IOException e = assertThrows(IOException.class, () -> run("verify", "--json"));
        assertTrue(
                String.valueOf(e.getMessage())
                        .startsWith("the audit log is broken: 000000000001-2026-12-01.jsonl, line 3"),
                e.toString());
        JsonNode json = JSON.readTree(printed);
        assertFalse(json.get("whole").booleanValue());
        assertEquals(3, json.at("/broken/line").intValue());
    }

    @Test
    void listsTheRecordsOfAUserOfAJobAndSinceADay() throws IOException {
        assertEquals(7, run("list").lines().count());
        assertEquals(2, run("list", "--user", "anna").lines().count());
        assertEquals(3, run("list", "--job", OneWithdrawnAsset.ID).lines().count());
        assertEquals(1, run("list", "--since", "2026-12-02").lines().count());
        assertEquals(
                1,
                run("list", "--since=2026-12-01T23:00:00Z", "--user=officer")
                        .lines()
                        .count());
        assertTrue(printed.contains("deleted"), printed);
        JsonNode json = JSON.readTree(run("list", "--user", "bob", "--json"));
        assertEquals(1, json.size());
        assertEquals("A3", json.at("/0/subject").textValue());
        assertEquals(0, JSON.readTree(run("list", "--job", "none", "--json")).size());
        assertEquals("nothing is recorded that is asked for\n", run("list", "--job", "none"));
    }

    @Test
    void mistakesAreNamed() {
        assertEquals(
                "the action is missing, expected verify, list, export or erase; --help shows how",
                refusal(() -> run()));
        assertTrue(refusal(() -> run("prove")).startsWith("unknown action: prove"));
        assertTrue(refusal(() -> run("list", "--since", "yesterday")).startsWith("--since must be a day"));
        assertTrue(refusal(() -> run("verify", "--head", "7")).startsWith("--head must be SEQUENCE:HASH"));
        assertEquals("audit verify takes no option --user", refusal(() -> run("verify", "--user", "x")));
        assertEquals("option --user needs a value", refusal(() -> run("erase", "--user")));
        assertEquals("--user is missing; --help shows how", refusal(() -> run("erase")));
        assertTrue(refusal(() -> run("list", "--what")).startsWith("unknown option --what"));
        assertEquals("unexpected: more", refusal(() -> run("verify", "more")));
    }

    @Test
    void erasesWhatWasRecordedOfAPerson() throws IOException {
        assertEquals("erased in 2 records\n", run("erase", "--user", "anna"));
        assertEquals("nothing is recorded of that person\n", run("erase", "--user", "anna"));
        assertEquals("nothing is recorded that is asked for\n", run("list", "--user", "anna"));
        assertTrue(run("verify").contains("records   8, 2 erased"), printed);
    }

    @Test
    void exportsTheEvidenceOfAWithdrawnAssetWithAProofThatOthersCanCheck() throws IOException {
        String id = OneWithdrawnAsset.ID;
        run("export", id, "--out", "evidence.zip");
        Map<String, String> files = unzip(home.resolve("evidence.zip"));
        assertEquals(
                List.of(
                        "README.txt",
                        "chain.txt",
                        "manifest.c2pa",
                        "metadata.json",
                        "records.jsonl",
                        "verification.json",
                        "verify.json"),
                List.copyOf(files.keySet()));
        assertEquals("the manifest", files.get("manifest.c2pa"));
        assertEquals(
                "It is the clip.",
                JSON.readTree(files.get("verify.json")).get("sentence").textValue());
        assertEquals(
                CanonicalJson.sha256("the clip"),
                JSON.readTree(files.get("verify.json")).get("sha256").textValue());
        assertEquals(id, JSON.readTree(files.get("metadata.json")).get("id").textValue());
        List<JsonNode> records = records(files);
        assertEquals(
                List.of("submitted", "decided", "deleted", "audit-exported"),
                records.stream().map(record -> record.get("type").textValue()).toList());
        assertEquals(
                JSON.readTree(files.get("verification.json")).at("/head/hash").textValue(), lastHash(files, records));
        String readme = String.valueOf(files.get("README.txt"));
        assertTrue(readme.contains("Nothing is missing."), readme);
        assertFalse(String.join("", files.values()).contains("a ball of A3"));
        assertFalse(String.join("", files.values()).contains("bob"));
    }

    /** Follows the README: recomputes the chain from the contents, and checks that each record has its content there. */
    private static String lastHash(Map<String, String> files, List<JsonNode> records) throws IOException {
        List<String> proof = String.valueOf(files.get("chain.txt")).lines().toList();
        String hash = proof.get(0);
        Map<Long, String> contents = new TreeMap<>();
        Map<Long, String> before = new TreeMap<>();
        for (String line : proof.subList(1, proof.size())) {
            int space = line.indexOf(' ');
            long sequence = Long.parseLong(line.substring(0, space));
            contents.put(sequence, line.substring(space + 1));
            before.put(sequence, hash);
            hash = CanonicalJson.sha256(hash + line.substring(space + 1));
        }
        for (JsonNode record : records) {
            long sequence = record.get("sequence").longValue();
            assertEquals(before.get(sequence), record.get("previous").textValue());
            var content = ((com.fasterxml.jackson.databind.node.ObjectNode) record.deepCopy())
                    .without(List.of("previous", "personal"));
            assertEquals(contents.get(sequence), CanonicalJson.sha256(CanonicalJson.write(content)));
        }
        return hash;
    }

    private static List<JsonNode> records(Map<String, String> files) {
        return String.valueOf(files.get("records.jsonl"))
                .lines()
                .map(line -> AuditRecord.parse(line).json())
                .map(JsonNode.class::cast)
                .toList();
    }

    @Test
    void exportSaysWhatIsMissingAndOverwritesNothing() throws IOException {
        run("export", "A1", "--out", "evidence.zip", "--json");
        JsonNode json = JSON.readTree(printed);
        assertEquals(2, json.get("missing").size(), json.toString());
        assertTrue(String.valueOf(unzip(home.resolve("evidence.zip")).get("README.txt"))
                .contains("Missing:\n- metadata.json"));
        assertTrue(refusal(() -> run("export", "A1", "--out", "evidence.zip")).endsWith("is there already"));
        assertTrue(refusal(() -> run("export", "NONE", "--out", "none.zip")).startsWith("nothing is recorded of NONE"));
        assertTrue(refusal(() -> run("export", "../x", "--out", "none.zip")).startsWith("no ID of a job"));
        assertThrows(IOException.class, () -> run("export", "A1", "--out", "nowhere/none.zip"));
        try (var left = Files.list(home)) {
            assertEquals(
                    List.of("audit", "evidence", "evidence.zip"),
                    left.map(path -> String.valueOf(path.getFileName()))
                            .sorted()
                            .toList());
        }
    }

    private static Map<String, String> unzip(Path file) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        return files;
    }
}
