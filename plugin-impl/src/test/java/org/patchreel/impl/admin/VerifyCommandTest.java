package org.patchreel.impl.admin;

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
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.impl.verify.ScriptedVerifier;

class VerifyCommandTest {

    private static final TimeRange RANGE = new TimeRange(Duration.ofMillis(500), Duration.ofMillis(2750));
    private static final Manifest INVALID = new Manifest(
            ManifestState.INVALID,
            List.of(
                    new Status("claimSignature.validated", Status.Outcome.SUCCESS, "self#x", "good"),
                    new Status(
                            "assertion.bmffHash.mismatch", Status.Outcome.FAILURE, "self#y", "other\u001b[31mbytes")),
            "urn:c2pa:1",
            "CN=Somebody",
            Optional.empty(),
            List.of("It was made by a model."),
            List.of(new SoftBinding("alg", "00ff")));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of("recovered.mp4", "sub/INVALID.MOV", "notes.txt", ".hidden/x.mp4")) {
            Files.createDirectories(folder.resolve(name).resolveSibling(""));
            Files.writeString(folder.resolve(name), "");
        }
    }

    @Test
    void printsOneFileAsJson() throws Exception {
        assertTrue(run("recovered.mp4", "--json"));
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals("recovered.mp4", json.get("file").textValue());
        assertEquals("recovered", json.get("verdict").textValue());
        assertEquals("none", json.at("/manifest/state").textValue());
        assertEquals("ours", json.at("/watermark/state").textValue());
        assertEquals("00000000000000f1", json.at("/watermark/marks/0/id").textValue());
        assertEquals("one", json.at("/recovered/assetId").textValue());
        assertEquals(0.5, json.at("/recovered/ranges/0/start").doubleValue());
        assertEquals(2.75, json.at("/recovered/ranges/0/clipEnd").doubleValue());
        assertEquals(0.9, json.at("/recovered/similarity").doubleValue());
        assertEquals("", err.toString(UTF_8));
    }

    @Test
    void tellsFailuresFromOtherFindingsInJson() throws Exception {
        assertFalse(run("sub/INVALID.MOV", "--json"));
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals("Invalid", json.at("/manifest/state").textValue());
        assertEquals(
                "[\"claimSignature.validated\",\"assertion.bmffHash.mismatch\"]",
                json.at("/manifest/codes").toString());
        assertEquals(
                "[\"assertion.bmffHash.mismatch\"]",
                json.at("/manifest/failures").toString());
        assertEquals("failure", json.at("/manifest/findings/1/outcome").textValue());
        assertTrue(json.get("recovered").isNull());
    }

    @Test
    void printsOneFileForPeopleWithoutControlCharacters() throws Exception {
        run("recovered.mp4");
        run("sub/INVALID.MOV");
        assertEquals("""
                recovered.mp4
                  verdict    recovered
                             a sentence
                  origin     this installation
                  manifest   none
                  watermark  ours, 00000000000000f1 in seconds 0.50 to 2.75
                  asset      one
                             seconds 0.50 to 2.75 are 0.50 to 2.75 of the clip
                  it says    It was made here.
                sub/INVALID.MOV
                  verdict    invalid
                             a sentence
                  origin     not proved
                  manifest   Invalid, signed by CN=Somebody
                             assertion.bmffHash.mismatch: other\ufffd[31mbytes
                  it says    It was made by a model.
                  watermark  none
                """, out.toString(UTF_8));
    }

    @Test
    void examinesTheVideosAndPicturesOfAFolder() throws Exception {
        assertFalse(run("."));
        assertEquals("""
                VERDICT    ORIGIN             MANIFEST  WATERMARK  ASSET  FILE
                recovered  this-installation  none      ours       one    FOLDER/./recovered.mp4
                invalid    not-proved         Invalid   none       -      FOLDER/./sub/INVALID.MOV
                """, out.toString(UTF_8).replace(folder.toString(), "FOLDER"));
        assertTrue(err.toString(UTF_8).contains("1 other file is left out"), err.toString(UTF_8));
        assertTrue(err.toString(UTF_8).contains("examining 2 of 2"), err.toString(UTF_8));
    }

    @Test
    void printsAFolderAsOneJsonArray() throws Exception {
        assertTrue(Files.deleteIfExists(folder.resolve("sub/INVALID.MOV")));
        assertTrue(run(folder.toString(), "--json"));
        assertEquals(1, new ObjectMapper().readTree(out.toString(UTF_8)).size());
    }

    @Test
    void examinesTheOtherFilesOfAFolderWhenOneCannotBeRead() throws Exception {
        Files.writeString(folder.resolve("a-broken.mp4"), "");
        IOException failure = assertThrows(IOException.class, () -> run("."));
        assertEquals("1 file or folder of " + folder + "/. could not be examined", failure.getMessage());
        assertEquals(3, out.toString(UTF_8).lines().count());
        assertTrue(err.toString(UTF_8).contains("a-broken.mp4 cannot be examined: disk error"), err.toString(UTF_8));
    }

    @Test
    void provesNothingByASignatureOfASignerThatNobodyKnows() throws Exception {
        for (String name : List.of("signed.mp4", "ours.mp4", "trusted.mp4")) {
            Files.writeString(folder.resolve(name), "");
        }
        assertFalse(run("signed.mp4", "--json"));
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals("signed", json.get("verdict").textValue());
        assertEquals("not-proved", json.get("origin").textValue());
        out.reset();
        assertTrue(run("trusted.mp4", "--json"));
        assertEquals(
                "trusted-signer",
                new ObjectMapper().readTree(out.toString(UTF_8)).get("origin").textValue());
        out.reset();
        assertTrue(run("ours.mp4"));
        assertTrue(out.toString(UTF_8).contains("origin     this installation"), out.toString(UTF_8));
        assertTrue(out.toString(UTF_8).contains("asset      one, whose manifest it is"), out.toString(UTF_8));
    }

    @Test
    void aFolderWithNothingToExamineProvesNothing() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Files.writeString(empty.resolve("notes.txt"), "no film");
        assertFalse(run("empty"));
        assertTrue(out.toString(UTF_8).contains("no video or picture is in"), out.toString(UTF_8));
        assertTrue(err.toString(UTF_8).contains("1 other file is left out"), err.toString(UTF_8));
    }

    @Test
    void followsLinksOnceAndLooksIntoFilesOfOtherNames() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("a.heic"), "");
        Files.writeString(elsewhere.resolve("renamed.dat"), "\0\0\0\u001cftypmp42");
        Files.writeString(elsewhere.resolve("notes.dat"), "Dear lawyer, ftyp");
        Files.createSymbolicLink(elsewhere.resolve("again"), elsewhere);
        Path top = Files.createDirectory(folder.resolve("top"));
        Files.createSymbolicLink(top.resolve("linked"), elsewhere);
        Files.createSymbolicLink(folder.resolve("link-to-top"), top);
        assertTrue(run("link-to-top"));
        assertTrue(out.toString(UTF_8).contains("link-to-top/linked/a.heic"), out.toString(UTF_8));
        assertTrue(out.toString(UTF_8).contains("link-to-top/linked/renamed.dat"), out.toString(UTF_8));
        assertEquals(3, out.toString(UTF_8).lines().count(), out.toString(UTF_8));
    }

    @Test
    void namesALinkThatLeadsNowhereAndExaminesTheRest() throws Exception {
        Files.createSymbolicLink(folder.resolve("gone.mp4"), folder.resolve("nothing"));
        assertThrows(IOException.class, () -> run("."));
        assertTrue(err.toString(UTF_8).contains("gone.mp4: a link to what does not exist"), err.toString(UTF_8));
        assertEquals(3, out.toString(UTF_8).lines().count());
    }

    @Test
    void namesAFolderThatMayNotBeReadAndGoesOn() {
        // the test may run as a user who may read everything
        FolderFiles.Search search = new FolderFiles.Search(folder);
        Path sub = folder.resolve("sub");
        assertEquals(FileVisitResult.CONTINUE, search.visitFileFailed(sub, new AccessDeniedException(sub.toString())));
        assertEquals(List.of(sub + ": may not be read"), search.found().unreadable());
    }

    @Test
    void refusesWhatIsNotARegularFileAndAnEmptyName() throws Exception {
        for (String name : List.of("/dev/null", "", " ")) {
            String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> run(name))
                    .getMessage());
            assertTrue(message.contains("not a regular file") || message.contains("names none"), message);
        }
    }

    @Test
    void nothingInANameControlsATerminalOrFakesALine() throws Exception {
        String name = "sub/INVALID\u001b[2J\u009b1m\u202e\nx.mp4\n  verdict    signed";
        Files.writeString(folder.resolve(name), "");
        run(name);
        run(name, "--json");
        run("sub");
        String shown = out.toString(UTF_8) + err.toString(UTF_8);
        assertFalse(shown.codePoints().anyMatch(each -> each == 0x1b || each == 0x9b || each == 0x202e), shown);
        assertTrue(shown.lines().noneMatch(line -> line.equals("  verdict    signed")), shown);
        String json =
                shown.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow();
        assertEquals(name, new ObjectMapper().readTree(json).get("file").textValue());
    }

    @Test
    void refusesACallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> run());
        assertThrows(IllegalArgumentException.class, () -> run("missing.mp4"));
        assertThrows(IllegalArgumentException.class, () -> run("recovered.mp4", "--fast"));
    }

    @Test
    void theMetadataOfAChineseLabelAreReported() throws IOException {
        Files.createFile(folder.resolve("labelled.mp4"));
        run("labelled.mp4");
        assertTrue(
                out.toString(UTF_8).contains("\n  AIGC       Label 1, ContentProducer Studio\n"), out.toString(UTF_8));
        out.reset();
        run("labelled.mp4", "--json");
        assertTrue(
                out.toString(UTF_8)
                        .contains("\"aigc\":{\"Label\":\"1\",\"ContentProducer\":\"Studio\",\"ReservedCode1\":\"\"}"),
                out.toString(UTF_8));
    }

    @Test
    void printsTheManifestsOfOneFileAsContentCredentials() throws IOException {
        Files.write(folder.resolve("clip.mp4"), new byte[3]);
        assertFalse(run("clip.mp4", "--crjson"));
        JsonNode document = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals(3, document.get("length").intValue());
        assertEquals(1, out.toString(UTF_8).lines().count());
        String folderRefused = String.valueOf(assertThrows(IllegalArgumentException.class, () -> run(".", "--crjson"))
                .getMessage());
        assertEquals("--crjson is for one file, and . is a folder", folderRefused);
        assertThrows(IllegalArgumentException.class, () -> run("clip.mp4", "--crjson", "--json"));
    }

    private boolean run(String... arguments) throws IOException {
        return new VerifyCommand(new ScriptedVerifier(VerifyCommandTest::report))
                .run(
                        folder,
                        Console.lines(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)),
                        arguments);
    }

    private static ProvenanceReport report(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.contains("broken")) {
            throw new IOException("disk error");
        }
        if (name.startsWith("labelled")) {
            Map<String, String> aigc = new LinkedHashMap<>();
            aigc.put("Label", "1");
            aigc.put("ContentProducer", "Studio");
            aigc.put("ReservedCode1", "");
            return new ProvenanceReport(
                    Verdict.UNKNOWN,
                    new ProvenanceReport.Conclusion("a sentence", List.of()),
                    Manifest.none(),
                    new Watermark(List.of()),
                    List.of(),
                    aigc);
        }
        if (name.contains("INVALID")) {
            return new ProvenanceReport(Verdict.INVALID, "a sentence", INVALID, new Watermark(List.of()), List.of());
        }
        if (name.startsWith("signed") || name.startsWith("ours") || name.startsWith("trusted")) {
            return new ProvenanceReport(
                    Verdict.SIGNED,
                    "a sentence",
                    new Manifest(
                            name.startsWith("trusted") ? ManifestState.TRUSTED : ManifestState.VALID,
                            List.of(),
                            "urn:c2pa:one",
                            "CN=Somebody",
                            Optional.empty(),
                            List.of(),
                            List.of()),
                    new Watermark(List.of()),
                    List.of(new Recovered(
                            "one", "urn:c2pa:one", "", name.startsWith("ours"), true, List.of(), 1, List.of())));
        }
        return new ProvenanceReport(
                Verdict.RECOVERED,
                "a sentence",
                Manifest.none(),
                new Watermark(List.of(new Mark("00000000000000f1", RANGE))),
                List.of(new Recovered(
                        "one",
                        "urn:c2pa:one",
                        "00000000000000f1",
                        false,
                        true,
                        List.of(new MatchedRange(RANGE, RANGE)),
                        0.9,
                        List.of("It was made here."))));
    }
}
