package org.patchreel.impl.c2pa.cose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.c2pa.cose.CertificateProfile.Purpose;
import org.patchreel.impl.c2pa.cose.TestCertificates.Request;
import org.patchreel.impl.c2pa.status.StatusCode;

class TrustListTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    /** Signer, intermediate authority and root. */
    private static final List<X509Certificate> CHAIN =
            CERTIFICATES.issue("P-256").chain();

    private final Instant now = Instant.now();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void trustsAChainToAnAnchorWithAndWithoutTheAnchor() {
        TrustList list = new TrustList(List.of(CHAIN.get(2)));
        assertTrue(list.trusts(CHAIN, now));
        assertTrue(list.trusts(CHAIN.subList(0, 2), now));
        assertTrue(new TrustList(List.of(CHAIN.get(1))).trusts(CHAIN.subList(0, 1), now));
    }

    @Test
    void trustsNobodyElse() {
        TrustList list = new TrustList(List.of(CHAIN.get(2)));
        assertFalse(list.trusts(CHAIN.subList(0, 1), now), "the intermediate authority is missing");
        assertFalse(list.trusts(List.of(CHAIN.get(1), CHAIN.get(0)), now), "in the wrong order");
        assertFalse(list.trusts(new TestCertificates().issue("P-256").chain(), now), "of the same names");
        assertFalse(TrustList.EMPTY.trusts(CHAIN, now));
        assertFalse(list.trusts(List.of(), now));
    }

    @Test
    void asksForTheTimeOfTheSignature() {
        TrustList list = new TrustList(List.of(CHAIN.get(2)));
        assertFalse(list.trusts(CHAIN, now.plus(Duration.ofDays(400))));
        assertFalse(list.trusts(CHAIN, now.minus(Duration.ofDays(10))));
    }

    @Test
    void doesNotLetASignerIssueCertificates() throws Exception {
        TestCertificates.Issued signer = CERTIFICATES.issue("P-256");
        Request request = new Request();
        request.subject = "O=Example,CN=Example signer"; // the issuer's name too
        request.selfSigned = true;
        TestCertificates.Issued forged =
                CERTIFICATES.issue(request, new KeyPair(signer.chain().get(0).getPublicKey(), signer.key()));
        List<X509Certificate> chain = new ArrayList<>(forged.chain());
        chain.addAll(signer.chain());
        assertFalse(new TrustList(List.of(CHAIN.get(2))).trusts(chain, now));
    }

    @Test
    void readsPemFilesAndNamesTheOneThatIsNone() throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), CERTIFICATES.rootPem() + CERTIFICATES.rootPem());
        assertTrue(TrustList.read(List.of(root)).trusts(CHAIN, now));
        for (String content :
                List.of("", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
            Path file = Files.writeString(folder.resolve("bad.pem"), content);
            IOException failure = assertThrows(IOException.class, () -> TrustList.read(List.of(root, file)));
            assertTrue(failure.toString().contains("bad.pem"), failure.toString());
        }
        assertThrows(IOException.class, () -> TrustList.read(List.of(folder.resolve("none.pem"))));
    }

    private Optional<StatusCode> fault(Request request, Set<String> usages) {
        return CertificateProfile.fault(CERTIFICATES.issue(request).chain().get(0), Purpose.CLAIM, usages, now)
                .map(CertificateProfile.Fault::code);
    }

    private static Request request() {
        return new Request();
    }

    @Test
    void acceptsEveryAlgorithmOfC2pa() {
        for (String key : List.of("P-256", "P-384", "P-521", "Ed25519", "RSA-2048")) {
            Request request = request();
            request.key = key;
            assertEquals(Optional.empty(), fault(request, Set.of()), key);
        }
    }

    @Test
    void refusesCertificatesThatAreNotOfTheProfile() {
        Request any = request();
        any.purposes = List.of(TestCertificates.ANY, TestCertificates.EMAIL_PROTECTION);
        Request none = request();
        none.purposes = List.of();
        Request server = request();
        server.purposes = List.of(TestCertificates.TLS_SERVER);
        Request mixed = request();
        mixed.purposes = List.of(TestCertificates.TIME_STAMPING, TestCertificates.EMAIL_PROTECTION);
        Request noUsage = request();
        noUsage.usage = 0;
        Request issuing = request();
        issuing.usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign;
        Request authority = request();
        authority.authority = true;
        Request noIdentifier = request();
        noIdentifier.authorityKeyIdentifier = false;
        Request selfSigned = request();
        selfSigned.selfSigned = true;
        Request weak = request();
        weak.key = "RSA-1024";
        for (Request request :
                List.of(any, none, server, mixed, noUsage, issuing, authority, noIdentifier, selfSigned, weak)) {
            assertEquals(Optional.of(StatusCode.SIGNING_CREDENTIAL_INVALID), fault(request, Set.of()));
        }
        Request expired = request();
        expired.end = now.minusSeconds(1);
        assertEquals(Optional.of(StatusCode.SIGNING_CREDENTIAL_EXPIRED), fault(expired, Set.of()));
    }

    @Test
    void acceptsOtherUsagesIfTheTrustListSaysSo() {
        Request request = request();
        request.purposes = List.of(TestCertificates.CLAIM_SIGNING);
        assertEquals(Optional.of(StatusCode.SIGNING_CREDENTIAL_INVALID), fault(request, Set.of()));
        assertEquals(Optional.empty(), fault(request, Set.of(TestCertificates.CLAIM_SIGNING)));
    }
}
