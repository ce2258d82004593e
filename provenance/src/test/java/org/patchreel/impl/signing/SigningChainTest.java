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
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TestCertificates.Request;

class SigningChainTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();

    private static void assertRefused(String reason, Consumer<Request> flaw) {
        Request request = new Request();
        flaw.accept(request);
        assertRefused(reason, CERTIFICATES.issue(request).chain());
    }

    private static void assertRefused(String reason, List<X509Certificate> chain) {
        CertificateException refusal =
                assertThrows(CertificateException.class, () -> SigningChain.check(chain), reason);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("CN=Example signer"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521", "RSA-2048", "Ed25519"})
    void takesEveryKeyThatC2paKnows(String key) {
        assertDoesNotThrow(() -> SigningChain.check(CERTIFICATES.issue(key).chain()));
    }

    @Test
    void refusesWhatValidatorsRefuse() {
        assertRefused("has no extended key usage", request -> request.purposes = List.of());
        assertRefused("lacks claim signing", request -> request.purposes = List.of(TestCertificates.EMAIL_PROTECTION));
        assertRefused("lacks e-mail protection", request -> request.purposes = List.of(TestCertificates.CLAIM_SIGNING));
        assertRefused("lacks claim signing", request -> request.purposes = List.of(TestCertificates.TLS_SERVER));
        assertRefused(
                "is not one for claims",
                request -> request.purposes = List.of(
                        TestCertificates.CLAIM_SIGNING, TestCertificates.EMAIL_PROTECTION, TestCertificates.ANY));
        assertRefused(
                "is for timestamps or OCSP, and for something else",
                request -> request.purposes = List.of(
                        TestCertificates.CLAIM_SIGNING,
                        TestCertificates.EMAIL_PROTECTION,
                        TestCertificates.TIME_STAMPING));
        assertRefused("has no key usage for signatures", request -> request.usage = 0);
        assertRefused("lacks digital signature", request -> request.usage = KeyUsage.keyEncipherment);
        assertRefused(
                "may sign certificates", request -> request.usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign);
        assertRefused("has no authority key identifier", request -> request.authorityKeyIdentifier = false);
        assertRefused("is that of an authority", request -> request.authority = true);
        assertRefused("is signed by itself", request -> request.selfSigned = true);
        assertRefused("has an RSA key of 1024 bits", request -> request.key = "RSA-1024");
        assertRefused("has a key of the kind", request -> request.key = "Ed448");
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        Consumer<Request> flaws = request -> {
            request.purposes = List.of();
            request.usage = 0;
        };
        assertRefused("has no extended key usage", flaws);
        assertRefused("has no key usage for signatures", flaws);
    }

    @Test
    void refusesAChainWhoseLinksDoNotFit() {
        List<X509Certificate> chain = CERTIFICATES.issue("P-256").chain();
        List<X509Certificate> foreign = new TestCertificates().issue("P-256").chain();
        assertRefused("is not signed by", List.of(chain.get(0), foreign.get(1)));
        assertRefused("is not a CA", List.of(chain.get(0), foreign.get(0)));
    }
}
