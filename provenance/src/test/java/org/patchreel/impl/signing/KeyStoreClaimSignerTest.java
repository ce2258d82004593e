package org.patchreel.impl.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TestCertificates.Issued;
import org.patchreel.impl.c2pa.cose.TestCertificates.Request;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

class KeyStoreClaimSignerTest {
    private static final TestCertificates CERTIFICATES = new TestCertificates();
    private static final String PASSWORD = "correct horse";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path file() {
        return folder.resolve("claims.p12");
    }

    private KeyStoreClaimSigner signer(Issued issued, Instant now) throws IOException {
        issued.keystore(file(), PASSWORD);
        return new KeyStoreClaimSigner(new Pkcs12File(file(), "", PASSWORD), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static String refusal(KeyStoreClaimSigner signer) {
        return String.valueOf(
                assertThrows(GeneralSecurityException.class, signer::credential).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "P-256, ES256, SHA256withECDSAinP1363Format, 64",
        "P-384, ES384, SHA384withECDSAinP1363Format, 96",
        "P-521, ES512, SHA512withECDSAinP1363Format, 132",
        "RSA-2048, PS256, RSASSA-PSS, 256",
        "Ed25519, ED25519, Ed25519, 64"
    })
    void signsWithTheAlgorithmOfItsKey(String key, SignatureAlgorithm algorithm, String verification, int length)
            throws IOException, GeneralSecurityException {
        ClaimSigner.Credential credential =
                signer(CERTIFICATES.issue(key), Instant.now()).credential();
        byte[] data = "a claim".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] signature = credential.sign(data);
        assertEquals(algorithm, credential.algorithm());
        assertEquals(length, signature.length);
        Signature verifier = Signature.getInstance(verification);
        if (algorithm == SignatureAlgorithm.PS256) {
            verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        verifier.initVerify(credential.certificateChain().get(0));
        verifier.update(data);
        assertTrue(verifier.verify(signature));
    }

    @Test
    void leavesTheRootOut() throws IOException, GeneralSecurityException {
        Issued issued = CERTIFICATES.issue("P-256");
        assertEquals(
                issued.chain().subList(0, 2),
                signer(issued, Instant.now()).credential().certificateChain());
    }

    @Test
    void takesAReplacedKeyForTheNextClaim() throws IOException, GeneralSecurityException {
        KeyStoreClaimSigner signer = signer(CERTIFICATES.issue("P-256"), Instant.now());
        assertEquals(SignatureAlgorithm.ES256, signer.credential().algorithm());
        CERTIFICATES.issue("P-384").keystore(file(), PASSWORD);
        assertEquals(SignatureAlgorithm.ES384, signer.credential().algorithm());
    }

    @Test
    void refusesToSignOutsideOfTheValidity() throws IOException, GeneralSecurityException {
        Request request = new Request();
        request.start = Instant.parse("2026-03-01T00:00:00Z");
        request.end = Instant.parse("2026-06-01T00:00:00Z");
        Issued issued = CERTIFICATES.issue(request);
        assertTrue(refusal(signer(issued, request.start.minusSeconds(1))).contains("is not valid before 2026-03-01"));
        signer(issued, request.start).credential();
        signer(issued, request.end).credential();
        assertTrue(refusal(signer(issued, request.end.plusSeconds(1))).contains("has expired at 2026-06-01"));
    }

    @Test
    void saysWhatIsWrongWithTheKeystore() throws IOException {
        KeyStoreClaimSigner signer = signer(CERTIFICATES.issue("P-256"), Instant.now());
        CERTIFICATES.issue("P-256").keystore(file(), "another");
        assertEquals(file() + ": wrong password", refusal(signer));
        Files.writeString(file(), "no keystore");
        assertTrue(refusal(signer).startsWith(file() + ": no PKCS#12 keystore"));
        Files.write(file(), new byte[(1 << 20) + 1]);
        assertTrue(refusal(signer).contains("more than 1048576 bytes"));
        Files.delete(file());
        assertEquals(file() + ": no such keystore", refusal(signer));
    }

    @Test
    void saysWhatIsWrongWithTheEntry() throws IOException {
        Request request = new Request();
        request.purposes = java.util.List.of();
        KeyStoreClaimSigner unfit = signer(CERTIFICATES.issue(request), Instant.now());
        assertTrue(refusal(unfit).startsWith(file() + ": the certificate of"));
        KeyStoreClaimSigner missing =
                new KeyStoreClaimSigner(new Pkcs12File(file(), "other", PASSWORD), Clock.systemUTC());
        assertTrue(refusal(missing).contains("under the alias other; there are [claims]"));
    }

    @Test
    void isConfiguredByPathOrLibraryButNotBoth() throws IOException, GeneralSecurityException {
        CERTIFICATES.issue("P-256").keystore(file(), PASSWORD);
        KeyStoreClaimSigner signer = configured(new Configured("claims.p12", "", "", PASSWORD));
        assertEquals(SignatureAlgorithm.ES256, signer.credential().algorithm());
        KeyStoreClaimSigner both = configured(new Configured("a.p12", "b.so", "", ""));
        assertEquals(
                "org.patchreel.signing: both keystore.path and pkcs11.library are configured, one has to be empty",
                refusal(both));
        KeyStoreClaimSigner library = configured(new Configured("", "b.so", "", ""));
        assertEquals(folder.resolve("b.so") + ": no such PKCS#11 library", refusal(library));
    }

    @Test
    void makesACertificateForDevelopmentWithoutConfiguration() throws GeneralSecurityException {
        KeyStoreClaimSigner signer = configured(new Configured("", "", "", ""));
        assertEquals(SignatureAlgorithm.ES256, signer.credential().algorithm());
        assertTrue(Files.isRegularFile(folder.resolve("secrets/development.p12")));
        String subject = signer.credential()
                .certificateChain()
                .get(0)
                .getSubjectX500Principal()
                .toString();
        assertTrue(subject.toLowerCase(Locale.ROOT).contains("development, not trusted"), subject);
    }

    @Test
    void keepsTheCertificateForDevelopmentWhereItIsConfigured() throws GeneralSecurityException {
        KeyStoreClaimSigner signer = configured(new Configured("", "", "keys", ""));
        assertEquals(SignatureAlgorithm.ES256, signer.credential().algorithm());
        assertTrue(Files.isRegularFile(folder.resolve("keys/development.p12")));
        assertTrue(Files.notExists(folder.resolve("secrets")));
    }

    @Test
    void aConfigurationThatCannotBeUsedLeavesNoKeyAtAll() throws IOException, GeneralSecurityException {
        CERTIFICATES.issue("P-256").keystore(file(), PASSWORD);
        KeyStoreClaimSigner signer = configured(new Configured("claims.p12", "", "", PASSWORD));
        signer.credential();
        Configured wrong = new Configured("claims\0.p12", "", "", PASSWORD);
        signer.modified(context(), wrong, Map.of("keystore.path", "claims?.p12"));
        assertEquals(
                "org.patchreel.signing: keystore.path = claims?.p12, expected a path: Nul character not allowed",
                refusal(signer));
    }

    private KeyStoreClaimSigner configured(Configured config) {
        return new KeyStoreClaimSigner(context(), config, Map.of());
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getProperty") ? folder.toString() : null);
    }

    private record Configured(String keystore_path, String pkcs11_library, String secrets, String _password)
            implements KeyStoreClaimSigner.Config {
        @Override
        public String pkcs11_slot() {
            return "";
        }

        @Override
        public String alias() {
            return "";
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return KeyStoreClaimSigner.Config.class;
        }
    }
}
