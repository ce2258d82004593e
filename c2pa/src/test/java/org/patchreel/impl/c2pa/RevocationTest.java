package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.TestResponder.Signer;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TestCertificates.Issued;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** OCSP responses in manifests, of a responder that the test runs. */
class RevocationTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // start() sets it
    private TestResponder responder;

    @BeforeEach
    void start() throws IOException {
        responder = new TestResponder(CERTIFICATES);
    }

    @AfterEach
    void stop() {
        responder.close();
    }

    private static RevocationResponder client() {
        return new RevocationResponder(Duration.ofSeconds(5), InstantSource.system());
    }

    private ManifestValidator validator(Clock clock) throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem());
        return new ManifestValidator(TrustList.read(List.of(root)), clock);
    }

    private Path sign(Issued issued, boolean required) throws Exception {
        Path clip = TestClips.encode(Files.createTempFile(folder, "clip", ".mp4"));
        new ManifestEmbedder(validator(Clock.systemUTC()), client(), required)
                .embed(clip, TestClips.description(List.of()), issued.credential());
        return clip;
    }

    private static Status ocsp(Manifest manifest) {
        List<Status> found = manifest.codes().stream()
                .filter(status -> status.code().startsWith("signingCredential.ocsp."))
                .toList();
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }

    private Manifest validated(Path clip) throws IOException {
        return validator(Clock.systemUTC()).validate(clip);
    }

    @ParameterizedTest
    @EnumSource(names = {"ISSUER", "DELEGATE"})
    void aSignedClipSaysThatItsCertificateWasNotRevoked(Signer signer) throws Exception {
        responder.signer = signer;
        Manifest manifest = validated(sign(responder.issue(), true));
        assertEquals(ManifestState.TRUSTED, manifest.state(), manifest::toString);
        assertEquals("signingCredential.ocsp.notRevoked", ocsp(manifest).code());
    }

    @Test
    void aResponseIsKeptUntilANewerOneIsThere() throws Exception {
        Issued issued = responder.issue();
        RevocationResponder client = client();
        byte[] first = client.response(issued.chain());
        assertArrayEquals(first, client.response(issued.chain()));
        assertEquals(1, responder.asked.get());
        client.response(responder.issue().chain());
        assertEquals(2, responder.asked.get());
        Instant later = Instant.now().plus(Duration.ofDays(2));
        RevocationResponder tomorrow = new RevocationResponder(Duration.ofSeconds(5), () -> later);
        String old = String.valueOf(assertThrows(IOException.class, () -> tomorrow.response(issued.chain()))
                .getMessage());
        assertTrue(old.startsWith("OCSP responder " + responder.url() + ": its answer was right until "), old);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_AUTHORISED", "STRANGER"})
    void aResponseOfSomebodyElseIsNotTaken(Signer signer) throws Exception {
        responder.signer = signer;
        Issued issued = responder.issue();
        String reason = String.valueOf(
                assertThrows(IOException.class, () -> sign(issued, true)).getMessage());
        assertTrue(reason.endsWith("by nobody whom the issuer of the certificate has authorised"), reason);
        Manifest manifest = validated(sign(issued, false));
        assertEquals(ManifestState.TRUSTED, manifest.state());
        assertEquals("signingCredential.ocsp.skipped", ocsp(manifest).code());
    }

    @Test
    void nothingIsSignedWithARevokedCertificate() throws Exception {
        responder.status = TestResponder.revoked(Instant.now().minus(Duration.ofHours(1)));
        Issued issued = responder.issue();
        for (boolean required : new boolean[] {true, false}) {
            String reason = String.valueOf(assertThrows(IOException.class, () -> sign(issued, required))
                    .getMessage());
            assertTrue(reason.startsWith("the signing certificate is revoked since "), reason);
        }
    }

    @Test
    void aMissingAnswerIsAFailureOnlyIfOneIsRequired() throws Exception {
        responder.httpStatus = 500;
        Issued issued = responder.issue();
        String reason = String.valueOf(
                assertThrows(IOException.class, () -> sign(issued, true)).getMessage());
        assertEquals("OCSP responder " + responder.url() + ": answers with HTTP status 500", reason);
        assertEquals(
                "signingCredential.ocsp.skipped",
                ocsp(validated(sign(issued, false))).code());
        String unnamed = String.valueOf(assertThrows(IOException.class, () -> sign(CERTIFICATES.issue("P-256"), true))
                .getMessage());
        assertEquals("OCSP: the signing certificate names no responder", unnamed);
        responder.httpStatus = 200;
        responder.status = TestResponder.unknown();
        String unknown = String.valueOf(
                assertThrows(IOException.class, () -> sign(issued, true)).getMessage());
        assertTrue(unknown.endsWith("it does not know the signing certificate"), unknown);
    }

    /** What a signer staples who does not check it. */
    private Manifest stapled(Issued issued, byte[] response, Optional<Instant> timestamp) throws Exception {
        Path clip = TestClips.encode(Files.createTempFile(folder, "clip", ".mp4"));
        EmbeddedManifest embedded = new ManifestEmbedder(validator(Clock.systemUTC()))
                .embed(clip, TestClips.description(List.of()), issued.credential());
        byte[] store = StapledClip.store(embedded.store(), issued.credential(), response, timestamp, CERTIFICATES);
        // the file of the binding has another size of the manifest now: the store alone shows what the signature says
        return validator(Clock.systemUTC()).validateStore(store);
    }

    @Test
    void aClaimOfARevokedCertificateIsInvalidUnlessItWasSignedBefore() throws Exception {
        Issued issued = responder.issue();
        Instant revoked = Instant.now().minus(Duration.ofHours(2));
        responder.status = TestResponder.revoked(revoked);
        byte[] response = responder.response(issued);
        Manifest without = stapled(issued, response, Optional.empty());
        assertEquals("signingCredential.ocsp.revoked", ocsp(without).code());
        assertEquals(ManifestState.INVALID, without.state());
        Manifest after = stapled(issued, response, Optional.of(revoked.plus(Duration.ofHours(1))));
        assertEquals("signingCredential.ocsp.revoked", ocsp(after).code());
        Manifest before = stapled(issued, response, Optional.of(revoked.minus(Duration.ofHours(1))));
        assertEquals("signingCredential.ocsp.notRevoked", ocsp(before).code());
        assertEquals(ManifestState.TRUSTED, before.state(), before::toString);
    }

    @Test
    void aResponseThatIsUnknownOldOrOfSomethingElseProvesNothing() throws Exception {
        Issued issued = responder.issue();
        byte[] other = responder.response(responder.issue());
        responder.status = TestResponder.unknown();
        byte[] unknown = responder.response(issued);
        responder.status = CertificateStatus.GOOD;
        responder.from = Instant.now().minus(Duration.ofDays(9));
        responder.until = Optional.of(Instant.now().minus(Duration.ofDays(2)));
        byte[] old = responder.response(issued);
        responder.until = Optional.empty();
        byte[] oldWithoutEnd = responder.response(issued);
        for (byte[] response : List.of(other, old, oldWithoutEnd, new byte[] {0x30, 3, 1}, new byte[70_000])) {
            Manifest manifest = stapled(issued, response, Optional.empty());
            assertEquals("signingCredential.ocsp.skipped", ocsp(manifest).code());
            assertEquals(ManifestState.TRUSTED, manifest.state());
        }
        assertEquals(
                "signingCredential.ocsp.unknown",
                ocsp(stapled(issued, unknown, Optional.empty())).code());
        // it was right when the claim was signed
        assertEquals(
                "signingCredential.ocsp.notRevoked",
                ocsp(stapled(issued, old, Optional.of(Instant.now().minus(Duration.ofDays(3)))))
                        .code());
    }

    @Test
    void aResponseCountsAsLongAsItIsRightWithoutATimestamp() throws Exception {
        Path clip = sign(responder.issue(), true);
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofDays(2)), ZoneOffset.UTC);
        Manifest manifest = validator(later).validate(clip);
        assertEquals("signingCredential.ocsp.skipped", ocsp(manifest).code());
        assertEquals(ManifestState.TRUSTED, manifest.state());
    }
}
