package org.patchreel.impl.signing;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.impl.signing.TestCertificates.Request;

class CertificateProfileTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    private static void assertRefused(String reason, Consumer<Request> flaw) {
        Request request = new Request();
        flaw.accept(request);
        assertRefused(reason, CERTIFICATES.issue(request).chain());
    }

    private static void assertRefused(String reason, List<X509Certificate> chain) {
        CertificateException refusal =
                assertThrows(CertificateException.class, () -> CertificateProfile.check(chain), reason);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("CN=Example signer"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521", "RSA-2048", "Ed25519"})
    void takesEveryKeyThatC2paKnows(String key) {
        assertDoesNotThrow(
                () -> CertificateProfile.check(CERTIFICATES.issue(key).chain()));
    }

    @Test
    void refusesWhatValidatorsRefuse() {
        assertRefused("has no extended key usage", request -> request.purposes = List.of());
        assertRefused("lacks claim signing", request -> request.purposes = List.of(TestCertificates.EMAIL_PROTECTION));
        assertRefused("lacks e-mail protection", request -> request.purposes = List.of(TestCertificates.CLAIM_SIGNING));
        assertRefused("lacks claim signing", request -> request.purposes = List.of(TestCertificates.TLS_SERVER));
        assertRefused(
                "includes " + TestCertificates.ANY,
                request -> request.purposes = List.of(
                        TestCertificates.CLAIM_SIGNING, TestCertificates.EMAIL_PROTECTION, TestCertificates.ANY));
        assertRefused(
                "includes " + TestCertificates.TIME_STAMPING,
                request -> request.purposes = List.of(
                        TestCertificates.CLAIM_SIGNING,
                        TestCertificates.EMAIL_PROTECTION,
                        TestCertificates.TIME_STAMPING));
        assertRefused("lacks digital signature", request -> request.usage = 0);
        assertRefused("lacks digital signature", request -> request.usage = KeyUsage.keyEncipherment);
        assertRefused(
                "includes signing certificates",
                request -> request.usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign);
        assertRefused("has no authority key identifier", request -> request.authorityKeyIdentifier = false);
        assertRefused("is the certificate of a CA", request -> request.authority = true);
        assertRefused("is self-signed", request -> request.selfSigned = true);
        assertRefused("its RSA key has 1024 bits", request -> request.key = "RSA-1024");
        assertRefused("its key is of the kind", request -> request.key = "Ed448");
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        Consumer<Request> flaws = request -> {
            request.purposes = List.of();
            request.usage = 0;
        };
        assertRefused("has no extended key usage", flaws);
        assertRefused("lacks digital signature", flaws);
    }

    @Test
    void refusesAChainWhoseLinksDoNotFit() {
        List<X509Certificate> chain = CERTIFICATES.issue("P-256").chain();
        List<X509Certificate> foreign = new TestCertificates().issue("P-256").chain();
        assertRefused("is not signed by", List.of(chain.get(0), foreign.get(1)));
        assertRefused("is not a CA", List.of(chain.get(0), foreign.get(0)));
    }
}
