package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.ClaimSigner;

class ProvenanceDiagnosticsTest {

    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

    @Test
    void namesTheSignerAndItsEnd() throws Exception {
        Finding finding = ProvenanceDiagnostics.signer(signer(Duration.ofDays(90)), NOW);
        assertEquals(Finding.good("signer", "CN=Press office, valid until 2030-04-02T03:04:05Z"), finding);
    }

    @Test
    void warnsThirtyDaysBeforeTheCertificateExpires() throws Exception {
        assertEquals(
                Finding.Urgency.NONE,
                ProvenanceDiagnostics.signer(signer(Duration.ofDays(30)), NOW).urgency());
        Finding finding =
                ProvenanceDiagnostics.signer(signer(Duration.ofDays(30).minusSeconds(1)), NOW);
        assertEquals(Finding.Urgency.SOON, finding.urgency());
        assertTrue(finding.good(), "clips are still signed");
        assertTrue(finding.remedy().contains("renew"), finding.remedy());
    }

    @Test
    void passesOnWhyTheSignerRefuses() {
        Finding finding = ProvenanceDiagnostics.signer(
                () -> {
                    throw new GeneralSecurityException("CN=Press office has expired");
                },
                NOW);
        assertEquals(Finding.Urgency.NOW, finding.urgency());
        assertEquals("CN=Press office has expired", finding.state());
    }

    @Test
    void missesWhatIsNotThere() {
        List<Finding> findings = ProvenanceDiagnostics.all(null, null, null, NOW);
        assertTrue(findings.stream().noneMatch(Finding::good), findings.toString());
        assertEquals(
                Finding.Urgency.NOW, ProvenanceDiagnostics.signer(null, NOW).urgency());
    }

    private static ClaimSigner signer(Duration left) throws GeneralSecurityException, OperatorCreationException {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        X500Principal name = new X500Principal("CN=Press office");
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(NOW.minusSeconds(1)),
                                Date.from(NOW.plus(left)),
                                name,
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder("Ed25519").build(keys.getPrivate())));
        return () -> new ClaimSigner.Credential() {
            @Override
            public ClaimSigner.SignatureAlgorithm algorithm() {
                return ClaimSigner.SignatureAlgorithm.ED25519;
            }

            @Override
            public List<X509Certificate> certificateChain() {
                return List.of(certificate);
            }

            @Override
            public byte[] sign(byte[] data) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
