package org.patchreel.impl.c2pa;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.c2pa.TestAuthority.Behaviour;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.status.StatusLog;
import org.patchreel.spi.ClaimSigner;

/** Somebody has the key of a certificate that was trusted and has expired, and an authority for timestamps of their own. */
class BackdatedClaimTest {
    private static final byte[] CLAIM = "a claim of version 1".getBytes(UTF_8);

    private final TestCertificates trusted = new TestCertificates();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void aTimestampOfAnybodyMakesNoExpiredCredentialTrusted() throws Exception {
        Set<String> codes = codes(new TestCertificates());
        assertFalse(codes.contains("signingCredential.trusted"), codes.toString());
        assertTrue(codes.contains("signingCredential.untrusted"), codes.toString());
        assertTrue(codes.contains("claimSignature.insideValidity"), "as c2pa-rs has it: " + codes);
    }

    @Test
    void aTimestampOfATrustedAuthorityDoes() throws Exception {
        Set<String> codes = codes(trusted);
        assertTrue(codes.contains("signingCredential.trusted"), codes.toString());
    }

    private Set<String> codes(TestCertificates ofAuthority) throws Exception {
        TestCertificates.Request request = new TestCertificates.Request();
        request.start = now.minus(Duration.ofDays(90));
        request.end = now.minus(Duration.ofDays(30));
        ClaimSigner.Credential credential = trusted.issue(request).credential();
        CoseSign1Writer cose = new CoseSign1Writer(
                credential.algorithm(), credential.certificateChain(), TimestampAuthority.MAX_TOKEN);
        byte[] signature = credential.sign(cose.toBeSigned(CLAIM));
        byte[] signed;
        try (TestAuthority authority = new TestAuthority(Behaviour.GOOD, ofAuthority, now.minus(Duration.ofDays(60)))) {
            signed = cose.write(
                    signature,
                    Optional.of(authority
                            .client()
                            .stamp(cose.toBeTimestamped(signature))
                            .token()));
        }
        Path root = Files.writeString(folder.resolve("root.pem"), trusted.rootPem());
        StatusLog log = new StatusLog();
        Optional<Instant> time = ClaimSignature.read(ByteBuffer.wrap(signed))
                .verify(ByteBuffer.wrap(CLAIM), "self#x", TrustList.read(List.of(root), Set.of()), false, now, log);
        assertEquals(ofAuthority == trusted, time.isPresent(), "a time is only reported if it is proved");
        return log.entries().stream().map(entry -> entry.code().label()).collect(Collectors.toSet());
    }
}
