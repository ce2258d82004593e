package org.patchreel.impl.c2pa.cose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedEntitiesTest {
    private static final List<X509Certificate> CHAIN =
            new TestCertificates().issue("P-256").chain();
    private static final List<X509Certificate> OTHER_CHAIN =
            new TestCertificates().issue("P-256").chain();
    private static final String TRUSTED = "http://c2pa.org/conformance/trust-list/trusted";
    private static final String UNTRUSTED = "http://c2pa.org/conformance/trust-list/untrusted";

    private final Instant now = Instant.now();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static String service(X509Certificate certificate, String status) throws CertificateEncodingException {
        return """
                {"ServiceInformation": {
                  "ServiceName": [{"lang": "en", "value": "Example"}],
                  "ServiceDigitalIdentity": {"X509Certificates": [{"val": "%s"}]},
                  "ServiceStatus": "%s", "StatusStartingTime": "2026-01-01T00:00:00Z"}}""".formatted(Base64.getEncoder().encodeToString(certificate.getEncoded()), status);
    }

    private Path list(String nextUpdate, String... services) throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "list", ".json"), """
                {"LoTE": {
                  "ListAndSchemeInformation": {
                    "LoTEVersionIdentifier": 1, "LoTESequenceNumber": 1,
                    "SchemeOperatorName": [{"lang": "en", "value": "Test"}],
                    "ListIssueDateTime": "2026-01-01T00:00:00Z", "NextUpdate": "%s"},
                  "TrustedEntitiesList": [
                    {"TrustedEntityInformation": {"TEName": [{"lang": "en", "value": "Example"}]},
                     "TrustedEntityServices": [%s]}]}}""".formatted(nextUpdate, String.join(", ", services)));
    }

    private TrustList read(Path list) throws IOException {
        return TrustList.read(List.of(list));
    }

    @Test
    void theCertificatesOfTrustedServicesAreAnchors() throws Exception {
        TrustList trust = read(
                list("2099-01-01T00:00:00Z", service(OTHER_CHAIN.get(2), TRUSTED), service(CHAIN.get(2), TRUSTED)));
        assertTrue(trust.trusts(CHAIN, now));
        assertTrue(trust.trusts(OTHER_CHAIN, now));
        assertFalse(trust.trusts(new TestCertificates().issue("P-256").chain(), now));
    }

    @Test
    void aCertificateThatWasWithdrawnIsInNoTrustedChain() throws Exception {
        TrustList trust =
                read(list("2099-01-01T00:00:00Z", service(CHAIN.get(2), TRUSTED), service(CHAIN.get(1), UNTRUSTED)));
        assertFalse(trust.trusts(CHAIN, now));
        assertFalse(trust.trusts(CHAIN.subList(0, 2), now));
        IOException nobody = assertThrows(
                IOException.class, () -> read(list("2099-01-01T00:00:00Z", service(CHAIN.get(2), UNTRUSTED))));
        assertTrue(String.valueOf(nobody.getMessage()).endsWith(": no trusted certificate in it"), nobody::getMessage);
    }

    @Test
    void anOldListStillCountsAndListsMayStandBesidePem() throws Exception {
        Path old = list("2026-02-01T00:00:00Z", service(CHAIN.get(1), TRUSTED));
        TestCertificates others = new TestCertificates();
        Path pem = Files.writeString(folder.resolve("root.pem"), others.rootPem());
        TrustList trust = TrustList.read(List.of(old, pem));
        assertTrue(trust.trusts(CHAIN.subList(0, 1), now));
        assertTrue(trust.trusts(others.issue("P-256").chain(), now));
    }

    @Test
    void authoritiesForTimestampsAreThoseOfTheirOwnListIfThereIsOne() throws Exception {
        Path signers = list("2099-01-01T00:00:00Z", service(CHAIN.get(2), TRUSTED));
        Path authorities = list("2099-01-01T00:00:00Z", service(OTHER_CHAIN.get(2), TRUSTED));
        TrustList two = TrustList.read(List.of(signers), List.of(authorities), Set.of());
        assertTrue(two.trusts(CHAIN, now));
        assertFalse(two.trusts(OTHER_CHAIN, now));
        assertTrue(two.trustsTimestamp(OTHER_CHAIN, now));
        assertFalse(two.trustsTimestamp(CHAIN, now));
        TrustList one = read(signers);
        assertTrue(one.trusts(CHAIN, now));
        assertTrue(one.trustsTimestamp(CHAIN, now));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"LoTE":                                                     | not JSON: Unexpected end-of-input
            {"LoTE": {}}                                                 | LoTE.TrustedEntitiesList is missing
            {"LoTE": {"TrustedEntitiesList": [{}]}}                      | LoTE.TrustedEntitiesList[0].TrustedEntityServices is missing
            {"LoTE": {"TrustedEntitiesList": [{"TrustedEntityServices": [{}]}]}} | TrustedEntityServices[0].ServiceInformation.ServiceDigitalIdentity.X509Certificates is missing
            {"LoTE": {"TrustedEntitiesList": [{"TrustedEntityServices": [{"ServiceInformation": {"ServiceDigitalIdentity": {"X509Certificates": [{"val": "MA=="}]}}}]}]}} | X509Certificates[0].val is no certificate in Base64
            {"LoTE": {"ListAndSchemeInformation": {"NextUpdate": "soon"}, "TrustedEntitiesList": []}} | NextUpdate is “soon”, expected a time
            {"LoTE": {"TrustedEntitiesList": []}}                        | no trusted certificate in it
            """)
    void whatIsWrongIsNamedWithTheFile(String content, String fault) throws IOException {
        Path file = Files.writeString(folder.resolve("trust.json"), content);
        String message =
                String.valueOf(assertThrows(IOException.class, () -> read(file)).getMessage());
        assertTrue(message.startsWith(file + ": "), message);
        assertTrue(message.contains(fault), message);
    }

    @Test
    void aFileOfAnySizeIsNotReadToItsEnd() throws IOException {
        Path file = folder.resolve("large.json");
        Files.write(file, new byte[(16 << 20) + 1]);
        assertEquals(
                file + ": more than 16777216 bytes",
                assertThrows(IOException.class, () -> read(file)).getMessage());
    }
}
