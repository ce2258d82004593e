package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.spi.ClaimSigner;

/** Update manifests that we write; {@code UpdateJudgesTest} puts them before c2pa-rs. */
class ManifestUpdatingTest {

    private static final ManifestValidator VALIDATOR = new ManifestValidator(TrustList.EMPTY, Clock.systemUTC());
    private static final ManifestEmbedder EMBEDDER = new ManifestEmbedder(VALIDATOR);
    private static final ClaimSigner.Credential CREDENTIAL =
            new TestCertificates().issue("P-256").credential();
    static final ManifestUpdate APPROVAL = new ManifestUpdate(
            "A red ball",
            "video/mp4",
            Instant.parse("2026-05-02T08:00:00Z"),
            "Patchreel",
            "0.1.0",
            new AiDisclosure("starter", Optional.of("sha256:00"), HumanOversight.HUMAN_VALIDATED),
            Optional.empty());

    private static final String VALIDATED = "a person has looked at the result and approved it";
    private static final String GUIDED = "a person has guided the model, and nobody has approved the result";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path plain(String format) throws IOException {
        return format.equals("mp4")
                ? TestClips.encode(folder.resolve("clip.mp4"))
                : Files.write(folder.resolve("picture." + format), PictureFormat.encoded(format));
    }

    private Path signed(String format) throws Exception {
        Path file = plain(format);
        EMBEDDER.embed(file, TestClips.description(List.of()), CREDENTIAL);
        return file;
    }

    private static Manifest valid(Path file) throws IOException {
        Manifest report = VALIDATOR.validate(file);
        assertEquals(ManifestState.VALID, report.state(), report.codes().toString());
        return report;
    }

    private static Set<String> failures(Path file) throws IOException {
        return VALIDATOR.validate(file).codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                .collect(Collectors.toSet());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "jpeg", "png"})
    void anApprovalIsAddedAndTheManifestBeforeItStillHolds(String format) throws Exception {
        Path file = signed(format);
        String first = valid(file).label();
        assertTrue(valid(file).statements().contains("The signer says that " + GUIDED + "."));

        EmbeddedManifest update = EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL);

        Manifest report = valid(file);
        assertEquals(update.label(), report.label());
        assertNotEquals(first, report.label());
        assertTrue(report.statements().contains("The signer says that " + VALIDATED + "."), report.toString());
        assertTrue(
                report.statements().contains("The signer before the update says that " + GUIDED + "."),
                report.toString());
        assertEquals("0123456789abcdef", report.softBindings().get(0).value());
        assertArrayEquals(update.store(), VALIDATOR.manifestStore(file).orElseThrow());
        assertEquals(
                VALIDATOR.examine(file).active(),
                VALIDATOR.examineStore(update.store()).active());
        assertEquals(1, names().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "jpeg", "png"})
    void severalUpdatesFollowOneAnother(String format) throws Exception {
        Path file = signed(format);
        for (int round = 0; round < 3; round++) {
            EmbeddedManifest update = EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL);
            assertEquals(update.label(), valid(file).label());
        }
        assertEquals(
                3,
                valid(file).statements().stream()
                        .filter(said -> said.endsWith(VALIDATED + "."))
                        .count());
    }

    @Test
    void noByteOfAClipMovesBeforeItsEnd() throws Exception {
        Path file = signed("mp4");
        byte[] before = Files.readAllBytes(file);
        EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL);
        byte[] after = Arrays.copyOf(Files.readAllBytes(file), before.length);
        int first = Arrays.mismatch(before, after);
        assertEquals("manifest", new String(before, first, 8, StandardCharsets.US_ASCII));
        assertEquals("original", new String(after, first, 8, StandardCharsets.US_ASCII));
        assertArrayEquals(
                Arrays.copyOfRange(before, first + 8, before.length),
                Arrays.copyOfRange(after, first + 8, before.length));
    }

    @Test
    void aChangedPictureStillShows() throws Exception {
        Path file = signed("mp4");
        int last = (int) Files.size(file) - 1;
        EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL);
        byte[] bytes = Files.readAllBytes(file);
        bytes[last] ^= 1;
        Files.write(file, bytes);
        assertEquals(Set.of("signingCredential.untrusted", "assertion.bmffHash.mismatch"), failures(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "jpeg", "png"})
    void whatCarriesNoManifestIsNotUpdated(String format) throws Exception {
        Path file = plain(format);
        byte[] before = Files.readAllBytes(file);
        IOException e =
                assertThrows(IOException.class, () -> EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL));
        assertEquals(file + ": carries no manifest that could be updated", e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(1, names().size());
    }

    @Test
    void whatDoesNotHoldIsNotApproved() throws Exception {
        Path file = signed("mp4");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        IOException e =
                assertThrows(IOException.class, () -> EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL));
        assertEquals(
                file + ": its manifest does not hold: signingCredential.untrusted, assertion.bmffHash.mismatch",
                e.getMessage());
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void whatWasAppendedBehindAnUpdateIsNotHidden() throws Exception {
        Path file = signed("mp4");
        EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL);
        byte[] bytes = Files.readAllBytes(file);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 8);
        System.arraycopy(new byte[] {0, 0, 0, 8, 'f', 'r', 'e', 'e'}, 0, longer, bytes.length, 8);
        Files.write(file, longer);
        assertThrows(IOException.class, () -> EMBEDDER.update(file, label -> true, APPROVAL, CREDENTIAL));
    }
}
