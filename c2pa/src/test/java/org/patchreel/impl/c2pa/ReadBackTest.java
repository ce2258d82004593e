package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** What the embedder writes is read and validated again. The judges' tests are in integration-tests. */
class ReadBackTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestValidator nobody = new ManifestValidator(TrustList.EMPTY, Clock.systemUTC());
    private Path clip = Path.of("");

    @BeforeEach
    void sign() throws Exception {
        clip = TestClips.encode(folder.resolve("clip.mp4"));
        embed(TestClips.description(List.of()));
    }

    private EmbeddedManifest embed(ManifestDescription description) throws Exception {
        return new ManifestEmbedder(nobody, Optional.empty(), false)
                .embed(clip, description, CERTIFICATES.issue("P-256").credential());
    }

    private ManifestValidator trusting(Clock clock) throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        return new ManifestValidator(TrustList.read(List.of(root)), clock);
    }

    private static boolean says(Manifest manifest, String code) {
        return manifest.codes().stream().map(Status::code).anyMatch(code::equals);
    }

    @Test
    void isValidAndTrustedByWhoeverTrustsTheRoot() throws Exception {
        Manifest manifest = nobody.validate(clip);
        assertEquals(ManifestState.VALID, manifest.state(), manifest.toString());
        assertTrue(says(manifest, "signingCredential.untrusted"));
        assertEquals("Example signer, Example", manifest.signer());
        assertTrue(manifest.label().startsWith("urn:c2pa:"), manifest.label());
        assertEquals(List.of(new SoftBinding("org.patchreel.test", "0123456789abcdef")), manifest.softBindings());
        assertEquals(
                ManifestState.TRUSTED,
                trusting(Clock.systemUTC()).validate(clip).state());
    }

    @Test
    void isInvalidOnceTheCertificateHasExpired() throws Exception {
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofDays(400)), ZoneOffset.UTC);
        Manifest manifest = trusting(later).validate(clip);
        assertEquals(ManifestState.INVALID, manifest.state());
        assertTrue(says(manifest, "signingCredential.expired"), manifest.toString());
    }

    @Test
    void saysInPlainWordsWhoSaysWhat() throws Exception {
        List<String> statements = nobody.validate(clip).statements();
        assertTrue(
                statements.stream().allMatch(text -> text.startsWith("The signer says that ")), statements.toString());
        for (String part : List.of(
                "the file is called “A red ball”",
                "“Patchreel 0.1.0”",
                "created by a trained model",
                "2026-05-01T12:00:00",
                "the model is “starter”",
                "watermark",
                "“0123456789abcdef”")) {
            assertTrue(statements.stream().anyMatch(text -> text.contains(part)), part + " in " + statements);
        }
    }

    @Test
    void printsNothingThatControlsATerminal() throws Exception {
        clip = TestClips.encode(folder.resolve("hostile.mp4"));
        ManifestDescription plain = TestClips.description(List.of());
        embed(new ManifestDescription(
                "a\u001b[31mred\n\u202ename" + "x".repeat(900),
                plain.created(),
                plain.generatorName(),
                plain.generatorVersion(),
                plain.disclosure(),
                plain.softBinding(),
                plain.duration(),
                plain.thumbnail(),
                plain.ingredients(),
                plain.intent()));
        for (String statement : nobody.validate(clip).statements()) {
            assertFalse(statement.matches("(?s).*[\\p{Cntrl}\\p{Cf}].*"), statement);
            assertTrue(statement.length() < 300, statement);
        }
    }

    @Test
    void takesTheManifestStoreOutAndValidatesItAlone() throws Exception {
        clip = TestClips.encode(folder.resolve("another.mp4"));
        EmbeddedManifest embedded = embed(TestClips.description(List.of()));
        byte[] store = nobody.manifestStore(clip).orElseThrow();
        assertArrayEquals(embedded.store(), store);
        Manifest alone = nobody.validateStore(store);
        assertEquals(ManifestState.VALID, alone.state(), alone.toString());
        assertFalse(says(alone, "assertion.bmffHash.match"));
        assertEquals(nobody.validate(clip).statements(), alone.statements());
        store[store.length / 2] ^= 1;
        nobody.validateStore(store);
    }

    @Test
    void isInvalidAfterAChangeOfThePictures() throws Exception {
        byte[] bytes = Files.readAllBytes(clip);
        bytes[bytes.length - 1] ^= 1;
        Files.write(clip, bytes);
        Manifest manifest = nobody.validate(clip);
        assertEquals(ManifestState.INVALID, manifest.state());
        assertTrue(says(manifest, "assertion.bmffHash.mismatch"));
        assertFalse(manifest.statements().isEmpty());
    }

    @Test
    void isInvalidAfterAChangeOfWhatIsClaimed() throws Exception {
        byte[] bytes = Files.readAllBytes(clip);
        int title = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("A red ball");
        bytes[title] = 'O';
        Files.write(clip, bytes);
        Manifest manifest = nobody.validate(clip);
        assertEquals(ManifestState.INVALID, manifest.state());
        assertTrue(says(manifest, "claimSignature.mismatch"), manifest.toString());
    }

    @Test
    void findsNoManifestInOtherFiles() throws Exception {
        Path file = folder.resolve("file");
        for (byte[] content : List.of(
                new byte[0],
                new byte[1],
                "no video".getBytes(StandardCharsets.UTF_8),
                Files.readAllBytes(TestClips.encode(folder.resolve("plain.mp4"))))) {
            Files.write(file, content);
            assertEquals(Manifest.none(), nobody.validate(file));
            assertEquals(Optional.empty(), nobody.manifestStore(file));
        }
        assertThrows(IOException.class, () -> nobody.validate(folder.resolve("missing.mp4")));
        assertThrows(IOException.class, () -> nobody.validate(folder));
    }

    @Test
    void isInvalidIfTheManifestCannotBeReached() throws Exception {
        byte[] bytes = Files.readAllBytes(clip);
        bytes[1] = 1; // the first box is then longer than the file
        Files.write(clip, bytes);
        assertEquals(ManifestState.INVALID, nobody.validate(clip).state());
        Files.write(clip, Arrays.copyOf(bytes, 100));
        assertEquals(ManifestState.INVALID, nobody.validate(clip).state());
    }

    /** Every outcome is a report; the seed makes failures repeatable. */
    @Test
    void reportsWhateverIsWrong() throws Exception {
        byte[] store = nobody.manifestStore(clip).orElseThrow();
        Random random = new Random(20260501);
        for (int round = 0; round < 1000; round++) {
            byte[] damaged = store.clone();
            for (int change = random.nextInt(8); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : damaged.length;
            Manifest manifest = nobody.validateStore(Arrays.copyOf(damaged, length));
            for (Status status : manifest.codes()) {
                assertFalse(status.explanation().contains("Exception"), status.toString());
            }
        }
    }
}
