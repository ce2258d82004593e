package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.impl.c2pa.AiDisclosure;
import org.patchreel.impl.c2pa.EmbeddedManifest;
import org.patchreel.impl.c2pa.Forger;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.signing.DevelopmentSigner;
import org.patchreel.spi.ClaimSigner;

/**
 * Attempts to make {@code verify} say that this installation made a file, with real manifests. The attacker has every file
 * that this installation ever published, and a key of their own.
 */
class VerdictAttacksTest {

    private static final String OURS = "this installation stored when it made the file";

    private static final int SEED = 21;
    private static final int FOREIGN_SEED = 23;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    private static Studio studio;
    private static StoredManifest one;
    private static Path clip;
    private static Path foreign;
    private static ClaimSigner.Credential stranger;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Path file;

    @BeforeAll
    static void publishAClip() throws Exception {
        studio = new Studio(folder);
        clip = folder.resolve("one.mp4");
        one = studio.make("one", SEED, clip);
        foreign = Studio.encode(
                folder.resolve("foreign.mp4"), Studio.frames(FOREIGN_SEED).subList(0, 13), 60);
        stranger = DevelopmentSigner.in(folder.resolve("stranger"));
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    @BeforeEach
    void rememberTheClip() throws IOException {
        file = directory.resolve("file.mp4");
        studio.store.put(one);
    }

    @Test
    void theClipItselfIsOurs() throws Exception {
        ProvenanceReport report = verify(clip, Verdict.SIGNED, Origin.THIS_INSTALLATION);
        assertTrue(report.sentence().contains(OURS + " as asset one"), report.sentence());
        assertTrue(report.recovered().get(0).manifestCarried());
    }

    @Test
    void aStrangersFileUnderACopiedLabelIsTheStrangers() throws Exception {
        EmbeddedManifest forged = signForeignFile(stranger);
        Forger.replace(file, uuid(forged.label()), uuid(one.manifestLabel()));
        byte[] store = Files.readAllBytes(file);
        assertTrue(Forger.signAgain(file, forged.store(), stranger));
        assertFalse(Arrays.equals(store, Files.readAllBytes(file)));
        ProvenanceReport report = verify(file, Verdict.SIGNED, Origin.NOT_PROVED);
        assertEquals(one.manifestLabel(), report.manifest().label(), "the attack is to succeed so far");
        assertNotOurs(report);
        assertTrue(
                report.sentence()
                        .contains("its label is that of the manifest of asset one, but it is another manifest"),
                report.sentence());
        assertEquals(List.of(), report.recovered());
    }

    @Test
    void ourOwnClaimSignedByAStrangerIsTheStrangers() throws Exception {
        Files.copy(clip, file);
        ClaimSigner.Credential other = stranger;
        // certificates differ by some bytes in length
        for (int i = 0; !Forger.signAgain(file, one.manifest(), other); i++) {
            other = DevelopmentSigner.in(directory.resolve("stranger" + i));
        }
        ProvenanceReport report = verify(file, Verdict.SIGNED, Origin.NOT_PROVED);
        assertNotOurs(report);
        assertTrue(
                report.sentence().contains("apart from the manifest, seconds 0.0 to 2.0 show asset one"),
                report.sentence());
        assertTrue(report.recovered().get(0).markFound());
        assertFalse(report.recovered().get(0).manifestCarried());
    }

    @Test
    void ourManifestWithAnAlteredClaimIsInvalid() throws Exception {
        Files.copy(clip, file);
        Forger.replace(file, "hdc:titlecone", "hdc:titlectwo");
        assertNotOurs(verify(file, Verdict.INVALID, Origin.NOT_PROVED));
    }

    @Test
    void ourManifestOverOtherPicturesIsInvalid() throws Exception {
        Files.copy(clip, file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        ProvenanceReport report = verify(file, Verdict.INVALID, Origin.NOT_PROVED);
        assertTrue(report.sentence().contains("assertion.bmffHash.mismatch"), report.sentence());
        assertNotOurs(report);
    }

    @Test
    void aStrangersSelfMadeSignatureIsValidAndProvesNoOrigin() throws Exception {
        signForeignFile(stranger);
        ProvenanceReport report = verify(file, Verdict.SIGNED, Origin.NOT_PROVED);
        assertNotOurs(report);
        assertTrue(
                report.sentence().endsWith("anybody can sign in any name, so that the origin is not proved."),
                report.sentence());
        assertFalse(report.sentence().contains("its label is that"), report.sentence());
    }

    @Test
    void aSignerOnTheTrustListIsATrustedSignerButNotThisInstallation() throws Exception {
        signForeignFile(stranger);
        Path authority = folder.resolve("stranger").resolve("development-ca.pem");
        ManifestValidator trusting =
                new ManifestValidator(TrustList.read(List.of(authority), Set.of()), Clock.systemUTC());
        ProvenanceReport report = new RecoveringVerifier(studio.watermarker, trusting, studio.store).verify(file);
        assertEquals(Origin.TRUSTED_SIGNER, report.origin(), report.sentence());
        assertNotOurs(report);
        assertFalse(report.sentence().contains("not proved"), report.sentence());
    }

    @Test
    void aClipOfWhichAnotherManifestIsStoredIsNotOurs() throws Exception {
        EmbeddedManifest other = signForeignFile(studio.credential);
        studio.store.put(new StoredManifest(
                "one", one.watermarkId(), one.manifestLabel(), other.store(), one.fingerprint(), one.created()));
        assertNotOurs(verify(clip, Verdict.SIGNED, Origin.NOT_PROVED));
    }

    @Test
    void aFileThatOurKeySignedAndNoRecordKnowsIsNotOurs() throws Exception {
        signForeignFile(studio.credential);
        assertNotOurs(verify(file, Verdict.SIGNED, Origin.NOT_PROVED));
    }

    @Test
    void aClipWhoseRecordWasDeletedIsNotOurs() throws Exception {
        studio.store.remove("one");
        ProvenanceReport report = verify(clip, Verdict.SIGNED, Origin.NOT_PROVED);
        assertNotOurs(report);
        assertEquals(List.of(), report.recovered());
    }

    @Test
    void twoRecordsUnderOneLabelAreToldApartByTheirManifests() throws Exception {
        EmbeddedManifest other = signForeignFile(studio.credential);
        studio.store.put(new StoredManifest(
                "newer",
                new byte[0],
                one.manifestLabel(),
                other.store(),
                one.fingerprint(),
                one.created().plusSeconds(60)));
        try {
            ProvenanceReport report = verify(clip, Verdict.SIGNED, Origin.THIS_INSTALLATION);
            assertEquals("one", report.recovered().get(0).assetId());
        } finally {
            studio.store.remove("newer");
        }
    }

    private static String uuid(String label) {
        return label.substring(label.lastIndexOf(':') + 1);
    }

    private EmbeddedManifest signForeignFile(ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        Files.copy(foreign, file);
        ManifestDescription description = new ManifestDescription(
                "one",
                Instant.now(),
                "Patchreel",
                "1",
                new AiDisclosure("starter"),
                Optional.empty(),
                Duration.ofMillis(500),
                Optional.empty(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
        return new ManifestEmbedder(studio.validator).embed(file, description, credential);
    }

    private static ProvenanceReport verify(Path file, Verdict verdict, Origin origin) throws IOException {
        ProvenanceReport report = studio.verifier().verify(file);
        assertEquals(
                verdict, report.verdict(), report.sentence() + report.manifest().codes());
        assertEquals(origin, report.origin(), report.sentence());
        return report;
    }

    private static void assertNotOurs(ProvenanceReport report) {
        assertFalse(report.sentence().contains(OURS), report.sentence());
        assertTrue(report.recovered().stream().noneMatch(ProvenanceReport.Recovered::manifestCarried));
    }
}
